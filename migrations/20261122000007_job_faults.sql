-- migrate:up

-- What a job has cost (docs/decisions/0004-jobs.md): runs that ended with a dead child or a silent worker, and
-- runs that a part's absence ended. `attempt` counts all runs begun and decides nothing.
alter table jobs add column crashes smallint not null default 0;
alter table jobs add column interruptions integer not null default 0;
-- The API request that asked for it: one id through the logs of API, sweep and worker.
alter table jobs add column request_id text;
-- When its id was last put into its stream; null: it is not there, and `deliver_after` says from when it may be.
alter table jobs add column delivered_at timestamptz;
-- How long each stage of the run that completed it took, in seconds.
alter table jobs add column timings jsonb;

-- The reason of leases that ran out once too often has a sentence of its own.
update jobs set failure_code = 'worker_lost' where failure_code = 'attempts_exhausted';

-- What the sweep asks every second, each a few rows of an index whatever the number of waiting jobs.
create index jobs_due_idx on jobs (deliver_after) where state = 'queued' and admitted and delivered_at is null;
create index jobs_delivered_idx on jobs (tier, delivered_at) where state = 'queued' and admitted;
create index jobs_admitted_idx on jobs (user_id) where admitted and state in ('queued', 'processing');
create index jobs_waiting_idx on jobs (user_id, created_at, id) where state = 'queued' and not admitted;

-- migrate:down

drop index jobs_waiting_idx;
drop index jobs_admitted_idx;
drop index jobs_delivered_idx;
drop index jobs_due_idx;
update jobs set failure_code = 'attempts_exhausted' where failure_code = 'worker_lost';
alter table jobs drop column timings;
alter table jobs drop column delivered_at;
alter table jobs drop column request_id;
alter table jobs drop column interruptions;
alter table jobs drop column crashes;
