"""Letters to account holders: queued with the transaction that asks for them, sent by a loop."""
