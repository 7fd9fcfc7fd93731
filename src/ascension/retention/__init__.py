"""What is kept and what goes: accounts erased for good, objects and rows that do not match."""
