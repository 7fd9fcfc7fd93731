"""Ascension: film a climb, see what the body did."""

import os

__version__ = "0.1.0"

# ONNX Runtime tells its maker of each start and session over the network, as soon as it is imported
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
