"""SQL of uploads: the new row, the digests that parts were signed with, the end of an upload."""

from dataclasses import asdict, dataclass
from uuid import UUID

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class NewVideo:
    id: UUID
    user_id: UUID
    file_name: str
    content_type: str
    size_bytes: int
    part_size_bytes: int
    object_key: str
    s3_upload_id: str


async def insert(connection: Connection, video: NewVideo, *, ttl_s: int) -> None:
    await connection.execute(
        """
        insert into videos (
            id, user_id, file_name, content_type, size_bytes, part_size_bytes, object_key, s3_upload_id,
            expires_at
        ) values (
            %(id)s, %(user_id)s, %(file_name)s, %(content_type)s, %(size_bytes)s, %(part_size_bytes)s,
            %(object_key)s, %(s3_upload_id)s, now() + make_interval(secs => %(ttl_s)s)
        )
        """,
        {**asdict(video), "ttl_s": ttl_s},
    )


async def count_unsaved(connection: Connection, user_id: UUID) -> tuple[int, int]:
    """How many videos of the user are there for a while only, uploads under way included, and their bytes."""
    cursor = await connection.execute(
        """
        select count(*) as videos, coalesce(sum(size_bytes), 0)::bigint as bytes from videos
        where user_id = %s and state <> 'expired' and saved_at is null
        """,
        (user_id,),
    )
    row = await cursor.fetchone()
    return (row["videos"], row["bytes"]) if row else (0, 0)


async def insert_part(
    connection: Connection, video_id: UUID, user_id: UUID, *, part_number: int, sha256: bytes
) -> None:
    """Keeps the digest that stands there already, if one does."""
    await connection.execute(
        """
        insert into video_parts (video_id, part_number, sha256)
        select id, %s, %s from videos where id = %s and user_id = %s
        on conflict (video_id, part_number) do nothing
        """,
        (part_number, sha256, video_id, user_id),
    )


async def part_digests(connection: Connection, video_id: UUID, user_id: UUID) -> dict[int, bytes]:
    """SHA-256 by part number, as signed."""
    cursor = await connection.execute(
        """
        select p.part_number, p.sha256 from video_parts p join videos v on v.id = p.video_id
        where v.id = %s and v.user_id = %s
        """,
        (video_id, user_id),
    )
    return {row["part_number"]: bytes(row["sha256"]) for row in await cursor.fetchall()}


async def ask_completion(connection: Connection, video_id: UUID, user_id: UUID) -> None:
    """From here on the sweep completes it, should we not come to the end."""
    await connection.execute(
        """
        insert into upload_completions (video_id) select id from videos where id = %s and user_id = %s
        on conflict (video_id) do update set asked_at = now()
        """,
        (video_id, user_id),
    )


async def forget_completion(connection: Connection, video_id: UUID, user_id: UUID) -> None:
    await connection.execute(
        """
        delete from upload_completions c using videos v
        where c.video_id = v.id and v.id = %s and v.user_id = %s
        """,
        (video_id, user_id),
    )


async def take_completions(
    connection: Connection, *, older_than_s: float, limit: int
) -> list[tuple[UUID, UUID]]:
    """Video and user where completion was asked for that long ago: this caller's for as long again."""
    cursor = await connection.execute(
        """
        with due as (
            select video_id from upload_completions where asked_at < now() - make_interval(secs => %s)
            order by asked_at limit %s for update skip locked
        )
        update upload_completions c set asked_at = now() from due, videos v
        where c.video_id = due.video_id and v.id = due.video_id
        returning v.id, v.user_id
        """,
        (older_than_s, limit),
    )
    return [(row["id"], row["user_id"]) for row in await cursor.fetchall()]


async def mark_uploaded(connection: Connection, video_id: UUID, user_id: UUID) -> bool:
    """False where somebody else did it before, or the upload has expired."""
    cursor = await connection.execute(
        """
        update videos set state = 'uploaded', uploaded_at = now()
        where id = %s and user_id = %s and state = 'uploading'
        """,
        (video_id, user_id),
    )
    await forget_completion(connection, video_id, user_id)
    return cursor.rowcount == 1


async def expire_unfinished(connection: Connection) -> int:
    """Mark uploads that were never finished in their lifetime and list their parts for removal; how many."""
    cursor = await connection.execute(
        """
        with due as (
            select id from videos where state = 'uploading' and expires_at < now()
            order by expires_at limit 200 for update skip locked
        ), expired as (
            update videos v set state = 'expired' from due where v.id = due.id
            returning v.object_key, v.s3_upload_id
        ), listed as (
            insert into object_deletions (object_key, s3_upload_id)
            select object_key, s3_upload_id from expired on conflict (object_key) do nothing
        )
        select count(*) as expired from expired
        """
    )
    row = await cursor.fetchone()
    return int(row["expired"]) if row else 0


async def awaited_uploads(connection: Connection, video_ids: list[UUID]) -> set[str]:
    """The multipart uploads that rows of these videos still wait for."""
    cursor = await connection.execute(
        "select s3_upload_id from videos where id = any(%s) and state = 'uploading'", (video_ids,)
    )
    return {row["s3_upload_id"] for row in await cursor.fetchall()}
