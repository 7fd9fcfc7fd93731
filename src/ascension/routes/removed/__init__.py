"""Routes that were removed and can be had back for a while."""
