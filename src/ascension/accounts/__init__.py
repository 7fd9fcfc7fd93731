"""Users, sessions, tokens, quotas, and who may see what."""
