"""Accounts that were erased stay erased: a restore takes over what the database that was there knows of them.

Of a finished erasure a digest of the account's id is left, which finds the account in a backup of before.
Erasures are forgotten after `KEEP_FINISHED_DAYS`: an older backup brings such accounts back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row, dict_row
from pydantic import ConfigDict, TypeAdapter, with_config

from ascension.embedded.engines.engine import Engine
from ascension.embedded.engines.postgres import CONNECT_TIMEOUT_S, Postgres
from ascension.embedded.engines.programs import locate
from ascension.embedded.layout import Home
from ascension.embedded.record import Record
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import Connection
from ascension.infra.database.roles import MIGRATE
from ascension.retention import queries


@with_config(ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
@dataclass(frozen=True)
class Erased:
    """One erasure that the platform which was there knows of."""

    id: UUID
    user_sha256: bytes
    requested_at: datetime
    finished_at: datetime | None


FILE = TypeAdapter(list[Erased])
"""As they go from one database to another."""


@dataclass(frozen=True)
class Known:
    """All of them, or why they cannot be told."""

    erased: tuple[Erased, ...] = ()
    unknown_because: str = ""


async def read(home: Home, record: Record) -> Known:
    """Ask the database of this stopped home, started for that alone; `record` holds the home."""
    if not (home.data("postgres") / "cluster").exists():
        return Known()
    database = Postgres(home, locate(home).postgres, home.choose_ports().postgres, home.secrets())
    engine = Engine(
        database.program,
        lambda: record.write({"postgres": engine.pid} if engine.pid else {}),
        home=database.home.path,
    )
    try:
        await database.create_cluster()  # refuses another major version's
        await engine.start()
        return Known(tuple(await listed(database.url(MIGRATE))))
    except (SetupError, psycopg.Error) as error:
        return Known(unknown_because=" ".join(str(error).split()))
    finally:
        await engine.stop()


async def listed(url: str) -> list[Erased]:
    """Those that this database knows of."""
    async with await psycopg.AsyncConnection.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        cursor = connection.cursor(row_factory=class_row(Erased))
        await cursor.execute(
            "select id, user_sha256, requested_at, finished_at from erasures where user_sha256 is not null"
        )
        return await cursor.fetchall()


async def apply(url: str, erased: Sequence[Erased]) -> int:
    """Erase again whom a backup brought back; how many accounts. Their objects follow when the API runs."""
    again = 0
    async with await Connection.connect(
        url, connect_timeout=CONNECT_TIMEOUT_S, row_factory=dict_row
    ) as connection:
        for one in erased:
            found = await connection.execute(
                "select id from users where sha256(id::text::bytea) = %s", (one.user_sha256,)
            )
            user = await found.fetchone()
            user_id: UUID | None = user["id"] if user else None
            if user_id is not None:
                await queries.delete_user(connection, user_id)
                again += 1
            await connection.execute(
                """
                insert into erasures (id, user_id, user_sha256, requested_at, finished_at)
                values (%s, %s, %s, %s, %s) on conflict (id) do nothing
                """,
                (
                    one.id,
                    user_id,
                    one.user_sha256,
                    one.requested_at,
                    None if user_id else one.finished_at,
                ),
            )
    return again
