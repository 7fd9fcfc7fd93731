"""The staging environment as its users and its hosts show it: the documented checklist, ticked by itself."""
