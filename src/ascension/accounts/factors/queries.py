"""SQL of second factors and passkeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class TotpFactor:
    sealed_secret: bytes
    confirmed_at: datetime | None
    last_step: int | None


@dataclass(frozen=True)
class Passkey:
    id: UUID
    user_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


async def put_totp(connection: Connection, user_id: UUID, sealed_secret: bytes) -> bool:
    """Begin, or begin anew. False: there is one that counts already."""
    cursor = await connection.execute(
        """
        insert into totp_factors (user_id, sealed_secret) values (%s, %s)
        on conflict (user_id) do update
        set sealed_secret = excluded.sealed_secret, created_at = now(), last_step = null
        where totp_factors.confirmed_at is null
        """,
        (user_id, sealed_secret),
    )
    return cursor.rowcount == 1


async def get_totp(connection: Connection, user_id: UUID) -> TotpFactor | None:
    async with connection.cursor(row_factory=class_row(TotpFactor)) as cursor:
        await cursor.execute(
            "select sealed_secret, confirmed_at, last_step from totp_factors where user_id = %s", (user_id,)
        )
        return await cursor.fetchone()


async def use_totp_step(connection: Connection, user_id: UUID, step: int) -> bool:
    """False: the code of this step, or of a later one, was taken before."""
    cursor = await connection.execute(
        """
        update totp_factors set last_step = %(step)s
        where user_id = %(user_id)s and coalesce(last_step, -1) < %(step)s
        """,
        {"user_id": user_id, "step": step},
    )
    return cursor.rowcount == 1


async def confirm_totp(connection: Connection, user_id: UUID) -> None:
    await connection.execute("update totp_factors set confirmed_at = now() where user_id = %s", (user_id,))


async def delete_totp(connection: Connection, user_id: UUID) -> bool:
    """With the recovery codes, which stand for it. False: there was none."""
    await connection.execute("delete from recovery_codes where user_id = %s", (user_id,))
    cursor = await connection.execute("delete from totp_factors where user_id = %s", (user_id,))
    return cursor.rowcount == 1


async def put_recovery_codes(
    connection: Connection, user_id: UUID, hashes: Sequence[bytes], *, key_id: str
) -> None:
    """Instead of those that there were. key_id: of the secret that the hashes were made with."""
    await connection.execute("delete from recovery_codes where user_id = %s", (user_id,))
    await connection.execute(
        "insert into recovery_codes (user_id, key_id, code_hash) select %s, %s, unnest(%s::bytea[])",
        (user_id, key_id, list(hashes)),
    )


async def use_recovery_code(connection: Connection, user_id: UUID, hashes: Sequence[bytes]) -> bool:
    """By any of its hashes. False: there is no such code, or it was used."""
    cursor = await connection.execute(
        """
        update recovery_codes set used_at = now()
        where user_id = %s and code_hash = any(%s) and used_at is null
        """,
        (user_id, list(hashes)),
    )
    return cursor.rowcount == 1


async def count_recovery_codes(connection: Connection, user_id: UUID) -> int:
    """Those that can still be used."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select count(*) from recovery_codes where user_id = %s and used_at is null", (user_id,)
        )
        return (await cursor.fetchone()) or 0


async def insert_passkey(
    connection: Connection,
    *,
    passkey_id: UUID,
    user_id: UUID,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
) -> Passkey | None:
    """None: this credential is registered already."""
    async with connection.cursor(row_factory=class_row(Passkey)) as cursor:
        await cursor.execute(
            """
            insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
            values (%s, %s, %s, %s, %s, %s) on conflict (credential_id) do nothing
            returning id, user_id, credential_id, public_key, sign_count, name, created_at, used_at
            """,
            (passkey_id, user_id, credential_id, public_key, sign_count, name),
        )
        return await cursor.fetchone()


async def list_passkeys(connection: Connection, user_id: UUID) -> list[Passkey]:
    """The oldest first."""
    async with connection.cursor(row_factory=class_row(Passkey)) as cursor:
        await cursor.execute(
            """
            select id, user_id, credential_id, public_key, sign_count, name, created_at, used_at
            from passkeys where user_id = %s order by id
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def lock_passkey(connection: Connection, credential_id: bytes) -> Passkey | None:
    """Whose it is, locked: two logins with one key happen one after the other."""
    async with connection.cursor(row_factory=class_row(Passkey)) as cursor:
        await cursor.execute(
            """
            select id, user_id, credential_id, public_key, sign_count, name, created_at, used_at
            from passkeys where credential_id = %s for update
            """,
            (credential_id,),
        )
        return await cursor.fetchone()


async def note_passkey_use(connection: Connection, passkey_id: UUID, sign_count: int) -> None:
    await connection.execute(
        "update passkeys set used_at = now(), sign_count = %s where id = %s", (sign_count, passkey_id)
    )


async def delete_passkey(connection: Connection, user_id: UUID, passkey_id: UUID) -> bool:
    """False: the user has no such key."""
    cursor = await connection.execute(
        "delete from passkeys where user_id = %s and id = %s", (user_id, passkey_id)
    )
    return cursor.rowcount == 1
