"""SQL of plans that were given, and of what is paid for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.choices import Language
from ascension.infra.database.primary import Connection
from ascension.plans.tiers import PaidTier, Tier
from ascension.subscriptions.payments.provider import Paid

State = Literal["none", "active", "past_due", "ended"]


@dataclass(frozen=True)
class Grant:
    tier: PaidTier
    reason: str
    ends_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """What the provider said last of what a user pays for."""

    customer_id: str
    language: Language
    checkout_id: str | None
    state: State
    tier: PaidTier | None
    next_tier: Tier | None
    period_end: datetime | None
    grace_until: datetime | None
    lapsed_at: datetime | None


@dataclass(frozen=True)
class Rows:
    """`now`: the database's, as everything else in its rows."""

    grant: Grant | None
    standing: Standing | None
    now: datetime


_STANDING: LiteralString = (
    "customer_id, language, checkout_id, state, tier, next_tier, period_end, grace_until, lapsed_at"
)


async def rows_of(connection: Connection, user_id: UUID) -> Rows:
    """All that a tier is derived from."""
    return Rows(
        await get_grant(connection, user_id), await get_standing(connection, user_id), await _now(connection)
    )


async def _now(connection: Connection) -> datetime:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select clock_timestamp()")
        found: datetime | None = await cursor.fetchone()
    assert found is not None  # noqa: S101 (a clock has a time)
    return found


async def get_grant(connection: Connection, user_id: UUID) -> Grant | None:
    async with connection.cursor(row_factory=class_row(Grant)) as cursor:
        await cursor.execute("select tier, reason, ends_at from plan_grants where user_id = %s", (user_id,))
        return await cursor.fetchone()


async def put_grant(
    connection: Connection, user_id: UUID, tier: PaidTier, reason: str, ends_at: datetime | None
) -> None:
    await connection.execute(
        """
        insert into plan_grants (user_id, tier, reason, ends_at) values (%s, %s, %s, %s)
        on conflict (user_id) do update set tier = excluded.tier, reason = excluded.reason,
            ends_at = excluded.ends_at, granted_at = now()
        """,
        (user_id, tier, reason, ends_at),
    )


async def delete_grant(connection: Connection, user_id: UUID) -> None:
    await connection.execute("delete from plan_grants where user_id = %s", (user_id,))


async def take_ended_grants(connection: Connection, *, limit: int) -> list[UUID]:
    """Whose given plan is over; it is forgotten."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            delete from plan_grants where user_id in (
                select user_id from plan_grants where ends_at <= now()
                order by ends_at limit %s for update skip locked)
            returning user_id
            """,
            (limit,),
        )
        return await cursor.fetchall()


async def set_tier(connection: Connection, user_id: UUID, tier: Tier) -> None:
    await connection.execute("update users set tier = %s where id = %s", (tier, user_id))


async def get_standing(connection: Connection, user_id: UUID) -> Standing | None:
    async with connection.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(f"select {_STANDING} from subscriptions where user_id = %s", (user_id,))
        return await cursor.fetchone()


async def insert_customer(
    connection: Connection, user_id: UUID, customer_id: str, language: Language
) -> None:
    """Two requests side by side open the same customer."""
    await connection.execute(
        """
        insert into subscriptions (user_id, customer_id, language) values (%s, %s, %s)
        on conflict do nothing
        """,
        (user_id, customer_id, language),
    )


async def replace_customer(
    connection: Connection, user_id: UUID, customer_id: str, *, instead_of: str
) -> None:
    """The one of before is gone at the provider."""
    await connection.execute(
        "update subscriptions set customer_id = %s where user_id = %s and customer_id = %s",
        (customer_id, user_id, instead_of),
    )


async def note_checkout(
    connection: Connection,
    user_id: UUID,
    before: str | None,
    checkout_id: str,
    language: Language,
    *,
    look_in_s: float,
) -> bool:
    """False: another one than that of before has been opened meanwhile."""
    cursor = await connection.execute(
        """
        update subscriptions set checkout_id = %s, checkout_at = now(), language = %s,
            next_read_at = now() + make_interval(secs => %s)
        where user_id = %s and checkout_id is not distinct from %s
        """,
        (checkout_id, language, look_in_s, user_id, before),
    )
    return cursor.rowcount == 1


