"""SQL of refresh tokens. A family of them is one session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection

MAX_LISTED = 100


@dataclass(frozen=True)
class RefreshToken:
    token_hash: bytes
    family_id: UUID
    user_id: UUID
    began_at: datetime
    expires_at: datetime
    rotated_at: datetime | None
    successor_hash: bytes | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class OpenSession:
    """One that can still be used. `used_at`: when its token turned last, every quarter of an hour in use."""

    id: UUID
    device: str | None
    began_at: datetime
    used_at: datetime


async def insert_token(
    connection: Connection,
    *,
    token_hash: bytes,
    family_id: UUID,
    user_id: UUID,
    device: str | None,
    began_at: datetime | None,
    ttl_s: int,
) -> None:
    """`began_at` None: now."""
    await connection.execute(
        """
        insert into refresh_tokens (token_hash, family_id, user_id, device, began_at, expires_at)
        values (%s, %s, %s, %s, coalesce(%s, now()), now() + make_interval(secs => %s))
        """,
        (token_hash, family_id, user_id, device, began_at, ttl_s),
    )


async def owner_of(connection: Connection, token_hash: bytes) -> UUID | None:
    """Whose session this token is of; None: it is unknown."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select user_id from refresh_tokens where token_hash = %s", (token_hash,))
        return await cursor.fetchone()


async def lock_token(connection: Connection, token_hash: bytes) -> RefreshToken | None:
    """The row, locked: two refreshes with one token happen one after the other."""
    async with connection.cursor(row_factory=class_row(RefreshToken)) as cursor:
        await cursor.execute(
            """
            select token_hash, family_id, user_id, coalesce(began_at, created_at) as began_at, expires_at,
                rotated_at, successor_hash, revoked_at
            from refresh_tokens where token_hash = %s for update
            """,
            (token_hash,),
        )
        return await cursor.fetchone()


async def mark_rotated(connection: Connection, token_hash: bytes, successor_hash: bytes) -> None:
    await connection.execute(
        """
        update refresh_tokens set rotated_at = coalesce(rotated_at, now()), successor_hash = %s
        where token_hash = %s
        """,
        (successor_hash, token_hash),
    )


async def drop_unused_successor(connection: Connection, token_hash: bytes) -> bool:
    """Revoke a successor that nobody has used yet; False when it was used."""
    cursor = await connection.execute(
        """
        update refresh_tokens set revoked_at = now()
        where token_hash = %s and rotated_at is null and revoked_at is null
        """,
        (token_hash,),
    )
    return cursor.rowcount == 1


async def revoke_family(connection: Connection, user_id: UUID, family_id: UUID) -> bool:
    """False: the user has no such session that was open."""
    cursor = await connection.execute(
        """
        update refresh_tokens set revoked_at = now()
        where user_id = %s and family_id = %s and revoked_at is null
        """,
        (user_id, family_id),
    )
    return cursor.rowcount > 0


async def revoke_all(connection: Connection, user_id: UUID, *, but: UUID | None) -> None:
    """Every session of the user, except this one."""
    await connection.execute(
        """
        update refresh_tokens set revoked_at = now()
        where user_id = %s and family_id is distinct from %s and revoked_at is null
        """,
        (user_id, but),
    )


async def list_open(connection: Connection, user_id: UUID) -> list[OpenSession]:
    """The latest used first, so many as anybody looks through."""
    async with connection.cursor(row_factory=class_row(OpenSession)) as cursor:
        await cursor.execute(
            """
            select family_id as id, device, coalesce(began_at, created_at) as began_at, created_at as used_at
            from refresh_tokens
            where user_id = %s and rotated_at is null and revoked_at is null and expires_at > now()
            order by created_at desc limit %s
            """,
            (user_id, MAX_LISTED),
        )
        return await cursor.fetchall()


async def list_ids(connection: Connection, user_id: UUID) -> list[UUID]:
    """Each that access tokens may name."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select distinct family_id from refresh_tokens where user_id = %s and revoked_at is null",
            (user_id,),
        )
        return await cursor.fetchall()


async def list_ended(connection: Connection, *, within_s: float, user_id: UUID | None) -> list[UUID]:
    """Which sessions ended within that time: of one user, or everybody's.

    A token that was taken back because its answer was lost leaves another one open, so its session goes on.
    """
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select distinct family_id from refresh_tokens ended
            where revoked_at > now() - make_interval(secs => %(within_s)s)
                and (%(user_id)s::uuid is null or user_id = %(user_id)s)
                and not exists (
                    select from refresh_tokens still
                    where still.family_id = ended.family_id
                        and still.rotated_at is null and still.revoked_at is null
                    offset 0)  -- asked of each that ended, of which there are few: not of all that are open
            """,
            {"within_s": within_s, "user_id": user_id},
        )
        return await cursor.fetchall()


async def family_of(connection: Connection, user_id: UUID, token_hash: bytes) -> UUID | None:
    """Which session of the user a token belongs to."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select family_id from refresh_tokens where user_id = %s and token_hash = %s",
            (user_id, token_hash),
        )
        return await cursor.fetchone()


async def delete_expired(connection: Connection) -> None:
    await connection.execute("delete from refresh_tokens where expires_at < now()")
