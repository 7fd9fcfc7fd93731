"""Staging, rehearsed: whole hosts with an operating system of their own, on one machine."""
