-- migrate:up

-- What somebody calls a climb; equal but for capitals is equal, which the API sees to.
-- `trashed_at`: since when it is in the trash; of a clip: with every analysis of it.
alter table analyses
    add column tags text[] not null default '{}' check (cardinality(tags) <= 10),
    add column trashed_at timestamptz;
alter table videos add column trashed_at timestamptz;
create index analyses_trash_idx on analyses (user_id, id desc) where trashed_at is not null;

-- migrate:down

drop index analyses_trash_idx;
alter table videos drop column trashed_at;
alter table analyses drop column trashed_at, drop column tags;
