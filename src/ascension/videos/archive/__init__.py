"""Videos in a colder class of storage, and their way back."""
