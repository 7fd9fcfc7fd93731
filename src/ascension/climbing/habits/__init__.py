"""What a coach would point at in an attempt, found by rules."""
