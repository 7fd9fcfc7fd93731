"""The commands of the terminal that need the platform."""
