-- migrate:up

-- Sessions that ended lately: every API asks for them every few seconds, to refuse their access tokens.
create index refresh_tokens_revoked_idx on refresh_tokens (revoked_at) where revoked_at is not null;

-- In which language letters about the account are written; null: in that of whoever asks for the letter.
alter table users add column language text check (language in ('en', 'fr'));

-- By which account secret a recovery code is recognized; null: by one of before this was noted.
alter table recovery_codes add column key_id text;

-- Where the audit log begins since its first entries were taken out: the last of them, whose digest the next
-- one goes on from. One line for each time; only ever added to.
create table audit_cuts (
    position bigint primary key,
    hash bytea not null,
    at timestamptz not null default clock_timestamp()
);
create trigger audit_keep before delete or update on audit_cuts
    for each row execute function audit_refuse();
create trigger audit_keep_all before truncate on audit_cuts
    for each statement execute function audit_refuse();
grant select on audit_cuts to ascension_api;

-- As before, but that what lies before a cut may go: by the owner of the tables, nobody else may delete.
create or replace function audit_refuse() returns trigger
    language plpgsql set search_path = pg_catalog
    as $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'audit_log' then
        if old.hash is null and (old.id, old.at, old.actor, old.action, old.subject, old.details::text)
            = (new.id, new.at, new.actor, new.action, new.subject, new.details::text) then
            return new;  -- it is sealed
        end if;
    end if;
    if tg_op = 'DELETE' and tg_table_name = 'audit_log' then
        if old.position <= (select max(position) from public.audit_cuts) then
            return old;  -- it was exported
        end if;
    end if;
    raise exception 'the audit log is only added to' using errcode = 'restrict_violation';
end
$$;

-- migrate:down

create or replace function audit_refuse() returns trigger
    language plpgsql set search_path = pg_catalog
    as $$
begin
    if tg_op = 'UPDATE' then
        if old.hash is null and (old.id, old.at, old.actor, old.action, old.subject, old.details::text)
            = (new.id, new.at, new.actor, new.action, new.subject, new.details::text) then
            return new;  -- it is sealed
        end if;
    end if;
    raise exception 'the audit log is only added to' using errcode = 'restrict_violation';
end
$$;
drop table audit_cuts;
alter table recovery_codes drop column key_id;
alter table users drop column language;
drop index refresh_tokens_revoked_idx;
