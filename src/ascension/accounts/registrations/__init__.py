"""Making an account: at once, by invitation, or after a letter has proven the e-mail."""
