"""Frames into arrays: reading video, finding the body, drawing it. The only place with models and codecs."""
