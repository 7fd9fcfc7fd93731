"""Logins: opened, kept alive, seen, ended; and how often somebody may try."""
