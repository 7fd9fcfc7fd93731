"""Invitations: who may make an account where sign-up is not open."""
