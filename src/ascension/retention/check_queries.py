"""SQL of the storage check: which objects rows name, in the order in which storage lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection
from ascension.infra.storage.lifetimes import EXPORTS, SHARED, THUMBNAILS


@dataclass(frozen=True)
class Named:
    """An object that a row names and that storage must have."""

    object_key: str
    owner_id: UUID
    """What the next page begins after, where keys alone are not indexed."""
    user_id: UUID


NOWHERE = Named("", UUID(int=0), UUID(int=0))


async def videos_after(connection: Connection, prefix: str, after: Named, limit: int) -> list[Named]:
    """Uploaded videos below a prefix, by key."""
    async with connection.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select object_key, id as owner_id, user_id from videos
            where object_key collate "C" > %(after)s and starts_with(object_key, %(prefix)s)
                and state = 'uploaded'
            order by object_key collate "C" limit %(limit)s
            """,
            {"after": max(after.object_key, prefix), "prefix": prefix, "limit": limit},
        )
        return await cursor.fetchall()


async def pictures_after(connection: Connection, _prefix: str, after: Named, limit: int) -> list[Named]:
    """Wall pictures of so many analyses. Their keys are made of both ids, so the order of ids is theirs."""
    async with connection.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select object_key, id as owner_id, user_id from (
                select id, user_id, wall_object_key, covered_wall_object_key from analyses
                where (user_id, id) > (%(user_id)s, %(id)s) and wall_object_key is not null
                order by user_id, id limit %(limit)s
            ) as found, unnest(array[wall_object_key, covered_wall_object_key]) as object_key
            where object_key is not null order by user_id, id, object_key collate "C"
            """,
            {"user_id": after.user_id, "id": after.owner_id, "limit": limit},
        )
        return await cursor.fetchall()


async def thumbnails_after(connection: Connection, _prefix: str, after: Named, limit: int) -> list[Named]:
    """Small pictures of climbs, by key as above."""
    async with connection.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select 'thumbnails/' || user_id || '/' || id as object_key, id as owner_id, user_id from analyses
            where (user_id, id) > (%(user_id)s, %(id)s) and thumbnail_width_px is not null
            order by user_id, id limit %(limit)s
            """,
            {"user_id": after.user_id, "id": after.owner_id, "limit": limit},
        )
        return await cursor.fetchall()


