-- migrate:up

-- What the user told us about the clip (who climbs, what is how long): analyses/choices.py.
alter table analyses add column choices jsonb not null default '{}';
-- The climber-free picture of the wall, made with the result; null where the clip gave none.
alter table analyses add column wall_object_key text;

-- migrate:down

alter table analyses drop column wall_object_key;
alter table analyses drop column choices;
