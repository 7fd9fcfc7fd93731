-- migrate:up

-- A small copy in a form that every browser plays, for browsers that cannot play the clip itself.
-- contract: 0.1.0 a wider list of purposes is no narrower one
alter table video_copies drop constraint video_copies_purpose_check;
alter table video_copies add constraint video_copies_purpose_check
    check (purpose in ('saved', 'shared', 'blurred', 'preview')) not valid;

-- It is kept as long as the clip: when that expires, job, copy and object go. Links of others end later (sharing/).
-- Workers tell that a clip is gone, and may not delete jobs.
create function delete_preview_of_expired() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    delete from jobs where id in (
        select job_id from video_copies where video_id = new.id and purpose = 'preview');
    return null;
end
$$;
create trigger videos_that_expire_take_their_preview after update of state on videos
    for each row when (new.state = 'expired' and old.state <> 'expired')
    execute function delete_preview_of_expired();

-- migrate:down

drop trigger videos_that_expire_take_their_preview on videos;
drop function delete_preview_of_expired();
delete from jobs where id in (select job_id from video_copies where purpose = 'preview');
alter table video_copies drop constraint video_copies_purpose_check;
alter table video_copies add constraint video_copies_purpose_check
    check (purpose in ('saved', 'shared', 'blurred'));
