"""A letter to whoever wants one when an analysis has ended."""
