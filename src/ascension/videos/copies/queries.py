"""SQL of copies: one of each purpose for a video, its state on its job's row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection
from ascension.infra.storage.keys import copy_key

Purpose = Literal["saved", "shared", "blurred", "preview"]
"""saved: takes the place of the saved video. shared, blurred: for others; blurred with heads covered.

preview: small, for browsers that cannot play the video itself.
"""
State = Literal["waiting", "making", "ready", "failed"]
_STATES: dict[str, State] = {"queued": "waiting", "processing": "making"}


def state_of(*, is_made: bool, job_state: str) -> State:
    """Of a copy, by its row and its job's."""
    return "ready" if is_made else _STATES.get(job_state, "failed")


@dataclass(frozen=True)
class Copy:
    """One copy. failure_code, failure_detail: of the last try; content_type, size_bytes: once it is made."""

    id: UUID
    user_id: UUID
    video_id: UUID
    purpose: Purpose
    job_id: UUID
    job_state: str
    progress_pct: int
    failure_code: str | None
    failure_detail: str | None
    content_type: str | None
    size_bytes: int | None
    made_at: datetime | None

    @property
    def state(self) -> State:
        return state_of(is_made=self.made_at is not None, job_state=self.job_state)

    @property
    def object_key(self) -> str:
        """Of a copy that lies beside the video."""
        return copy_key(self.user_id, self.id)


@dataclass(frozen=True)
class Source:
    """What a copy is made of, and what for."""

    user_id: UUID
    video_id: UUID
    purpose: Purpose
    object_key: str
    video_state: str
    part_size_bytes: int
    part_digests: list[bytes]


async def insert(
    connection: Connection, *, copy_id: UUID, user_id: UUID, video_id: UUID, job_id: UUID, purpose: Purpose
) -> None:
    await connection.execute(
        "insert into video_copies (id, user_id, video_id, job_id, purpose) values (%s, %s, %s, %s, %s)",
        (copy_id, user_id, video_id, job_id, purpose),
    )


async def get(connection: Connection, video_id: UUID, user_id: UUID, purpose: Purpose) -> Copy | None:
    """The copy of this user's video, if one was asked for."""
    async with connection.cursor(row_factory=class_row(Copy)) as cursor:
        await cursor.execute(
            """
            select c.id, c.user_id, c.video_id, c.purpose, c.job_id, j.state as job_state, j.progress_pct,
                   j.failure_code, j.failure_detail, c.content_type, c.size_bytes, c.made_at
            from video_copies c join jobs j on j.id = c.job_id
            where c.video_id = %s and c.user_id = %s and c.purpose = %s
            """,
            (video_id, user_id, purpose),
        )
        return await cursor.fetchone()


async def delete(connection: Connection, video_id: UUID, user_id: UUID, purpose: Purpose) -> None:
    """Its job goes first, as a worker holds them; the copy and its object follow."""
    await connection.execute(
        """
        delete from jobs where id in (
            select c.job_id from video_copies c
            where c.video_id = %s and c.user_id = %s and c.purpose = %s)
        """,
        (video_id, user_id, purpose),
    )


async def get_source(connection: Connection, copy_id: UUID) -> Source | None:
    """What the worker needs; None: the copy is not wanted any more."""
    async with connection.cursor(row_factory=class_row(Source)) as cursor:
        await cursor.execute(
            """
            select c.user_id, c.video_id, c.purpose, v.object_key, v.state as video_state, v.part_size_bytes,
                   array(select sha256 from video_parts p where p.video_id = v.id order by part_number)
                       as part_digests
            from video_copies c join videos v on v.id = c.video_id where c.id = %s
            """,
            (copy_id,),
        )
        return await cursor.fetchone()


async def mark_made(connection: Connection, copy_id: UUID, *, content_type: str, size_bytes: int) -> None:
    await connection.execute(
        "update video_copies set content_type = %s, size_bytes = %s, made_at = now() where id = %s",
        (content_type, size_bytes, copy_id),
    )


async def keep_clean_video(
    connection: Connection,
    copy_id: UUID,
    *,
    cleaned_key: str,
    content_type: str,
    size_bytes: int,
    part_size_bytes: int,
    digests: list[bytes],
) -> bool:
    """The copy becomes the saved video. False: the video is given up, or another object than was read."""
    cursor = await connection.execute(
        "select keep_clean_video(%s, %s, %s, %s, %s, %s) as is_kept",
        (copy_id, cleaned_key, content_type, size_bytes, part_size_bytes, digests),
    )
    row = await cursor.fetchone()
    return bool(row and row["is_kept"])
