"""SQL of what admins see and change of accounts."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.choices import Role
from ascension.infra.database.primary import Connection
from ascension.plans.tiers import PaidTier, Tier

State = Literal["given", "paid", "leaving", "awaits_guardian"]


@dataclass(frozen=True)
class Account:
    id: UUID
    email: str
    display_name: str
    role: Role
    tier: Tier
    created_at: datetime
    given_tier: PaidTier | None
    given_reason: str | None
    given_until: datetime | None
    is_paid: bool
    paid_until: datetime | None
    has_codes: bool
    seen_at: datetime | None
    """When a session was last begun or renewed, of those that are still known."""
    sessions: int
    climbs: int
    stored_bytes: int
    erased_at: datetime | None
    """When it is to be erased, of one that leaves."""
    awaits_guardian: bool


@dataclass(frozen=True)
class Which:
    """Which accounts; None: whatever it is. `search`: a part of the e-mail."""

    search: str | None = None
    role: Role | None = None
    tier: Tier | None = None
    state: State | None = None


# what is counted, is counted for the accounts that are told alone: behind the order and the limit
_ACCOUNT: LiteralString = """
    select u.id, u.email, u.display_name, u.role, u.tier, u.created_at,
        g.tier as given_tier, g.reason as given_reason, g.ends_at as given_until,
        coalesce(s.state in ('active', 'past_due'), false) as is_paid,
        case when s.state in ('active', 'past_due') then s.period_end end as paid_until,
        exists (
            select from totp_factors t where t.user_id = u.id and t.confirmed_at is not null) as has_codes,
        (select max(r.created_at) from refresh_tokens r where r.user_id = u.id) as seen_at,
        (select count(distinct r.family_id) from refresh_tokens r
            where r.user_id = u.id and r.rotated_at is null and r.revoked_at is null
                and r.expires_at > now()) as sessions,
        (select count(*) from analyses a where a.user_id = u.id) as climbs,
        ((select coalesce(sum(v.size_bytes), 0) from videos v where v.user_id = u.id and v.state = 'uploaded')
            + (select coalesce(sum(c.size_bytes), 0) from video_copies c
                where c.user_id = u.id and c.made_at is not null and c.purpose <> 'saved'))::bigint
            as stored_bytes,
        (select d.erase_at from departures d where d.user_id = u.id) as erased_at,
        exists (select from guardians m where m.user_id = u.id and m.confirmed_at is null) as awaits_guardian
    from users u left join plan_grants g on g.user_id = u.id left join subscriptions s on s.user_id = u.id
"""
_WHICH: LiteralString = """
    (%(search)s::text is null or strpos(u.email, %(search)s) > 0)
    and (%(role)s::text is null or u.role = %(role)s)
    and (%(tier)s::text is null or u.tier = %(tier)s)
    and case %(state)s::text
        when 'given' then g.user_id is not null
        when 'paid' then s.state in ('active', 'past_due')
        when 'leaving' then exists (select from departures d where d.user_id = u.id)
        when 'awaits_guardian' then
            exists (select from guardians m where m.user_id = u.id and m.confirmed_at is null)
        else true end
"""


async def find(connection: Connection, email: str) -> Account | None:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"{_ACCOUNT} where u.email = %s", (email,))
        return await cursor.fetchone()


async def list_newest(
    connection: Connection, which: Which, *, before_id: UUID | None, limit: int
) -> list[Account]:
    """Made last, before this one. Ids grow with time."""
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(
            f"""
            {_ACCOUNT} where {_WHICH} and (%(before_id)s::uuid is null or u.id < %(before_id)s)
            order by u.id desc limit %(limit)s
            """,
            {**asdict(which), "before_id": before_id, "limit": limit},
            prepare=False,
        )
        return await cursor.fetchall()


async def is_unconfirmed(connection: Connection, email: str) -> bool:
    """Whether somebody with this whole address asked for an account and has not answered the letter yet."""
    cursor = await connection.execute(
        "select from registrations where email = %s and expires_at > now() limit 1", (email,)
    )
    return await cursor.fetchone() is not None


async def list_admins(connection: Connection) -> list[Account]:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"{_ACCOUNT} where u.role = 'admin' order by u.id")
        return await cursor.fetchall()


async def lock_with_admins(connection: Connection, user_id: UUID) -> None:
    """This account and every admin's, in one order: of two changes side by side the second sees the first."""
    await connection.execute(
        "select from users where id = %s or role = 'admin' order by id for no key update", (user_id,)
    )


async def has_other_admin(connection: Connection, user_id: UUID) -> bool:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select exists (select from users where role = 'admin' and id <> %s)", (user_id,)
        )
        return bool(await cursor.fetchone())


async def get(connection: Connection, user_id: UUID) -> Account | None:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"{_ACCOUNT} where u.id = %s", (user_id,))
        return await cursor.fetchone()


async def set_role(connection: Connection, user_id: UUID, role: Role) -> bool:
    """False: there is no such account. `operator` is what the release before reads."""
    cursor = await connection.execute(
        "update users set role = %(role)s, operator = %(role)s = 'admin' where id = %(user_id)s",
        {"user_id": user_id, "role": role},
    )
    return cursor.rowcount == 1
