"""Two attempts on one wall beside each other: rows, the job, the answer."""
