"""Phones in the local network: which address they come to, what they have to trust, how they learn it."""
