-- migrate:up

-- A plan that an admin gave, beside what is paid for: of the two the larger one holds.
create table plan_grants (
    user_id uuid primary key references users on delete cascade,
    tier text not null check (tier in ('premium', 'infinity')),
    reason text not null check (char_length(reason) <= 200),
    granted_at timestamptz not null default now(),
    ends_at timestamptz
);
create index plan_grants_end_idx on plan_grants (ends_at) where ends_at is not null;
grant select, insert, update, delete on plan_grants to ascension_api;
insert into plan_grants (user_id, tier, reason) select id, tier, '' from users where tier <> 'free';

-- Who pays, and what the payment provider said of it last. No card, no address: those are the provider's.
create table subscriptions (
    user_id uuid primary key references users on delete cascade,
    customer_id text not null unique,
    language text not null check (language in ('en', 'fr')),
    checkout_id text,
    checkout_at timestamptz,
    state text not null default 'none' check (state in ('none', 'active', 'past_due', 'ended')),
    tier text check (tier in ('premium', 'infinity')),
    next_tier text check (next_tier in ('free', 'premium', 'infinity')),  -- from period_end on
    period_end timestamptz,
    grace_until timestamptz,
    lapsed_at timestamptz,  -- the grace was over before it was paid
    asked bigint not null default 0,  -- how often the provider was asked, and which of the answers this is
    applied bigint not null default 0,
    next_read_at timestamptz,
    constraint subscriptions_paid_check check (
        state in ('none', 'ended')
        or (tier is not null and next_tier is not null and period_end is not null)),
    constraint subscriptions_grace_check check (state <> 'past_due' or grace_until is not null)
);
create index subscriptions_read_idx on subscriptions (next_read_at) where next_read_at is not null;
create index subscriptions_grace_idx on subscriptions (grace_until)
    where state = 'past_due' and lapsed_at is null;
grant select, insert, update on subscriptions to ascension_api;

-- Events of the provider that were worked in: each is worked in once.
create table payment_events (
    id text primary key,
    received_at timestamptz not null default now()
);
create index payment_events_received_idx on payment_events (received_at);
grant select, insert, delete on payment_events to ascension_api;

-- Customers at the provider whose account is gone: what they pay for is to end, asked until it has.
create table payment_closures (
    customer_id text primary key,
    asked_at timestamptz not null default now(),
    next_try_at timestamptz not null default now()
);
create index payment_closures_due_idx on payment_closures (next_try_at);
grant select, update, delete on payment_closures to ascension_api;

-- However an account goes, also by a restore that erases it anew: nobody goes on paying for it.
create function subscription_close() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public
    as $$
begin
    insert into public.payment_closures (customer_id) values (old.customer_id) on conflict do nothing;
    return null;
end
$$;
-- contract: 0.1.0 takes back only what everybody may do with a function that was made above
revoke execute on function subscription_close() from public;
create trigger subscription_close after delete on subscriptions
    for each row execute function subscription_close();

-- migrate:down

drop table payment_closures;
drop table payment_events;
drop table subscriptions;
drop function subscription_close();
drop table plan_grants;
