"""Everybody's jobs, for operators."""
