-- migrate:up

-- Accounts that are asked for and not there yet: the link in a letter and the password make one of it.
create table registrations (
    id uuid primary key,
    email text not null check (email = lower(email)),
    display_name text not null,
    password_hash text not null,
    idempotency_key text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create unique index registrations_email_key_idx on registrations (email, idempotency_key);
create index registrations_expiry_idx on registrations (expires_at);
grant select, insert, delete on registrations to ascension_api;

create table invitations (
    id uuid primary key,
    email text not null check (email = lower(email)),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index invitations_email_idx on invitations (email);
grant select, insert, update on invitations to ascension_api;

-- Letters to be sent. A row holds no text and no secret: both are made when the letter leaves.
create table letters (
    id uuid primary key,
    kind text not null check (
        kind in ('registration', 'password_reset', 'password_changed', 'invitation')
    ),
    recipient text not null,
    language text not null check (language in ('en', 'fr')),
    subject_id uuid,
    created_at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    attempts integer not null default 0,
    outcome text check (outcome in ('sent', 'dropped', 'given_up')),
    settled_at timestamptz
);
create index letters_due_idx on letters (due_at) where outcome is null;
create index letters_recipient_idx on letters (recipient, kind, settled_at);
create index letters_settled_idx on letters (settled_at) where outcome is not null;
grant select, insert, update, delete on letters to ascension_api;

-- What the links in letters hold, as a hash. `subject_id`: a registration, a user or an invitation.
create table letter_tokens (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    purpose text not null check (purpose in ('registration', 'password_reset', 'invitation')),
    subject_id uuid not null,
    expires_at timestamptz not null
);
create index letter_tokens_subject_idx on letter_tokens (subject_id);
create index letter_tokens_expiry_idx on letter_tokens (expires_at);
grant select, insert, delete on letter_tokens to ascension_api;

-- migrate:down

drop table letter_tokens;
drop table letters;
drop table invitations;
drop table registrations;
