"""The tests of the product: real engines, fakes only on the wire."""
