-- migrate:up

-- Links by which anybody who has one may see one analysis. What withdraws one deletes its row.
create table shares (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    analysis_id uuid not null references analyses (id) on delete cascade,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    sealed_token bytea not null,  -- so that its owner can copy the link again; ACCOUNT_SECRET opens it
    password_hash text,
    with_video boolean not null default false,
    is_blurred boolean not null default false,
    with_name boolean not null default false,
    with_comments boolean not null default false,
    views integer not null default 0,
    opened_at timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index shares_analysis_idx on shares (analysis_id, id);
create index shares_user_idx on shares (user_id, id);
create index shares_expiry_idx on shares (expires_at);
grant select, insert, update, delete on shares to ascension_api;

-- Whom a climber lets look at all their analyses; asked by e-mail, and somebody's once it is accepted.
create table coach_grants (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    coach_id uuid references users (id) on delete cascade,
    email text not null check (email = lower(email)),
    with_past boolean not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,  -- of the invitation
    accepted_at timestamptz,
    seen_at timestamptz,
    unique (user_id, email),
    unique (user_id, coach_id),
    check ((coach_id is null) = (accepted_at is null)),
    check (coach_id is null or coach_id <> user_id)
);
create index coach_grants_coach_idx on coach_grants (coach_id, id);
create index coach_grants_expiry_idx on coach_grants (expires_at) where accepted_at is null;
grant select, insert, update, delete on coach_grants to ascension_api;

-- What the climber and their coaches say about a moment of the clip. `user_id`: who said it.
create table comments (
    id uuid primary key,
    analysis_id uuid not null references analyses (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    at_s double precision not null check (at_s >= 0 and at_s < 86400),
    text text not null check (char_length(text) between 1 and 2000),
    created_at timestamptz not null default now(),
    edited_at timestamptz,
    deleted_at timestamptz,  -- for an hour whoever deleted it can take that back
    deleted_by uuid references users (id) on delete set null
);
create index comments_analysis_idx on comments (analysis_id, at_s);
create index comments_user_idx on comments (user_id);
create index comments_deleted_by_idx on comments (deleted_by) where deleted_by is not null;
create index comments_deleted_idx on comments (deleted_at) where deleted_at is not null;
grant select, insert, update, delete on comments to ascension_api;

-- migrate:down

drop table comments;
drop table coach_grants;
drop table shares;
