"""SQL of archives: their rows, and what goes into them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row, scalar_row

from ascension.accounts.choices import Language
from ascension.infra.database.primary import Connection

State = Literal["waiting", "making", "ready", "failed", "removed"]
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Export:
    id: UUID
    user_id: UUID
    state: State
    language: Language
    asked_at: datetime
    s3_upload_id: str | None
    """Of the multipart upload that is, or was, under way."""
    done_bytes: int
    total_bytes: int
    expires_at: datetime | None


@dataclass(frozen=True)
class StoredVideo:
    id: UUID
    content_type: str
    size_bytes: int
    object_key: str


@dataclass(frozen=True)
class StoredResult:
    """`wall_object_key`: of the picture that belongs to it; None: it has none."""

    id: UUID
    wall_object_key: str | None
    has_thumbnail: bool


async def insert(connection: Connection, export_id: UUID, user_id: UUID, language: Language) -> None:
    await connection.execute(
        "insert into exports (id, user_id, language) values (%s, %s, %s)", (export_id, user_id, language)
    )


async def get(connection: Connection, export_id: UUID, user_id: UUID) -> Export | None:
    """One that was not removed."""
    async with connection.cursor(row_factory=class_row(Export)) as cursor:
        await cursor.execute(
            """
            select id, user_id, state, language, asked_at, s3_upload_id, done_bytes, total_bytes, expires_at
            from exports where id = %s and user_id = %s and state <> 'removed'
            """,
            (export_id, user_id),
        )
        return await cursor.fetchone()


async def list_of(connection: Connection, user_id: UUID) -> list[Export]:
    """Those that were not removed, the latest first: so few as a week allows."""
    async with connection.cursor(row_factory=class_row(Export)) as cursor:
        await cursor.execute(
            """
            select id, user_id, state, language, asked_at, s3_upload_id, done_bytes, total_bytes, expires_at
            from exports where user_id = %s and state <> 'removed' order by asked_at desc
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def asked_today(connection: Connection, user_id: UUID) -> list[datetime]:
    """When archives were asked for within a day, the earliest first; removed ones count."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select asked_at from exports where user_id = %s and asked_at > now() - interval '1 day'
            order by asked_at
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def remove(connection: Connection, export_id: UUID, user_id: UUID) -> None:
    """What makes it sees that and stops. The row stays for as long as it counts."""
    await connection.execute(
        """
        update exports set state = 'removed', claim_id = null, expires_at = asked_at + interval '1 day'
        where id = %s and user_id = %s
        """,
        (export_id, user_id),
    )


async def claim(connection: Connection, claim_id: UUID, *, lease_s: float) -> Export | None:
    """The one that waits longest, or whose maker has died, for this claim alone.

    An account that is to go gets none; if it stays after all, its archive is made then.
    """
    async with connection.cursor(row_factory=class_row(Export)) as cursor:
        await cursor.execute(
            """
            update exports set state = 'making', claim_id = %(claim)s, attempts = attempts + 1,
                lease_until = now() + make_interval(secs => %(lease_s)s)
            where id = (
                select id from exports where attempts < %(most)s
                    and (state = 'waiting' or (state = 'making' and lease_until < now()))
                    and not exists (select from departures d where d.user_id = exports.user_id)
                order by asked_at limit 1 for update skip locked)
            returning id, user_id, state, language, asked_at, s3_upload_id, done_bytes, total_bytes,
                expires_at
            """,
            {"claim": claim_id, "lease_s": lease_s, "most": MAX_ATTEMPTS},
        )
        return await cursor.fetchone()


async def begin(
    connection: Connection, claim_id: UUID, *, user_id: UUID, s3_upload_id: str, total_bytes: int
) -> None:
    await connection.execute(
        """
        update exports set s3_upload_id = %s, total_bytes = %s, done_bytes = 0
        where claim_id = %s and user_id = %s
        """,
        (s3_upload_id, total_bytes, claim_id, user_id),
    )


async def note_progress(
    connection: Connection, claim_id: UUID, *, user_id: UUID, done_bytes: int, lease_s: float
) -> bool:
    """Keep the claim. False: it was removed, or another has taken it, or the account is to go."""
    cursor = await connection.execute(
        """
        update exports set done_bytes = %s, lease_until = now() + make_interval(secs => %s)
        where claim_id = %s and user_id = %s and state = 'making'
            and not exists (select from departures d where d.user_id = exports.user_id)
        """,
        (done_bytes, lease_s, claim_id, user_id),
    )
    return cursor.rowcount == 1


async def put_off(connection: Connection, claim_id: UUID, *, user_id: UUID, pause_s: float) -> None:
    """What it is made of cannot be had now: its maker did not die, so this try does not count."""
    await connection.execute(
        """
        update exports set claim_id = null, attempts = attempts - 1,
            lease_until = now() + make_interval(secs => %s)
        where claim_id = %s and user_id = %s and state = 'making'
        """,
        (pause_s, claim_id, user_id),
    )


async def finish(
    connection: Connection, claim_id: UUID, *, user_id: UUID, size_bytes: int, keep_days: int
) -> bool:
    """False: it was removed, or another has taken it."""
    cursor = await connection.execute(
        """
        update exports set state = 'ready', claim_id = null, s3_upload_id = null, ready_at = now(),
            done_bytes = %(bytes)s, total_bytes = %(bytes)s,
            expires_at = now() + make_interval(days => %(days)s)
        where claim_id = %(claim)s and user_id = %(user)s and state = 'making'
        """,
        {"bytes": size_bytes, "days": keep_days, "claim": claim_id, "user": user_id},
    )
    return cursor.rowcount == 1


async def give_up(connection: Connection) -> None:
    """Those whose makers died too often."""
    await connection.execute(
        """
        update exports set state = 'failed', claim_id = null, expires_at = now() + interval '1 day'
        where state = 'making' and lease_until < now() and attempts >= %s
        """,
        (MAX_ATTEMPTS,),
    )


async def take_expired(connection: Connection, *, limit: int, lease_s: float) -> list[Export]:
    """Those whose time is over: nobody fetches them any more. Objects are the caller's, and then `delete`.

    What the caller could not remove is taken again after the lease.
    """
    async with connection.cursor(row_factory=class_row(Export)) as cursor:
        await cursor.execute(
            """
            update exports set state = 'removed', expires_at = now() + make_interval(secs => %s)
            where id in (
                select id from exports
                where state in ('ready', 'failed', 'removed') and expires_at < now()
                order by expires_at limit %s for update skip locked)
            returning id, user_id, state, language, asked_at, s3_upload_id, done_bytes, total_bytes,
                expires_at
            """,
            (lease_s, limit),
        )
        return await cursor.fetchall()


async def delete(connection: Connection, export_id: UUID, user_id: UUID) -> None:
    await connection.execute("delete from exports where id = %s and user_id = %s", (export_id, user_id))


async def rows(connection: Connection, sql: LiteralString, user_id: UUID) -> list[dict[str, Any]]:
    """What one statement of `contents` tells of the user."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql, {"user_id": user_id})
        return await cursor.fetchall()


async def list_videos(connection: Connection, user_id: UUID) -> list[StoredVideo]:
    async with connection.cursor(row_factory=class_row(StoredVideo)) as cursor:
        await cursor.execute(
            """
            select id, content_type, size_bytes, object_key from videos
            where user_id = %s and state = 'uploaded' order by id
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def list_results(connection: Connection, user_id: UUID) -> list[StoredResult]:
    async with connection.cursor(row_factory=class_row(StoredResult)) as cursor:
        await cursor.execute(
            """
            select id, wall_object_key, thumbnail_width_px is not null as has_thumbnail
            from analyses where user_id = %s and result is not null order by id
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def get_result(connection: Connection, analysis_id: UUID, user_id: UUID) -> bytes | None:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select result from analyses where id = %s and user_id = %s", (analysis_id, user_id)
        )
        return await cursor.fetchone()
