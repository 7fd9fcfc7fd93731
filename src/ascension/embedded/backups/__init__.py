"""A platform in one file: what goes in, how it is written and read, who was erased since."""
