"""Coaches: whom a climber lets look at all their analyses."""
