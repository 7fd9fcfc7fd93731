"""Deployment: what stands under infrastructure/, on the programs that it is written for."""
