"""What a climber lets others see: by a link, to a coach, and what is said about it."""
