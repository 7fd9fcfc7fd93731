"""SQL of saving: who copies an object to another key, and where it lies afterwards."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import scalar_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Move:
    """One caller's move of one video."""

    id: UUID
    video_id: UUID
    user_id: UUID


async def count_saved_bytes(connection: Connection, user_id: UUID) -> int:
    """Bytes of the user's saved videos, those that are just being saved included."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select coalesce(sum(size_bytes), 0)::bigint from videos
            where user_id = %s and state = 'uploaded' and (saved_at is not null or move_until > now())
            """,
            (user_id,),
        )
        return (await cursor.fetchone()) or 0


async def begin_move(connection: Connection, move: Move, *, lease_s: float) -> None:
    """From now on this caller copies, and nobody else until the lease is over."""
    await connection.execute(
        """
        update videos set move_id = %s, move_until = now() + make_interval(secs => %s)
        where id = %s and user_id = %s
        """,
        (move.id, lease_s, move.video_id, move.user_id),
    )


async def renew_move(connection: Connection, move: Move, *, lease_s: float) -> None:
    """The copy takes longer. A lease that ran out stays so: others count on it."""
    await connection.execute(
        """
        update videos set move_until = now() + make_interval(secs => %s)
        where id = %s and user_id = %s and move_id = %s and move_until > now()
        """,
        (lease_s, move.video_id, move.user_id, move.id),
    )


async def end_move(connection: Connection, move: Move) -> bool:
    """Nothing was moved. False: it was not this caller's move any more, or the video is gone."""
    cursor = await connection.execute(
        """
        update videos set move_id = null, move_until = null
        where id = %s and user_id = %s and move_id = %s
        """,
        (move.video_id, move.user_id, move.id),
    )
    return cursor.rowcount == 1


async def moved_to_saved(connection: Connection, move: Move, object_key: str) -> bool:
    """The copy is there: it is the video. False: it was this caller's move no more, or the video is gone.

    A lease that ran out ends the move: its room is not counted any more, and may be another's.
    `expires_at` is set to a day that never comes, for the sweep of the release before.
    """
    cursor = await connection.execute(
        """
        update videos set object_key = %s, saved_at = now(), expires_at = '9999-01-01', move_id = null,
            move_until = null, archive_state = null, archive_checked_at = null, restore_ready_by = null,
            restored_until = null
        where id = %s and user_id = %s and move_id = %s and move_until > now() and state = 'uploaded'
        """,
        (object_key, move.video_id, move.user_id, move.id),
    )
    return cursor.rowcount == 1


async def moved_to_uploads(connection: Connection, move: Move, object_key: str, *, ttl_s: int) -> bool:
    """The way back: a lifetime begins anew. False as above."""
    cursor = await connection.execute(
        """
        update videos set object_key = %s, saved_at = null, expires_at = now() + make_interval(secs => %s),
            move_id = null, move_until = null, archive_state = null, archive_checked_at = null,
            restore_ready_by = null, restored_until = null
        where id = %s and user_id = %s and move_id = %s and move_until > now() and state = 'uploaded'
        """,
        (object_key, ttl_s, move.video_id, move.user_id, move.id),
    )
    return cursor.rowcount == 1
