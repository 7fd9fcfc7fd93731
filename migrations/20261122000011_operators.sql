-- migrate:up

-- Who may see and move everybody's jobs. Given and taken by `ascension operators`, never by a request.
alter table users add column operator boolean not null default false;
create index users_operator_idx on users (id) where operator;
-- The operator's lists: what waits, runs, or ended without a result, in the order of its request.
create index jobs_state_idx on jobs (state, id) where state <> 'done';

-- migrate:down

drop index jobs_state_idx;
drop index users_operator_idx;
alter table users drop column operator;
