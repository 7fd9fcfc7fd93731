"""SQL of the trash. Everywhere else `trashed_at is null` is asked for: tests/house/trash.py."""

from collections.abc import Collection
from uuid import UUID

from psycopg.rows import class_row, tuple_row

from ascension.analyses.queries import SELECT_ANALYSES, Analysis
from ascension.infra.database.primary import Connection


async def get(connection: Connection, analysis_id: UUID, user_id: UUID) -> Analysis | None:
    """The analysis, if it is this user's and in the trash."""
    async with connection.cursor(row_factory=class_row(Analysis)) as cursor:
        await cursor.execute(
            SELECT_ANALYSES + "where a.id = %s and a.user_id = %s and a.trashed_at is not null",
            (analysis_id, user_id),
        )
        return await cursor.fetchone()


async def list_page(
    connection: Connection, user_id: UUID, *, before_id: UUID | None, limit: int
) -> list[Analysis]:
    """The newest climbs first, older than `before_id`."""
    async with connection.cursor(row_factory=class_row(Analysis)) as cursor:
        await cursor.execute(
            SELECT_ANALYSES
            + """
            where a.user_id = %(user_id)s and a.trashed_at is not null
                and (%(before_id)s::uuid is null or a.id < %(before_id)s)
            order by a.id desc limit %(limit)s
            """,
            {"user_id": user_id, "before_id": before_id, "limit": limit},
        )
        return await cursor.fetchall()


async def mark(
    connection: Connection, analysis_ids: Collection[UUID], user_id: UUID, *, is_trashed: bool
) -> None:
    """Put them in, from now on, or take them out."""
    await connection.execute(
        """
        update analyses set trashed_at = case when %(is_trashed)s then now() end
        where id = any(%(ids)s) and user_id = %(user_id)s
        """,
        {"is_trashed": is_trashed, "ids": list(analysis_ids), "user_id": user_id},
    )


async def list_due(connection: Connection, *, ttl_s: float, limit: int) -> list[tuple[UUID, UUID]]:
    """Analyses that have been in the trash for so long, the longest first, each with whose it is."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            select id, user_id from analyses where trashed_at < now() - make_interval(secs => %s)
            order by trashed_at limit %s
            """,
            (ttl_s, limit),
        )
        return await cursor.fetchall()
