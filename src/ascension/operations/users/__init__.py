"""Everybody's role and plan, for admins."""
