-- migrate:up

-- Asked for by a browser that belongs to the account: counted apart from what strangers ask for.
alter table letters add column is_own boolean not null default false;

-- migrate:down

alter table letters drop column is_own;
