"""The operator's view: alive, ready, figures."""
