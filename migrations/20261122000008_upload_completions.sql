-- migrate:up

-- An upload whose completion was asked for: storage may have joined its parts while our answer was lost. The
-- sweep finishes what stands here for long; the row goes when the upload is confirmed, refused or expired.
create table upload_completions (
    video_id uuid primary key references videos (id) on delete cascade,
    asked_at timestamptz not null default now()
);

grant select, insert, update, delete on upload_completions to ascension_api;

-- The worker compares what it downloads with the digests that the parts were signed with.
grant select on video_parts to ascension_worker;

-- migrate:down

revoke select on video_parts from ascension_worker;
drop table upload_completions;
