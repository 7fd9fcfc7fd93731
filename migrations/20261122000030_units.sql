-- migrate:up

-- In which units and scale of grades somebody reads; null: never chosen.
alter table users
    add column units text check (units in ('metric', 'imperial')),
    add column grades text check (grades in ('french', 'yds', 'uiaa', 'font', 'v'));

-- migrate:down

alter table users drop column grades, drop column units;
