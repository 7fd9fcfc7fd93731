"""Which earlier wall, and which route, a new climb is on."""
