-- migrate:up

-- What exactly was wrong, where the catalog's text of the code does not say it: which correction, which mark.
alter table jobs add column failure_detail text;

-- Whether the user is who climbs: made anew, an analysis takes the profile of then.
alter table analyses add column with_profile boolean not null default true;

-- migrate:down

alter table analyses drop column with_profile;
alter table jobs drop column failure_detail;
