-- migrate:up

-- A saved video keeps an `expires_at` that never comes, so that the sweep of the release before leaves it alone.
alter table videos
    add column saved_at timestamptz,
    -- who is copying the object to another key just now, and until when nobody else may
    add column move_id uuid,
    add column move_until timestamptz,
    -- what storage last said of a saved object
    add column archive_state text,
    add column archive_checked_at timestamptz,
    add column restore_ready_by timestamptz,
    add column restored_until timestamptz;
create index videos_saved_idx on videos (user_id) where saved_at is not null;
create index videos_archive_check_idx on videos (archive_checked_at) where saved_at is not null;
create index videos_object_key_idx on videos (object_key collate "C");

-- An object that was copied elsewhere stays for those who are reading it.
alter table object_deletions add column not_before timestamptz not null default now();
create index object_deletions_due_idx on object_deletions (not_before);

create table erasures (
    id uuid primary key,
    user_id uuid,  -- no reference: the user is gone; empty when nothing of them is left
    requested_at timestamptz not null default now(),
    next_pass_at timestamptz not null default now(),
    objects_removed bigint not null default 0,
    finished_at timestamptz
);
create index erasures_open_idx on erasures (next_pass_at) where finished_at is null;
grant select, insert, update, delete on erasures to ascension_api;

-- migrate:down

drop table erasures;
drop index object_deletions_due_idx;
alter table object_deletions drop column not_before;
drop index videos_object_key_idx;
drop index videos_archive_check_idx;
drop index videos_saved_idx;
alter table videos
    drop column restored_until,
    drop column restore_ready_by,
    drop column archive_checked_at,
    drop column archive_state,
    drop column move_until,
    drop column move_id,
    drop column saved_at;
