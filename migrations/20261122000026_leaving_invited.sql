-- migrate:up

-- Who wants the account gone, and when erasing one that could not be erased is tried again.
alter table departures add column asked_by text not null default 'owner' check (asked_by in ('owner', 'guardian'));
alter table departures add column next_try_at timestamptz;
update departures d set asked_by = 'guardian'
    where exists (select from guardians g where g.user_id = d.user_id and g.withdrawn_at is not null);

-- Invitations that ended are forgotten.
grant delete on invitations to ascension_api;

-- migrate:down

revoke delete on invitations from ascension_api;
alter table departures drop column next_try_at;
alter table departures drop column asked_by;
