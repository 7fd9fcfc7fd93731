"""The cage of a compute child: what it may open, ask for and use up (docs/decisions/0021-sandbox.md)."""
