"""How many workers a number of users needs, how long they wait, what it costs: arithmetic, no services."""
