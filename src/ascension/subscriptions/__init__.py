"""Which tier an account has: given by an admin, or paid for; free else."""
