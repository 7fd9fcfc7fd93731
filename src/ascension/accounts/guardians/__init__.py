"""Who answers for a climber too young to agree alone: asked by letter, free to change their mind."""
