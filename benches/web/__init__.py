"""How fast the client starts, and how good Lighthouse finds it: `make bench-web`."""
