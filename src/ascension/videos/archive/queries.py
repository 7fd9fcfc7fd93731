"""What storage says of the class of saved videos, and where that stands on their rows."""

from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection
from ascension.infra.storage.lifetimes import ARCHIVE_DAYS, DEEP_ARCHIVE_DAYS
from ascension.videos.queries import SELECT, Video

RESTORING_CHECK_S = 60
CLASS_CHECK_S = 24 * 3600


async def note_asked(connection: Connection, object_key: str) -> None:
    """Storage was asked and said nothing of its class: it does not have it, or refuses."""
    await connection.execute(
        "update videos set archive_checked_at = now() where object_key = %s", (object_key,)
    )


async def begin_restore(connection: Connection, video_id: UUID, user_id: UUID, *, hours: int) -> None:
    """It was asked for now. Asked for again while it comes, it comes no later."""
    await connection.execute(
        """
        update videos set archive_state = 'restoring', archive_checked_at = now(), restored_until = null,
            restore_ready_by = coalesce(restore_ready_by, now() + make_interval(hours => %s))
        where id = %s and user_id = %s
        """,
        (hours, video_id, user_id),
    )


async def due(connection: Connection, *, deep_archive: bool, limit: int) -> list[Video]:
    """Saved videos whose class may have changed since storage was last asked; they wait longest first."""
    async with connection.cursor(row_factory=class_row(Video)) as cursor:
        await cursor.execute(
            SELECT
            + """
            where saved_at is not null and (
                archive_state = 'restoring'
                    and archive_checked_at < now() - make_interval(secs => %(restoring)s)
                or archive_state = 'restored' and restored_until < now()
                or (
                    archive_state is null and saved_at < now() - make_interval(days => %(archive)s)
                    or archive_state = 'archived' and saved_at < now() - make_interval(days => %(deep)s)
                        and %(deep_archive)s
                ) and (archive_checked_at is null
                       or archive_checked_at < now() - make_interval(secs => %(class)s)))
            order by archive_checked_at nulls first limit %(limit)s
            """,
            {
                "restoring": RESTORING_CHECK_S,
                "class": CLASS_CHECK_S,
                "archive": ARCHIVE_DAYS,
                "deep": DEEP_ARCHIVE_DAYS,
                "deep_archive": deep_archive,
                "limit": limit,
            },
        )
        return await cursor.fetchall()
