"""The wall stands still: where frames of a moving camera lie on it, and its picture without the climber."""
