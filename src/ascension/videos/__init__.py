"""Videos: the upload contract, their objects in storage, their lifetime."""
