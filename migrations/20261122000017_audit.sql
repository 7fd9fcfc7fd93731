-- migrate:up

-- What was done that somebody may be asked about. Rows are only ever added; each holds the digest of the one
-- before it, so that one that is changed, taken out, put in or moved is found (src/ascension/audit/chain.py).
create table audit_log (
    id uuid primary key default gen_random_uuid(),
    position bigint unique,  -- in the order of commits, without a gap; null only until its transaction commits
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    subject text not null,
    details json not null,  -- json, not jsonb: its very bytes are what the digest is of
    prev_hash bytea,
    hash bytea,
    constraint audit_log_sealed_check check (
        (position is null) = (hash is null) and (position is null) = (prev_hash is null))
);

-- What everything is called in it: after an erasure nothing leads from the name to the account.
create table audit_key (
    only_one boolean primary key default true check (only_one),
    secret bytea not null
);
insert into audit_key (secret) select sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea))
from generate_series(1, 4);

create function audit_name(kind text, id text) returns text
    language sql stable security definer set search_path = pg_catalog, public
    as $$
select case when id = '' then kind
    else kind || ':' || left(encode(sha256(secret || convert_to(kind || ':' || id, 'UTF8')), 'hex'), 32) end
from public.audit_key
$$;

-- The only way in. Who calls it cannot say where in the chain it goes, nor when it was.
create function audit_record(
    actor_kind text, actor_id text, action text, subject_kind text, subject_id text, details json
) returns void
    language sql security definer set search_path = pg_catalog, public
    as $$
insert into public.audit_log (actor, action, subject, details)
values (public.audit_name(actor_kind, actor_id), action, public.audit_name(subject_kind, subject_id), details)
$$;

create function audit_field(value text) returns bytea
    language sql immutable set search_path = pg_catalog
    as $$
select convert_to(octet_length(convert_to(value, 'UTF8')) || ':' || value || ',', 'UTF8')
$$;

-- At the commit, one after the other: nobody holds the lock while he waits for a row of somebody else.
create function audit_seal() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
declare
    last_position bigint;
    last_hash bytea;
begin
    perform pg_advisory_xact_lock(20261122000017);
    select position, hash into last_position, last_hash
    from public.audit_log where position is not null order by position desc limit 1;
    last_position := coalesce(last_position, 0);
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    update public.audit_log set position = last_position + 1, prev_hash = last_hash, hash = sha256(
        last_hash
        || public.audit_field((last_position + 1)::text)
        || public.audit_field(((extract(epoch from new.at) * 1000000)::bigint)::text)
        || public.audit_field(new.actor)
        || public.audit_field(new.action)
        || public.audit_field(new.subject)
        || public.audit_field(new.details::text))
    where id = new.id;
    return null;
end
$$;
create constraint trigger audit_seal after insert on audit_log
    deferrable initially deferred for each row execute function audit_seal();

-- Grants keep the processes out; this keeps our own mistakes out, the owner's too.
create function audit_refuse() returns trigger
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
create trigger audit_keep before update or delete on audit_log
    for each row execute function audit_refuse();
create trigger audit_keep_all before truncate on audit_log
    for each statement execute function audit_refuse();

-- contract: 0.1.0 takes back only what everybody may do with functions that were made above
revoke execute on function audit_record(text, text, text, text, text, json) from public;
revoke execute on function audit_name(text, text) from public;
revoke execute on function audit_seal() from public;
grant execute on function audit_record(text, text, text, text, text, json) to ascension_api;
grant execute on function audit_name(text, text) to ascension_api;
grant select on audit_log to ascension_api;

-- migrate:down

drop table audit_log;
drop table audit_key;
drop function audit_refuse();
drop function audit_seal();
drop function audit_field(text);
drop function audit_record(text, text, text, text, text, json);
drop function audit_name(text, text);
