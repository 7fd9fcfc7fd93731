"""Broken videos without end through the real compute child in its cage: `make fuzz-gate`."""
