-- migrate:up

-- What costs nothing of a plan and is work all the same; forgotten after a day.
create table allowance_uses (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users on delete cascade,
    video_id uuid not null,  -- no reference: deleting a video makes no room
    kind text not null,
    used_at timestamptz not null default now()
);
create index allowance_uses_user_idx on allowance_uses (user_id, kind, used_at);
create index allowance_uses_age_idx on allowance_uses (used_at);
grant select, insert, delete on allowance_uses to ascension_api;

-- The runs of a user that ended without a result, the latest first.
create index jobs_without_result_idx on jobs (user_id, finished_at)
    where state in ('failed', 'dead', 'canceled');

-- migrate:down

drop index jobs_without_result_idx;
drop table allowance_uses;
