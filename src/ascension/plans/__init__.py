"""What each tier may do, in one table."""
