-- migrate:up

-- Routes that were removed, as they were: for whoever wants one back. Nothing else reads them.
create table removed_routes (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    removed_at timestamptz not null default now(),
    -- rows of routes and route_tries, and which climbs were on it
    route jsonb not null,
    tries jsonb not null,
    climbs uuid[] not null
);
create index removed_routes_user_idx on removed_routes (user_id, removed_at desc);
create index removed_routes_due_idx on removed_routes (removed_at);
grant select, insert, update, delete on removed_routes to ascension_api;

-- migrate:down

drop table removed_routes;
