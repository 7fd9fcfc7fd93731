"""PostgreSQL: the primary, its copy for reads, and how many connections a fleet opens."""
