-- migrate:up

-- A login as its owner knows it: on what, and since when. Both go along when the token turns; rows of the
-- release before have neither.
alter table refresh_tokens add column device text, add column began_at timestamptz;
-- a user's open sessions, among all the tokens that were turned since
create index refresh_tokens_open_idx on refresh_tokens (user_id, created_at)
    where rotated_at is null and revoked_at is null;

-- A second factor by time-based codes; it counts once it is confirmed.
create table totp_factors (
    user_id uuid primary key references users (id) on delete cascade,
    sealed_secret bytea not null,
    created_at timestamptz not null default now(),
    confirmed_at timestamptz,
    last_step bigint  -- of the last code that was taken: no code works twice
);

create table recovery_codes (
    user_id uuid not null references users (id) on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

create table passkeys (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null,
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index passkeys_user_idx on passkeys (user_id);

grant select, insert, update, delete on totp_factors, recovery_codes, passkeys to ascension_api;

-- migrate:down

drop table passkeys;
drop table recovery_codes;
drop table totp_factors;
drop index refresh_tokens_open_idx;
alter table refresh_tokens drop column began_at, drop column device;
