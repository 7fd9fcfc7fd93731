"""Numbers about an attempt, each a value or the reason why there is none."""
