"""What somebody agrees to: two short documents, and a list of when they did and when they took it back."""
