"""What is sealed with the account secret is sealed anew with the present one, after that was changed."""

from dataclasses import dataclass
from typing import Final, LiteralString
from uuid import UUID

from psycopg.rows import scalar_row, tuple_row

from ascension.accounts.sealing import AccountKeys
from ascension.infra.database.primary import Connection, Database

BATCH: Final = 500
"""A transaction may last so long and no longer, and locks its rows."""


@dataclass(frozen=True)
class Sealed:
    """A column of sealed values: how to read them with their owners, from one on, and how to replace one."""

    table: str
    listed: LiteralString
    replaced: LiteralString


SEALED: Final = (
    Sealed(
        "totp_factors",
        """
        select user_id, sealed_secret from totp_factors
        where user_id > %s order by user_id limit %s for update
        """,
        "update totp_factors set sealed_secret = %s where user_id = %s",
    ),
    Sealed(
        "shares",
        "select id, sealed_token from shares where id > %s order by id limit %s for update",
        "update shares set sealed_token = %s where id = %s",
    ),
)


@dataclass(frozen=True)
class Resealed:
    """`lost`: rows that neither secret opens. `on_recovery_codes`: accounts with codes of before."""

    count: int
    lost: int
    on_recovery_codes: int


async def reseal(database: Database, keys: AccountKeys, *, dry_run: bool = False) -> Resealed:
    """Every value that the secret of before opens, a batch at a time: repeatable, wherever it was ended.

    dry_run: count only. Raises DatabaseUnavailable, SchemaOutdated.
    """
    count = lost = 0
    for column in SEALED:
        after: UUID | None = UUID(int=0)
        while after is not None:
            async with database.transaction() as tx:
                rows = await _batch(tx.connection, column, after)
                lost += sum(keys.open(sealed, owner) is None for owner, sealed in rows)
                stale = [(owner, sealed) for owner, sealed in rows if keys.is_of_before(sealed, owner)]
                count += len(stale)
                if not dry_run:
                    await _seal(tx.connection, column, keys, stale)
            after = rows[-1][0] if len(rows) == BATCH else None
    async with database.reading() as connection:
        return Resealed(count, lost, await _count_on_recovery_codes(connection, keys.id))


async def _batch(connection: Connection, column: Sealed, after: UUID) -> list[tuple[UUID, bytes]]:
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(column.listed, (after, BATCH))
        return await cursor.fetchall()


async def _seal(
    connection: Connection, column: Sealed, keys: AccountKeys, rows: list[tuple[UUID, bytes]]
) -> None:
    for owner, sealed in rows:
        if (plain := keys.open(sealed, owner)) is not None:
            await connection.execute(column.replaced, (keys.seal(plain, owner), owner))


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
