-- migrate:up

-- Roles are made by whoever runs the database (the embedded stack, Ansible, Terraform):
-- ascension_api and ascension_worker log in, the migration role owns the tables.

create table users (
    id uuid primary key,
    email text not null,
    display_name text not null,
    password_hash text not null,
    tier text not null default 'free' check (tier in ('free', 'premium', 'infinity')),
    created_at timestamptz not null default now(),
    constraint users_email_normalized check (email = lower(email))
);
create unique index users_email_key on users (email);

-- One row per refresh token ever given out; a family is one login.
create table refresh_tokens (
    token_hash bytea primary key,
    family_id uuid not null,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    rotated_at timestamptz,
    successor_hash bytea,
    revoked_at timestamptz
);
create index refresh_tokens_family_idx on refresh_tokens (family_id);
create index refresh_tokens_user_idx on refresh_tokens (user_id);

create table idempotency_keys (
    user_id uuid not null references users (id) on delete cascade,
    key text not null,
    request_hash bytea not null,
    resource_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (user_id, key)
);
create index idempotency_keys_created_idx on idempotency_keys (created_at);

-- What counts against the monthly quota, unless its job failed. Outlives the analysis: deleting is no refund.
create table quota_uses (
    subject_id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    used_at timestamptz not null default now()
);
create index quota_uses_user_idx on quota_uses (user_id, used_at);

create table videos (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    state text not null default 'uploading' check (state in ('uploading', 'uploaded', 'expired')),
    file_name text not null,
    content_type text not null,
    size_bytes bigint not null check (size_bytes > 0),
    part_size_bytes integer not null check (part_size_bytes > 0),
    object_key text not null,
    s3_upload_id text not null,
    created_at timestamptz not null default now(),
    uploaded_at timestamptz,
    expires_at timestamptz not null
);
create index videos_user_idx on videos (user_id, id desc);
create index videos_expiry_idx on videos (expires_at) where state <> 'expired';

-- The checksum each part was signed with: complete compares the stored object with these.
create table video_parts (
    video_id uuid not null references videos (id) on delete cascade,
    part_number integer not null check (part_number between 1 and 10000),
    sha256 bytea not null check (octet_length(sha256) = 32),
    primary key (video_id, part_number)
);

-- Objects whose row is gone: removed after the commit, and again by the sweep until storage agrees.
create table object_deletions (
    object_key text primary key,
    s3_upload_id text,
    requested_at timestamptz not null default now()
);

-- The row is the job; Redis Streams only deliver its id (docs/decisions/0004-jobs.md).
create table jobs (
    id uuid primary key,
    kind text not null,
    subject_id uuid not null,
    user_id uuid not null references users (id) on delete cascade,
    tier text not null,
    state text not null default 'queued'
        check (state in ('queued', 'processing', 'done', 'failed', 'dead', 'canceled')),
    admitted boolean not null default false,
    deliver_after timestamptz not null default now(),
    attempt integer not null default 0,
    claim_id uuid,
    worker_id text,
    lease_until timestamptz,
    cancel_requested boolean not null default false,
    stage text,
    progress_pct smallint not null default 0 check (progress_pct between 0 and 100),
    failure_code text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);
create index jobs_delivery_idx on jobs (deliver_after) where state = 'queued';
create index jobs_lease_idx on jobs (lease_until) where state = 'processing';
create index jobs_user_active_idx on jobs (user_id) where state in ('queued', 'processing');
create unique index jobs_subject_key on jobs (subject_id, kind);

create table workers (
    id text primary key,
    version text not null,
    slots integer not null,
    running integer not null,
    figures jsonb not null default '{}',
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
);

create table analyses (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    video_id uuid not null references videos (id) on delete cascade,
    job_id uuid not null references jobs (id) on delete cascade,
    created_at timestamptz not null default now(),
    result bytea,
    result_sha256 bytea,
    summary jsonb,
    completed_at timestamptz
);
create index analyses_user_idx on analyses (user_id, id desc);
create index analyses_video_idx on analyses (video_id);
create unique index analyses_job_key on analyses (job_id);
-- The result is compressed already: keep it out of line and do not try again.
alter table analyses alter column result set storage external;

grant select, insert, update, delete on
    users, refresh_tokens, idempotency_keys, quota_uses, videos, video_parts, object_deletions, jobs, analyses
    to ascension_api;
grant select, delete on workers to ascension_api;

grant select, update on jobs, analyses to ascension_worker;
grant select, update (state) on videos to ascension_worker;
grant select, insert, update, delete on workers to ascension_worker;

-- migrate:down

drop table analyses;
drop table workers;
drop table jobs;
drop table object_deletions;
drop table video_parts;
drop table videos;
drop table quota_uses;
drop table idempotency_keys;
drop table refresh_tokens;
drop table users;
