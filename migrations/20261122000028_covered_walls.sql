-- migrate:up

-- The picture of the wall with heads covered, for others; null where the clip gave none, or it is not certain
-- that no face is left.
alter table analyses add column covered_wall_object_key text;

-- migrate:down

alter table analyses drop column covered_wall_object_key;
