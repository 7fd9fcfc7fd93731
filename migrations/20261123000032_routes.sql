-- migrate:up

-- A route of one climber: a boulder that was set anew is another one, of the same name if they like.
create table routes (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null check (char_length(name) between 1 and 80),
    -- names that differ in capitals and spaces are one name
    name_key text not null generated always as (lower(regexp_replace(name, '\s+', ' ', 'g'))) stored,
    grade text check (char_length(grade) between 1 and 16),
    scale text check (scale in ('french', 'yds', 'uiaa', 'font', 'v')),
    wall text check (char_length(wall) between 1 and 80),
    set_on date,
    taken_down_on date,
    created_at timestamptz not null default now(),
    constraint routes_scale_of_grade_check check (scale is null or grade is not null),
    constraint routes_days_check check (taken_down_on >= set_on)
);
create unique index routes_standing_key on routes (user_id, name_key) where taken_down_on is null;
create index routes_user_idx on routes (user_id);

-- `route` is written along with `route_id` until no release reads it. `sends`: what the climber says of attempts,
-- {"1": true}, where the film does not show whether the top was reached, or shows it wrongly.
alter table analyses
    add column route_id uuid,
    add column sends jsonb not null default '{}';
alter table analyses add constraint analyses_route_id_fkey
    foreign key (route_id) references routes (id) on delete set null not valid;
create index analyses_route_idx on analyses (route_id, created_at) where route_id is not null;
create index analyses_user_day_idx on analyses (user_id, created_at);

-- Whoever writes a name, the release before too, writes the route that stands under it: the one that is there, or
-- a new one. A name that is that of `route_id` is left as it is.
create function route_of_name() returns trigger language plpgsql as $$
begin
    if new.route is null then
        new.route_id := null;
        return new;
    end if;
    perform from routes where id = new.route_id and user_id = new.user_id and name = new.route;
    if not found then
        insert into routes (id, user_id, name) values (gen_random_uuid(), new.user_id, new.route)
        on conflict (user_id, name_key) where taken_down_on is null do nothing;
        select id, name into new.route_id, new.route from routes
        where user_id = new.user_id and taken_down_on is null
            and name_key = lower(regexp_replace(new.route, '\s+', ' ', 'g'));
    end if;
    return new;
end
$$;

insert into routes (id, user_id, name)
select gen_random_uuid(), user_id, (array_agg(route order by id desc))[1]
from analyses where route is not null
group by user_id, lower(regexp_replace(route, '\s+', ' ', 'g'));
update analyses a set route_id = r.id, route = r.name
from routes r
where r.user_id = a.user_id and r.name_key = lower(regexp_replace(a.route, '\s+', ' ', 'g'));

create trigger analyses_name_their_route before insert or update of route on analyses
    for each row execute function route_of_name();

-- What was tried without a film.
create table route_tries (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    route_id uuid not null references routes (id) on delete cascade,
    day date not null,
    tries smallint not null check (tries between 1 and 100),
    is_sent boolean not null,
    note text check (char_length(note) between 1 and 200),
    created_at timestamptz not null default now()
);
create index route_tries_route_idx on route_tries (route_id);
create index route_tries_user_idx on route_tries (user_id, day);

-- Which earlier climb was on the same wall, found by a job of its own (routes/). The earlier climb may be gone:
-- then there is nothing to say.
create table recognitions (
    id uuid primary key,
    analysis_id uuid not null unique references analyses (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    job_id uuid not null references jobs (id) on delete cascade,
    like_analysis_id uuid,
    is_same_route boolean,
    confidence real,
    answer text check (answer in ('same', 'other_route', 'no')),
    created_at timestamptz not null default now()
);
create unique index recognitions_job_key on recognitions (job_id);
create index recognitions_user_idx on recognitions (user_id);

-- As with comparisons: the job goes first, in the order in which its worker holds both.
create function delete_recognition_of_analysis() returns trigger language plpgsql as $$
begin
    delete from jobs where id in (select job_id from recognitions where analysis_id = old.id);
    return old;
end
$$;
create trigger analyses_take_their_recognition before delete on analyses
    for each row execute function delete_recognition_of_analysis();

grant select, insert, update, delete on routes, route_tries, recognitions to ascension_api;
grant select, update on recognitions to ascension_worker;
grant select on routes to ascension_worker;

-- migrate:down

drop trigger analyses_take_their_recognition on analyses;
drop function delete_recognition_of_analysis();
drop table recognitions;
delete from jobs where kind = 'recognition';
drop table route_tries;
drop trigger analyses_name_their_route on analyses;
drop function route_of_name();
drop index analyses_user_day_idx;
alter table analyses drop column route_id, drop column sends;
drop table routes;
