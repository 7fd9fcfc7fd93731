"""Rendered climbs with exact truth, and the comparison of an analysis with it. Not part of the product."""
