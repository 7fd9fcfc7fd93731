"""Ascension: film a climb, see what the body did."""

__version__ = "0.1.0"
