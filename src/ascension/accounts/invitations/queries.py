"""SQL of invitations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Invitation:
    id: UUID
    email: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


async def insert(connection: Connection, *, invitation_id: UUID, email: str, ttl_s: int) -> None:
    await connection.execute(
        """
        insert into invitations (id, email, expires_at) values (%s, %s, now() + make_interval(secs => %s))
        """,
        (invitation_id, email, ttl_s),
    )


async def get_open(connection: Connection, invitation_id: UUID) -> Invitation | None:
    """None: it is used, withdrawn or too old."""
    async with connection.cursor(row_factory=class_row(Invitation)) as cursor:
        await cursor.execute(
            """
            select id, email, created_at, expires_at, used_at, revoked_at from invitations
            where id = %s and used_at is null and revoked_at is null and expires_at > now()
            """,
            (invitation_id,),
        )
        return await cursor.fetchone()


async def mark_used(connection: Connection, invitation_id: UUID) -> None:
    await connection.execute("update invitations set used_at = now() where id = %s", (invitation_id,))


async def revoke_open(connection: Connection, email: str) -> int:
    """Withdraw what this address was sent and has not used; how many that were."""
    cursor = await connection.execute(
        """
        update invitations set revoked_at = now()
        where email = %s and used_at is null and revoked_at is null and expires_at > now()
        """,
        (email,),
    )
    return cursor.rowcount


async def delete_ended(connection: Connection, *, after_days: int) -> None:
    """Those used, withdrawn or too old for so long."""
    await connection.execute(
        """
        delete from invitations
        where least(used_at, revoked_at, expires_at) < now() - make_interval(days => %s)
        """,
        (after_days,),
    )


async def list_latest(connection: Connection, *, limit: int) -> list[Invitation]:
    async with connection.cursor(row_factory=class_row(Invitation)) as cursor:
        await cursor.execute(
            """
            select id, email, created_at, expires_at, used_at, revoked_at from invitations
            order by id desc limit %s
            """,
            (limit,),
        )
        return await cursor.fetchall()
