"""SQL of videos and of objects to be removed from storage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection
from ascension.infra.storage.lifetimes import FROZEN_CLASSES
from ascension.infra.storage.objects import StoredObject


@dataclass(frozen=True)
class Archive:
    """Where a saved video lies, unless at hand in the usual class.

    `state`: archived (at hand, in a cheaper class), frozen, restoring (there at `ready_by`), or restored.
    """

    state: str
    ready_by: datetime | None
    restored_until: datetime | None


def archive_of(
    state: str | None, ready_by: datetime | None, restored_until: datetime | None
) -> Archive | None:
    """What a row says of it. None: nothing to be said."""
    return None if state is None else Archive(state, ready_by, restored_until)


Cleaning = Literal["under_way", "failed"]


def cleaning_of(job_state: str | None) -> Cleaning | None:
    """Whether sound and place are being taken out of a saved video. None: nothing to be said."""
    if job_state is None or job_state == "done":
        return None
    return "under_way" if job_state in ("queued", "processing") else "failed"


@dataclass(frozen=True)
class Video:
    id: UUID
    user_id: UUID
    state: str
    file_name: str
    content_type: str
    size_bytes: int
    part_size_bytes: int
    object_key: str
    s3_upload_id: str
    created_at: datetime
    uploaded_at: datetime | None
    expires_at: datetime | None
    """None: it is saved."""
    saved_at: datetime | None
    is_moving: bool
    """Somebody copies its object to another key just now."""
    archive_state: str | None
    restore_ready_by: datetime | None
    restored_until: datetime | None
    trashed_at: datetime | None
    """Since when it is in the trash, with every analysis of it."""
    cleaned_at: datetime | None
    """Since when its object holds its pictures alone."""
    cleaning_state: str | None
    """Of the job that takes sound and place out of a saved video; None: none is to be told of."""

    @property
    def cleaning(self) -> Cleaning | None:
        return cleaning_of(self.cleaning_state)

    @property
    def archive(self) -> Archive | None:
        return archive_of(self.archive_state, self.restore_ready_by, self.restored_until)

    @property
    def part_count(self) -> int:
        return -(-self.size_bytes // self.part_size_bytes)

    def part_bytes(self, part_number: int) -> int:
        """The size of one part: all are full but the last."""
        if part_number < self.part_count:
            return self.part_size_bytes
        return self.size_bytes - self.part_size_bytes * (self.part_count - 1)


SELECT: LiteralString = """
    select id, user_id, state, file_name, content_type, size_bytes, part_size_bytes, object_key, s3_upload_id,
           created_at, uploaded_at, case when saved_at is null then expires_at end as expires_at, saved_at,
           coalesce(move_until > now(), false) as is_moving, archive_state, restore_ready_by, restored_until,
           trashed_at, cleaned_at,
           (
               select j.state from video_copies c join jobs j on j.id = c.job_id
               where c.video_id = videos.id and c.purpose = 'saved' and c.made_at is null
           ) as cleaning_state
    from videos
"""


async def get(connection: Connection, video_id: UUID, user_id: UUID, *, lock: bool = False) -> Video | None:
    """The video, if it is this user's, in the trash or not.

    lock: nobody else changes it until the transaction ends.
    """
    async with connection.cursor(row_factory=class_row(Video)) as cursor:
        await cursor.execute(
            SELECT + "where id = %s and user_id = %s" + (" for update of videos" if lock else ""),
            (video_id, user_id),
        )
        return await cursor.fetchone()


async def set_trashed(connection: Connection, video_id: UUID, user_id: UUID, *, is_trashed: bool) -> None:
    await connection.execute(
        """
        update videos set trashed_at = case when %(is_trashed)s then now() end
        where id = %(id)s and user_id = %(user_id)s
        """,
        {"is_trashed": is_trashed, "id": video_id, "user_id": user_id},
    )


async def delete(connection: Connection, video_id: UUID, user_id: UUID) -> None:
    await connection.execute("delete from videos where id = %s and user_id = %s", (video_id, user_id))


async def expire_due(connection: Connection) -> int:
    """Mark videos past their lifetime and list their objects for removal; how many.

    One that is just being saved is left: its copy is made of the object.
    """
    cursor = await connection.execute(
        """
        with due as (
            select id from videos
            where state <> 'expired' and expires_at < now() and saved_at is null
                and (move_until is null or move_until < now())
            order by expires_at limit 200 for update skip locked
        ), expired as (
            update videos v set state = 'expired' from due where v.id = due.id
            returning v.object_key, v.s3_upload_id, v.uploaded_at
        )
        insert into object_deletions (object_key, s3_upload_id)
        select object_key, case when uploaded_at is null then s3_upload_id end from expired
        on conflict (object_key) do update set not_before = now()
        """
    )
    return cursor.rowcount


async def expire_vanished(connection: Connection, object_key: str) -> bool:
    """Mark the unsaved video whose object storage does not have. False: its object is elsewhere by now."""
    cursor = await connection.execute(
        """
        update videos set state = 'expired'
        where object_key = %s and state = 'uploaded' and saved_at is null
        """,
        (object_key,),
    )
    return cursor.rowcount == 1


@dataclass(frozen=True)
class Deletion:
    object_key: str
    """One object, or with `/` at its end all below it."""
    s3_upload_id: str | None


async def insert_deletion(connection: Connection, deletion: Deletion, *, grace_s: int = 0) -> None:
    """`grace_s`: not before. Of two wishes for one object the last one counts."""
    await connection.execute(
        """
        insert into object_deletions (object_key, s3_upload_id, not_before)
        values (%s, %s, now() + make_interval(secs => %s))
        on conflict (object_key) do update set not_before = excluded.not_before
        """,
        (deletion.object_key, deletion.s3_upload_id, grace_s),
    )


async def take_deletion(connection: Connection, *, but: Sequence[str]) -> Deletion | None:
    """The object that has waited longest to be removed, but for these; locked for this transaction."""
    async with connection.cursor(row_factory=class_row(Deletion)) as cursor:
        await cursor.execute(
            """
            select object_key, s3_upload_id from object_deletions
            where not_before <= now() and object_key <> all(%s)
            order by not_before limit 1 for update skip locked
            """,
            (list(but),),
        )
        return await cursor.fetchone()


async def delete_deletion(connection: Connection, object_key: str) -> None:
    """Waits for a sweep that is removing this object just now."""
    await connection.execute("delete from object_deletions where object_key = %s", (object_key,))


def archive_state_of(stored: StoredObject) -> str | None:
    """What storage says, in the words of `Archive`."""
    if stored.storage_class not in FROZEN_CLASSES:
        return None if stored.storage_class == "STANDARD" else "archived"
    if stored.is_restoring:
        return "restoring"
    return "restored" if stored.restored_until else "frozen"


async def note_archive_state(connection: Connection, object_key: str, stored: StoredObject) -> None:
    """Write down what storage says of the class of a saved video."""
    await connection.execute(
        """
        update videos set archive_state = %(state)s, restored_until = %(restored_until)s,
            archive_checked_at = now(),
            restore_ready_by = case when %(state)s = 'restoring' then restore_ready_by end
        where object_key = %(object_key)s
        """,
        {
            "state": archive_state_of(stored),
            "restored_until": stored.restored_until,
            "object_key": object_key,
        },
    )
