"""Arithmetic on poses: arrays in, arrays out; no file, no network, no logging."""
