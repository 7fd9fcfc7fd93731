"""What a climber and their coaches say about a moment of a clip."""
