"""SQL of what admins see and change of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.choices import Role
from ascension.infra.database.primary import Connection
from ascension.plans.tiers import Tier


@dataclass(frozen=True)
class Account:
    id: UUID
    email: str
    display_name: str
    role: Role
    tier: Tier
    created_at: datetime


_COLUMNS: LiteralString = "id, email, display_name, role, tier, created_at"


async def find(connection: Connection, email: str) -> Account | None:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"select {_COLUMNS} from users where email = %s", (email,))
        return await cursor.fetchone()


async def list_admins(connection: Connection) -> list[Account]:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(f"select {_COLUMNS} from users where role = 'admin' order by id")
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


async def update(
    connection: Connection, user_id: UUID, *, role: Role | None, tier: Tier | None
) -> Account | None:
    """None of role or tier: it stays. `operator` is what the release before reads."""
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(
            f"""
            update users set tier = coalesce(%(tier)s, tier), role = coalesce(%(role)s, role),
                operator = coalesce(%(role)s, role) = 'admin'
            where id = %(user_id)s
            returning {_COLUMNS}
            """,
            {"user_id": user_id, "role": role, "tier": tier},
        )
        return await cursor.fetchone()
