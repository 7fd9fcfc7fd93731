-- migrate:up

-- A release asks whether its migrations have been carried out: infra/db.py.
grant select on schema_migrations to ascension_api, ascension_worker;

-- What reads a big table from end to end without them (tests/infra/test_query_plans.py): the operator's figures,
-- the end of an account, the housekeeping of tokens.
create index jobs_open_idx on jobs (tier, state, created_at) where state in ('queued', 'processing', 'dead');
create index jobs_user_idx on jobs (user_id);
create index jobs_finished_idx on jobs (finished_at);
create index refresh_tokens_expiry_idx on refresh_tokens (expires_at);

-- migrate:down

drop index refresh_tokens_expiry_idx;
drop index jobs_finished_idx;
drop index jobs_user_idx;
drop index jobs_open_idx;
revoke select on schema_migrations from ascension_api, ascension_worker;
