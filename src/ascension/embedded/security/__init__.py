"""`ascension doctor --security`: what protects the platform, each point with what was asked and answered."""
