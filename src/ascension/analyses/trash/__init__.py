"""What was deleted can be had back for some weeks: the trash of analyses and their clips."""
