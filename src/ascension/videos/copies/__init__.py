"""Copies of a video without sound and place, for keeping and for showing to others."""
