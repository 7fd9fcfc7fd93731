"""SQL of videos and of objects to be removed from storage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.db import Connection


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
    expires_at: datetime

    @property
    def part_count(self) -> int:
        return -(-self.size_bytes // self.part_size_bytes)

    def part_bytes(self, part_number: int) -> int:
        """The size of one part: all are full but the last."""
        if part_number < self.part_count:
            return self.part_size_bytes
        return self.size_bytes - self.part_size_bytes * (self.part_count - 1)


async def get(connection: Connection, video_id: UUID, user_id: UUID, *, lock: bool = False) -> Video | None:
    """The video, if it is this user's. `lock`: nobody else changes it until the transaction ends."""
    async with connection.cursor(row_factory=class_row(Video)) as cursor:
        await cursor.execute(
            """
            select id, user_id, state, file_name, content_type, size_bytes, part_size_bytes, object_key,
                   s3_upload_id, created_at, uploaded_at, expires_at
            from videos where id = %s and user_id = %s
            """
            + (" for update" if lock else ""),
            (video_id, user_id),
        )
        return await cursor.fetchone()


async def delete(connection: Connection, video_id: UUID) -> None:
    await connection.execute("delete from videos where id = %s", (video_id,))


async def expire_due(connection: Connection) -> int:
    """Mark videos past their lifetime and list their objects for removal; how many."""
    cursor = await connection.execute(
        """
        with due as (
            select id from videos where state <> 'expired' and expires_at < now()
            order by expires_at limit 200 for update skip locked
        ), expired as (
            update videos v set state = 'expired' from due where v.id = due.id
            returning v.object_key, v.s3_upload_id, v.uploaded_at
        )
        insert into object_deletions (object_key, s3_upload_id)
        select object_key, case when uploaded_at is null then s3_upload_id end from expired
        on conflict (object_key) do nothing
        """
    )
    return cursor.rowcount


@dataclass(frozen=True)
class Deletion:
    object_key: str
    s3_upload_id: str | None


async def insert_deletion(connection: Connection, deletion: Deletion) -> None:
    await connection.execute(
        """
        insert into object_deletions (object_key, s3_upload_id) values (%s, %s)
        on conflict (object_key) do nothing
        """,
        (deletion.object_key, deletion.s3_upload_id),
    )


async def take_deletion(connection: Connection) -> Deletion | None:
    """The object that has waited longest to be removed, locked for this transaction."""
    async with connection.cursor(row_factory=class_row(Deletion)) as cursor:
        await cursor.execute(
            """
            select object_key, s3_upload_id from object_deletions
            order by requested_at limit 1 for update skip locked
            """
        )
        return await cursor.fetchone()


async def delete_deletion(connection: Connection, object_key: str) -> None:
    await connection.execute("delete from object_deletions where object_key = %s", (object_key,))
