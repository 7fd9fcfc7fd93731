"""PostgreSQL, Valkey, SeaweedFS and Caddy as processes of this machine."""
