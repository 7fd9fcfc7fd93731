-- migrate:up

-- What somebody agreed to, and when they took it back: only ever added to, the latest line of a document counts.
create table consents (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users on delete cascade,
    document text not null check (document in ('terms', 'privacy')),
    version text not null,
    how text not null check (how in ('registration', 'later', 'withdrawn')),
    at timestamptz not null default clock_timestamp()
);
create index consents_user_idx on consents (user_id, document, at desc);
grant select, insert on consents to ascension_api;

-- Who is too young to agree alone. The row goes on `minor_until`, and with it all that is known of an age.
create table guardians (
    user_id uuid primary key references users on delete cascade,
    email text not null check (email = lower(email)),
    minor_until date not null,
    language text not null check (language in ('en', 'fr')),
    asked_at timestamptz not null default now(),
    confirmed_at timestamptz,
    withdrawn_at timestamptz
);
create index guardians_until_idx on guardians (minor_until);
grant select, insert, update, delete on guardians to ascension_api;

-- Accounts that are to be erased, and can be kept until then.
create table departures (
    user_id uuid primary key references users on delete cascade,
    asked_at timestamptz not null default now(),
    erase_at timestamptz not null,
    language text not null check (language in ('en', 'fr'))
);
create index departures_due_idx on departures (erase_at);
grant select, insert, delete on departures to ascension_api;

-- What was agreed to while the account waits for its letter.
alter table registrations add column agreed jsonb not null default '{}'::jsonb;

-- contract: 0.1.0 a wider list of kinds is no narrower one; which there are, the code says
alter table letters drop constraint letters_kind_check;
alter table letter_tokens drop constraint letter_tokens_purpose_check;

-- migrate:down

delete from letters where kind not in ('registration', 'password_reset', 'password_changed', 'invitation');
delete from letter_tokens where purpose not in ('registration', 'password_reset', 'invitation');
alter table letter_tokens add constraint letter_tokens_purpose_check
    check (purpose in ('registration', 'password_reset', 'invitation'));
alter table letters add constraint letters_kind_check
    check (kind in ('registration', 'password_reset', 'password_changed', 'invitation'));
alter table registrations drop column agreed;
drop table departures;
drop table guardians;
drop table consents;
