"""Two attempts on one wall beside each other."""
