"""Videos that stay: copied inside storage, or given up again."""