async def copies_after(connection: Connection, _prefix: str, after: Named, limit: int) -> list[Named]:
    """Copies for others that are made, by key as above."""
    async with connection.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select 'shared/' || user_id || '/' || id as object_key, id as owner_id, user_id from video_copies
            where (user_id, id) > (%(user_id)s, %(id)s) and made_at is not null and purpose <> 'saved'
            order by user_id, id limit %(limit)s
            """,
            {"user_id": after.user_id, "id": after.owner_id, "limit": limit},
        )
        return await cursor.fetchall()


async def exports_after(connection: Connection, _prefix: str, after: Named, limit: int) -> list[Named]:
    """Archives that can be fetched, by key as above."""
    async with connection.cursor(row_factory=class_row(Named)) as cursor:
        await cursor.execute(
            """
            select 'exports/' || user_id || '/' || id as object_key, id as owner_id, user_id from exports
            where (user_id, id) > (%(user_id)s, %(id)s) and state = 'ready' and expires_at > now()
            order by user_id, id limit %(limit)s
            """,
            {"user_id": after.user_id, "id": after.owner_id, "limit": limit},
        )
        return await cursor.fetchall()


async def still_named(connection: Connection, object_key: str) -> bool:
    """Does a row still name this object as one that is there?"""
    cursor = await connection.execute(
        """
        select 1 from videos where object_key collate "C" = %(key)s and state = 'uploaded'
        union all select 1 from analyses
            where id = %(analysis)s and %(key)s in (wall_object_key, covered_wall_object_key)
        union all select 1 from analyses where id = %(thumbnail)s and thumbnail_width_px is not null
        union all select 1 from video_copies
            where id = %(copy)s and made_at is not null and purpose <> 'saved'
        union all select 1 from exports where id = %(export)s and state = 'ready' and expires_at > now()
        """,
        {
            "key": object_key,
            "analysis": _analysis_in(object_key),
            "thumbnail": _named_in(object_key, THUMBNAILS),
            "copy": _named_in(object_key, SHARED),
            "export": _named_in(object_key, EXPORTS),
        },
    )
    return await cursor.fetchone() is not None


async def expected(connection: Connection, object_keys: Sequence[str]) -> set[str]:
    """Those of these objects that have a right to be there.

    A row names them, or they wait for their removal, or they are being copied just now.
    """
    analyses = [found for key in object_keys if (found := _analysis_in(key))]
    thumbnails = [found for key in object_keys if (found := _named_in(key, THUMBNAILS))]
    copies = [found for key in object_keys if (found := _named_in(key, SHARED))]
    exports = [found for key in object_keys if (found := _named_in(key, EXPORTS))]
    folders = {f"{key.rpartition('/')[0]}/" for key in object_keys}
    cursor = await connection.execute(
        """
        select object_key as key from videos
            where object_key collate "C" = any(%(keys)s) and state in ('uploading', 'uploaded')
        union all select unnest(array[wall_object_key, covered_wall_object_key]) from analyses
            where id = any(%(analyses)s)
        union all select 'thumbnails/' || user_id || '/' || id from analyses
            where id = any(%(thumbnails)s) and thumbnail_width_px is not null
        union all select 'shared/' || user_id || '/' || id from video_copies where id = any(%(copies)s)
        union all select 'exports/' || user_id || '/' || id from exports where id = any(%(exports)s)
        union all select object_key from object_deletions where object_key = any(%(waiting)s)
        union all select prefix || user_id || '/' || id
            from videos, unnest(array['uploads/', 'saved/']) as prefix
            where move_until > now() and prefix || user_id || '/' || id = any(%(keys)s)
        """,
        {
            "keys": list(object_keys),
            "analyses": analyses,
            "thumbnails": thumbnails,
            "copies": copies,
            "exports": exports,
            "waiting": [*object_keys, *folders],
        },
    )
    found = {row["key"] for row in await cursor.fetchall()}
    return {key for key in object_keys if key in found or f"{key.rpartition('/')[0]}/" in found}


async def awaited_uploads(connection: Connection, upload_ids: Sequence[str]) -> set[str]:
    """Those of these multipart uploads that a row waits for."""
    cursor = await connection.execute(
        "select s3_upload_id from videos where s3_upload_id = any(%s) and state = 'uploading'",
        (list(upload_ids),),
    )
    return {row["s3_upload_id"] for row in await cursor.fetchall()}


@dataclass(frozen=True)
class Overdue:
    what: str
    since: datetime


async def overdue(connection: Connection, *, older_than_s: float, limit: int) -> list[Overdue]:
    """Removals and erasures that should be over, oldest first."""
    async with connection.cursor(row_factory=class_row(Overdue)) as cursor:
        await cursor.execute(
            """
            select what, since from (
                select object_key as what, not_before as since from object_deletions
                union all select 'erasure ' || id, requested_at from erasures where finished_at is null
            ) as waiting
            where since < now() - make_interval(secs => %s) order by since limit %s
            """,
            (older_than_s, limit),
        )
        return await cursor.fetchall()


def _analysis_in(object_key: str) -> UUID | None:
    """The analysis whose picture this is, by its key; None where it is none."""
    parts = object_key.split("/")
    try:
        return UUID(parts[2]) if len(parts) == 4 else None
    except ValueError:
        return None


def _named_in(object_key: str, below: str) -> UUID | None:
    """The row that this is the object of, by its key below a prefix; None where it is none's."""
    prefix, _, name = object_key.rpartition("/")
    try:
        return UUID(name) if prefix.startswith(below) else None
    except ValueError:
        return None
