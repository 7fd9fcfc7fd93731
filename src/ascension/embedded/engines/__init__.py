"""PostgreSQL, Valkey and SeaweedFS as processes of this machine."""
