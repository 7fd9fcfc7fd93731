-- migrate:up

-- Outlives the id: whoever restores a backup of before can find the account in it again, and nobody else.
alter table erasures add column user_sha256 bytea;
update erasures set user_sha256 = sha256(user_id::text::bytea) where user_id is not null;

-- migrate:down

alter table erasures drop column user_sha256;
