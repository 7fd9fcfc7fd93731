-- migrate:up

-- A clip as it may be kept or shown to others: without sound and place, with heads covered where that was asked
-- for. `purpose` saved: it takes the place of the saved video and has no object of its own.
create table video_copies (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    video_id uuid not null references videos (id) on delete cascade,
    job_id uuid not null references jobs (id) on delete cascade,
    purpose text not null check (purpose in ('saved', 'shared', 'blurred')),
    content_type text,
    size_bytes bigint,
    made_at timestamptz,
    created_at timestamptz not null default now(),
    unique (video_id, purpose)
);
create unique index video_copies_job_key on video_copies (job_id);
create index video_copies_user_idx on video_copies (user_id, id);
grant select, insert, update, delete on video_copies to ascension_api;
grant select, update on video_copies to ascension_worker;

-- Since when a video's object holds its pictures alone. Empty: it is as it was uploaded.
alter table videos add column cleaned_at timestamptz;

-- A worker that finishes a copy holds its job, then its row: a video that goes takes both in the same order.
create function delete_copies_of_video() returns trigger language plpgsql as $$
begin
    delete from jobs where id in (select job_id from video_copies where video_id = old.id);
    return old;
end
$$;
create trigger videos_take_their_copies before delete on videos
    for each row execute function delete_copies_of_video();

-- Whatever takes the row takes its job and its object.
create function delete_what_a_copy_made() returns trigger language plpgsql as $$
begin
    delete from jobs where id = old.job_id;
    if old.purpose <> 'saved' then
        insert into object_deletions (object_key) values ('shared/' || old.user_id || '/' || old.id)
        on conflict (object_key) do update set not_before = now();
    end if;
    return null;
end
$$;
create trigger video_copies_take_what_they_made after delete on video_copies
    for each row execute function delete_what_a_copy_made();

-- A worker may not say where a video lies: it names a copy that it has put there, and this makes it the video.
-- False: the video is gone, given up, or another object by now.
create function keep_clean_video(
    copy_id uuid, cleaned_key text, new_content_type text, new_size_bytes bigint, new_part_size_bytes integer,
    digests bytea[]
) returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    kept public.videos;
begin
    -- whoever deletes it has it locked and waits for our job: then this is tried again, and the job is gone
    select v.* into kept from public.videos v join public.video_copies c on c.video_id = v.id
    where c.id = copy_id and c.purpose = 'saved' for update of v nowait;
    if kept.id is null or kept.state <> 'uploaded' or kept.saved_at is null or kept.object_key <> cleaned_key
        or coalesce(kept.move_until > now(), false) then
        return false;
    end if;
    update public.videos set object_key = 'saved/' || user_id || '/' || id || '-clean',
        content_type = new_content_type, size_bytes = new_size_bytes, part_size_bytes = new_part_size_bytes,
        cleaned_at = now()
    where id = kept.id;
    delete from public.video_parts where video_id = kept.id;
    insert into public.video_parts (video_id, part_number, sha256)
    select kept.id, ordinality, sha256 from unnest(digests) with ordinality as one (sha256, ordinality);
    delete from public.object_deletions where object_key = 'saved/' || kept.user_id || '/' || kept.id || '-clean';
    insert into public.object_deletions (object_key, not_before)
    values (cleaned_key, now() + interval '15 minutes')  -- for those who are reading it
    on conflict (object_key) do update set not_before = excluded.not_before;
    return true;
end
$$;
-- contract: 0.1.0 takes back only what everybody may do with the function that was made above
revoke execute on function keep_clean_video(uuid, text, text, bigint, integer, bytea[]) from public;
grant execute on function keep_clean_video(uuid, text, text, bigint, integer, bytea[]) to ascension_worker;

-- migrate:down

drop function keep_clean_video(uuid, text, text, bigint, integer, bytea[]);
drop trigger videos_take_their_copies on videos;
drop function delete_copies_of_video();
drop table video_copies;
drop function delete_what_a_copy_made();
alter table videos drop column cleaned_at;
