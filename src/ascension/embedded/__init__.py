"""The engines of `make up` and of the tests: PostgreSQL, Valkey and SeaweedFS out of wheels."""