async def begin_read(connection: Connection, user_id: UUID) -> int:
    """The number of this question to the provider: of two answers the one that was asked for later holds."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "update subscriptions set asked = asked + 1 where user_id = %s returning asked", (user_id,)
        )
        return (await cursor.fetchone()) or 0


async def apply(
    connection: Connection,
    user_id: UUID,
    number: int,
    paid: Paid | None,
    *,
    grace_until: datetime | None,
    checkout_open_s: float,
) -> bool:
    """The answer to this question. False: the answer to a later one is there already.

    When it is asked again, should no event come: just after the period, daily; hourly while a payment is due
    or a checkout may be going on. While nothing is paid, another period brings no other grace.
    """
    cursor = await connection.execute(
        """
        update subscriptions set
            applied = %(number)s,
            state = case when %(state)s::text is not null then %(state)s
                         when state = 'none' then 'none' else 'ended' end,
            tier = %(tier)s, next_tier = %(next_tier)s, period_end = %(period_end)s,
            lapsed_at = case when state = 'past_due' and %(state)s::text = 'past_due' then lapsed_at end,
            grace_until = case when %(grace_until)s::timestamptz is not null
                then least(case when state = 'past_due' then grace_until end, %(grace_until)s) end,
            next_read_at = case
                when %(state)s::text = 'active' then
                    least(now() + interval '1 day', greatest(
                        now() + interval '10 minutes', %(period_end)s::timestamptz + interval '1 minute'))
                when %(state)s::text = 'past_due' then now() + interval '1 hour'
                when checkout_at > now() - make_interval(secs => %(open_s)s)
                    then now() + interval '10 minutes'
            end
        where user_id = %(user_id)s and applied < %(number)s
        """,
        {
            "user_id": user_id,
            "number": number,
            "state": paid and paid.state,
            "tier": paid and paid.tier,
            "next_tier": paid and paid.next_tier,
            "period_end": paid and paid.period_end,
            "grace_until": grace_until,
            "open_s": checkout_open_s,
        },
    )
    return cursor.rowcount == 1


async def owner_of(connection: Connection, customer_id: str) -> UUID | None:
    """Whose customer this is; None: nobody's here."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select user_id from subscriptions where customer_id = %s", (customer_id,))
        return await cursor.fetchone()


async def take_unread(connection: Connection, *, lease_s: float) -> UUID | None:
    """Who is to be asked about at the provider, for this caller alone until the lease is over."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            update subscriptions set next_read_at = now() + make_interval(secs => %s)
            where user_id = (
                select user_id from subscriptions where next_read_at <= now()
                order by next_read_at limit 1 for update skip locked)
            returning user_id
            """,
            (lease_s,),
        )
        return await cursor.fetchone()


async def take_lapsed(connection: Connection, *, limit: int) -> list[UUID]:
    """Whose grace is over."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            update subscriptions set lapsed_at = now() where user_id in (
                select user_id from subscriptions
                where state = 'past_due' and lapsed_at is null and grace_until <= now()
                order by grace_until limit %s for update skip locked)
            returning user_id
            """,
            (limit,),
        )
        return await cursor.fetchall()


async def departing(connection: Connection, *, limit: int) -> list[UUID]:
    """Who has asked for the account to be erased, and would pay again before it is."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select s.user_id from departures d join subscriptions s on s.user_id = d.user_id
            where s.state in ('active', 'past_due') and s.next_tier <> 'free'
            order by random() limit %s -- whoever cannot be ended keeps nobody from it
            """,
            (limit,),
        )
        return await cursor.fetchall()


async def note_event(connection: Connection, event_id: str) -> bool:
    """False: it was worked in before. Waits for who is just working it in."""
    cursor = await connection.execute(
        "insert into payment_events (id) values (%s) on conflict (id) do nothing", (event_id,)
    )
    return cursor.rowcount == 1


async def has_event(connection: Connection, event_id: str) -> bool:
    cursor = await connection.execute("select 1 from payment_events where id = %s", (event_id,))
    return await cursor.fetchone() is not None


async def delete_old_events(connection: Connection, *, older_than_s: int) -> None:
    await connection.execute(
        "delete from payment_events where received_at < now() - make_interval(secs => %s)", (older_than_s,)
    )


async def take_closure(connection: Connection, *, lease_s: float) -> str | None:
    """A customer whose account is gone, for this caller alone until the lease is over."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            update payment_closures set next_try_at = now() + make_interval(secs => %s)
            where customer_id = (
                select customer_id from payment_closures where next_try_at <= now()
                order by next_try_at limit 1 for update skip locked)
            returning customer_id
            """,
            (lease_s,),
        )
        return await cursor.fetchone()


async def delete_closure(connection: Connection, customer_id: str) -> None:
    await connection.execute("delete from payment_closures where customer_id = %s", (customer_id,))
