"""SQL of what admins see and change of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.choices import Role
from ascension.infra.database.primary import Connection
from ascension.plans.tiers import PaidTier, Tier


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
    has_codes: bool


_ACCOUNT: LiteralString = """
    select u.id, u.email, u.display_name, u.role, u.tier, u.created_at,
        g.tier as given_tier, g.reason as given_reason, g.ends_at as given_until,
        coalesce(s.state in ('active', 'past_due'), false) as is_paid,
        exists (select from totp_factors t where t.user_id = u.id and t.confirmed_at is not null) as has_codes
    from users u left join plan_grants g on g.user_id = u.id left join subscriptions s on s.user_id = u.id
"""


async def find(connection: Connection, email: str) -> Account | None:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"{_ACCOUNT} where u.email = %s", (email,))
        return await cursor.fetchone()


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
