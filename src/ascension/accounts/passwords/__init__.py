"""Passwords: which are taken, how one is changed, how a forgotten one is replaced."""
