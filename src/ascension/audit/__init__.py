"""Who did what that somebody may be asked about: a log that is only added to."""
