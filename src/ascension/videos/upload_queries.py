"""SQL of uploads: the new row, the digests that parts were signed with, the end of an upload."""

from dataclasses import asdict, dataclass
from uuid import UUID

from ascension.infra.db import Connection


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


async def insert_part(connection: Connection, video_id: UUID, part_number: int, sha256: bytes) -> None:
    """Keeps the digest that stands there already, if one does."""
    await connection.execute(
        """
        insert into video_parts (video_id, part_number, sha256) values (%s, %s, %s)
        on conflict (video_id, part_number) do nothing
        """,
        (video_id, part_number, sha256),
    )


async def part_digests(connection: Connection, video_id: UUID) -> dict[int, bytes]:
    """SHA-256 by part number, as signed."""
    cursor = await connection.execute(
        "select part_number, sha256 from video_parts where video_id = %s", (video_id,)
    )
    return {row["part_number"]: bytes(row["sha256"]) for row in await cursor.fetchall()}


async def mark_uploaded(connection: Connection, video_id: UUID) -> None:
    await connection.execute(
        "update videos set state = 'uploaded', uploaded_at = now() where id = %s and state = 'uploading'",
        (video_id,),
    )
