"""What a climb says about the climber: findings with drills, six axes, progress. Computed when it is read."""
