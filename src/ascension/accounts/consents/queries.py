"""SQL of consents: lines that are only ever added. The latest of a document says how it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from ascension.accounts.consents.texts import Document
from ascension.infra.database.primary import Connection

How = Literal["registration", "later", "withdrawn"]


@dataclass(frozen=True)
class Consent:
    document: Document
    version: str
    how: How
    at: datetime


async def insert(connection: Connection, user_id: UUID, document: Document, version: str, how: How) -> None:
    await connection.execute(
        "insert into consents (user_id, document, version, how) values (%s, %s, %s, %s)",
        (user_id, document, version, how),
    )


async def list_latest(connection: Connection, user_id: UUID) -> list[Consent]:
    """At most one of each document."""
    async with connection.cursor(row_factory=class_row(Consent)) as cursor:
        await cursor.execute(
            """
            select distinct on (document) document, version, how, at from consents
            where user_id = %s order by document, at desc
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def list_all(connection: Connection, user_id: UUID, *, limit: int) -> list[Consent]:
    """The latest first."""
    async with connection.cursor(row_factory=class_row(Consent)) as cursor:
        await cursor.execute(
            "select document, version, how, at from consents where user_id = %s order by at desc limit %s",
            (user_id, limit),
        )
        return await cursor.fetchall()
