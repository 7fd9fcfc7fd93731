"""SQL that reads the audit log. It is written by `entries.record` alone."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row, scalar_row

from ascension.audit.chain import Entry, Head
from ascension.audit.entries import Party
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Which:
    """What is looked for; None: any. `before`: entries older than the one at this position."""

    action: str | None = None
    actor: str | None = None
    subject: str | None = None
    since: datetime | None = None
    before: int | None = None


async def name_of(connection: Connection, party: Party) -> str:
    """What a party is called in the log."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select audit_name(%s, %s)", (party.kind, party.id))
        return str(await cursor.fetchone())


async def list_from(connection: Connection, position: int, *, limit: int) -> list[Entry]:
    """In the order of the chain, from this position on."""
    async with connection.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            """
            select position, at, actor, action, subject, details::text, prev_hash, hash from audit_log
            where position >= %s order by position limit %s
            """,
            (position, limit),
        )
        return await cursor.fetchall()


async def list_newest(connection: Connection, which: Which, *, limit: int) -> list[Entry]:
    """Newest first."""
    async with connection.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            """
            select position, at, actor, action, subject, details::text, prev_hash, hash from audit_log
            where position is not null
                and (%(action)s::text is null or action ^@ %(action)s)
                and (%(actor)s::text is null or actor = %(actor)s)
                and (%(subject)s::text is null or subject = %(subject)s)
                and (%(since)s::timestamptz is null or at >= %(since)s)
                and (%(before)s::bigint is null or position < %(before)s)
            order by position desc limit %(limit)s
            """,
            {**vars(which), "limit": limit},
        )
        return await cursor.fetchall()


async def first_since(connection: Connection, since: datetime) -> int:
    """The position of the first entry of then or later; one after the last where there is none."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select coalesce(min(position) filter (where at >= %s), max(position) + 1, 1) from audit_log
            """,
            (since,),
        )
        return (await cursor.fetchone()) or 1


async def last_before(connection: Connection, before: datetime) -> Head | None:
    """The last entry of before then, but never the newest one."""
    async with connection.cursor(row_factory=class_row(Head)) as cursor:
        await cursor.execute(
            """
            select position, hash from audit_log
            where at < %s and position < (select max(position) from audit_log)
            order by position desc limit 1
            """,
            (before,),
        )
        return await cursor.fetchone()


async def newest_cut(connection: Connection) -> Head | None:
    """The entry behind which the log begins; None: nothing was ever taken out."""
    async with connection.cursor(row_factory=class_row(Head)) as cursor:
        await cursor.execute("select position, hash from audit_cuts order by position desc limit 1")
        return await cursor.fetchone()


async def tells_of_cut(connection: Connection, details: str) -> bool:
    """Whether an entry says that the log was cut, with these details."""
    cursor = await connection.execute(
        """
        select from audit_log where position is not null and action = 'audit.pruned' and details::text = %s
        limit 1
        """,
        (details,),
    )
    return await cursor.fetchone() is not None


async def insert_cut(connection: Connection, head: Head) -> bool:
    """False: it is noted already."""
    cursor = await connection.execute(
        "insert into audit_cuts (position, hash) values (%s, %s) on conflict do nothing",
        (head.position, head.hash),
    )
    return cursor.rowcount == 1


async def delete_up_to(connection: Connection, position: int, *, limit: int) -> int:
    """How many were removed. The database refuses what lies behind the newest cut."""
    cursor = await connection.execute(
        """
        delete from audit_log where position in (
            select position from audit_log where position <= %s order by position limit %s)
        """,
        (position, limit),
    )
    return cursor.rowcount


async def count_unsealed(connection: Connection) -> int:
    """Rows that came in beside the one way."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select count(*) from audit_log where position is null")
        return (await cursor.fetchone()) or 0


async def head(connection: Connection) -> Head | None:
    """The last entry; None: there is none."""
    async with connection.cursor(row_factory=class_row(Head)) as cursor:
        await cursor.execute(
            "select position, hash from audit_log where position is not null order by position desc limit 1"
        )
        return await cursor.fetchone()
