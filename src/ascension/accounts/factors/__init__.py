"""What stands beside the password: codes of an app, recovery codes, passkeys."""
