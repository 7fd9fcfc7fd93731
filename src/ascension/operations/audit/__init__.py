"""The audit log, for operators: read, taken along, computed anew."""
