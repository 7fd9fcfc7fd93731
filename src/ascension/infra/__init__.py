"""The outside world behind typed doors: settings, database, storage, streams, secrets, logs."""
