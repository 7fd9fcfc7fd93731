-- migrate:up

-- How large the small picture of the climb is, for lists and until the clip plays. It shows the climber, so it lives
-- as long as the clip. Null: there is none, because the clip has expired, or the result is from before there were any.
alter table analyses add column thumbnail_width_px integer;
alter table analyses add column thumbnail_height_px integer;

-- Whatever takes the row takes its object.
create function delete_thumbnail() returns trigger language plpgsql as $$
begin
    insert into object_deletions (object_key) values ('thumbnails/' || old.user_id || '/' || old.id)
    on conflict (object_key) do update set not_before = now();
    return null;
end
$$;
create trigger analyses_take_their_thumbnail after delete on analyses
    for each row when (old.thumbnail_width_px is not null) execute function delete_thumbnail();

-- Workers tell that a clip is gone, too, and may list nothing for removal.
create function delete_thumbnails_of_expired() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    with gone as (
        update analyses set thumbnail_width_px = null, thumbnail_height_px = null
        where video_id = new.id and thumbnail_width_px is not null returning user_id, id
    )
    insert into object_deletions (object_key) select 'thumbnails/' || user_id || '/' || id from gone
    on conflict (object_key) do update set not_before = now();
    return null;
end
$$;
create trigger videos_that_expire_take_their_thumbnails after update of state on videos
    for each row when (new.state = 'expired' and old.state <> 'expired')
    execute function delete_thumbnails_of_expired();

-- migrate:down

drop trigger videos_that_expire_take_their_thumbnails on videos;
drop function delete_thumbnails_of_expired();
drop trigger analyses_take_their_thumbnail on analyses;
drop function delete_thumbnail();
insert into object_deletions (object_key)
select 'thumbnails/' || user_id || '/' || id from analyses where thumbnail_width_px is not null
on conflict (object_key) do nothing;
alter table analyses drop column thumbnail_height_px;
alter table analyses drop column thumbnail_width_px;
