"""Accounts to be erased on a day, that can be kept until then. Meanwhile nobody gets in or sees anything.

What makes one and what follows is in `retention/`: it is more than accounts.
"""
