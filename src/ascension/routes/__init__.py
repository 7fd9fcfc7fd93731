"""The climber's routes: what they are, what was tried and sent on them, the calendar."""
