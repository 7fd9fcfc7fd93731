-- migrate:up

grant update on departures to ascension_api;  -- a sweep locks the row of whoever is to go

-- Archives of all that an account holds. The row outlives its object by a day: so many are asked for in a day.
create table exports (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    state text not null default 'waiting' check (state in ('waiting', 'making', 'ready', 'failed', 'removed')),
    language text not null check (language in ('en', 'fr')),
    asked_at timestamptz not null default now(),
    claim_id uuid,
    lease_until timestamptz,
    attempts integer not null default 0,
    s3_upload_id text,
    done_bytes bigint not null default 0,
    total_bytes bigint not null default 0,
    ready_at timestamptz,
    expires_at timestamptz
);
create index exports_user_idx on exports (user_id, asked_at);
create index exports_open_idx on exports (asked_at) where state in ('waiting', 'making');
create index exports_expiry_idx on exports (expires_at) where state in ('ready', 'failed', 'removed');
grant select, insert, update, delete on exports to ascension_api;

-- migrate:down

drop table exports;
revoke update on departures from ascension_api;
