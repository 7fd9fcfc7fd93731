"""What is stored, for operators: counted in the rows, not in the bucket."""
