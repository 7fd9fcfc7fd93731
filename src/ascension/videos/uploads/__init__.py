"""A video on its way into storage: parts, confirmation, storage's events, leftovers."""
