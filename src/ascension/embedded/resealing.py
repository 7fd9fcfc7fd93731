"""What is sealed with the account secret is sealed anew with the present one, after that was changed."""

from dataclasses import dataclass
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import scalar_row, tuple_row

from ascension.accounts.sealing import AccountKeys
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Sealed:
    """A column of sealed values: how to read them with their owners, and how to replace one."""

    table: str
    listed: LiteralString
    replaced: LiteralString


SEALED: Final = (
    Sealed(
        "totp_factors",
        "select user_id, sealed_secret from totp_factors for update",
        "update totp_factors set sealed_secret = %s where user_id = %s",
    ),
    Sealed(
        "shares",
        "select id, sealed_token from shares for update",
        "update shares set sealed_token = %s where id = %s",
    ),
)


@dataclass(frozen=True)
class Resealed:
    """`lost`: rows that neither secret opens. `on_recovery_codes`: accounts with codes of before."""

    count: int
    lost: int
    on_recovery_codes: int


async def reseal(connection: Connection, keys: AccountKeys) -> Resealed:
    """Every value that the secret of before opens. All or nothing: the caller ends the transaction."""
    count = lost = 0
    for column in SEALED:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(column.listed)
            rows: list[tuple[UUID, bytes]] = await cursor.fetchall()
        for owner, sealed in rows:
            plain = keys.open(sealed, owner)
            if plain is None:
                lost += 1
            elif keys.is_of_before(sealed, owner):
                await connection.execute(column.replaced, (keys.seal(plain, owner), owner))
                count += 1
    return Resealed(count, lost, await _count_on_recovery_codes(connection, keys.id))


async def _count_on_recovery_codes(connection: Connection, key_id: str) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select count(distinct user_id) from recovery_codes
            where used_at is null and key_id is distinct from %s
            """,
            (key_id,),
        )
        return (await cursor.fetchone()) or 0
