"""SQL of comments. Whose analysis it is, stands in each statement; who said something, beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Comment:
    id: UUID
    user_id: UUID
    author_name: str
    at_s: float
    text: str
    created_at: datetime
    edited_at: datetime | None


_OF_OWNER: LiteralString = """
    analysis_id in (
        select a.id from analyses a
        where a.id = %(analysis_id)s and a.user_id = %(owner_id)s and a.trashed_at is null)
"""
_SHOWN: LiteralString = f"""
    select c.id, c.user_id, u.display_name as author_name, c.at_s, c.text, c.created_at, c.edited_at
    from comments c join users u on u.id = c.user_id
    where {_OF_OWNER} and c.deleted_at is null
        and not exists (select from departures d where d.user_id = c.user_id)
"""


async def insert(
    connection: Connection,
    *,
    comment_id: UUID,
    analysis_id: UUID,
    owner_id: UUID,
    user_id: UUID,
    at_s: float,
    text: str,
) -> None:
    """`user_id`: who says it."""
    await connection.execute(
        """
        insert into comments (id, analysis_id, user_id, at_s, text)
        select %(comment_id)s, a.id, %(user_id)s, %(at_s)s, %(text)s
        from analyses a
        where a.id = %(analysis_id)s and a.user_id = %(owner_id)s and a.trashed_at is null
        """,
        {
            "comment_id": comment_id,
            "analysis_id": analysis_id,
            "owner_id": owner_id,
            "user_id": user_id,
            "at_s": at_s,
            "text": text,
        },
    )


async def list_of(connection: Connection, analysis_id: UUID, owner_id: UUID) -> list[Comment]:
    """By their moment; of one moment, by when they were said."""
    async with connection.cursor(row_factory=class_row(Comment)) as cursor:
        await cursor.execute(
            _SHOWN + " order by c.at_s, c.id", {"analysis_id": analysis_id, "owner_id": owner_id}
        )
        return await cursor.fetchall()


async def get(connection: Connection, comment_id: UUID, analysis_id: UUID, owner_id: UUID) -> Comment | None:
    async with connection.cursor(row_factory=class_row(Comment)) as cursor:
        await cursor.execute(
            _SHOWN + " and c.id = %(comment_id)s",
            {"comment_id": comment_id, "analysis_id": analysis_id, "owner_id": owner_id},
        )
        return await cursor.fetchone()


async def count_of(connection: Connection, analysis_id: UUID, owner_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            f"select count(*) from comments where {_OF_OWNER} and deleted_at is null",
            {"analysis_id": analysis_id, "owner_id": owner_id},
        )
        return (await cursor.fetchone()) or 0


async def set_text(
    connection: Connection, comment_id: UUID, analysis_id: UUID, owner_id: UUID, *, user_id: UUID, text: str
) -> bool:
    """False: it is not this user's, or gone."""
    cursor = await connection.execute(
        f"""
        update comments set text = %(text)s, edited_at = now()
        where id = %(comment_id)s and user_id = %(user_id)s and deleted_at is null and {_OF_OWNER}
        """,
        {
            "comment_id": comment_id,
            "analysis_id": analysis_id,
            "owner_id": owner_id,
            "user_id": user_id,
            "text": text,
        },
    )
    return cursor.rowcount == 1


async def note_deleted(
    connection: Connection, comment_id: UUID, analysis_id: UUID, owner_id: UUID, *, user_id: UUID
) -> bool:
    """By who said it, or whose climb it is. False: it is neither's, or gone."""
    cursor = await connection.execute(
        f"""
        update comments set deleted_at = now(), deleted_by = %(user_id)s
        where id = %(comment_id)s and deleted_at is null and {_OF_OWNER}
            and %(user_id)s in (user_id, %(owner_id)s)
        """,
        {"comment_id": comment_id, "analysis_id": analysis_id, "owner_id": owner_id, "user_id": user_id},
    )
    return cursor.rowcount == 1


async def restore(
    connection: Connection, comment_id: UUID, analysis_id: UUID, owner_id: UUID, *, user_id: UUID
) -> bool:
    """By who deleted it. False: somebody else did, or it is gone for good."""
    cursor = await connection.execute(
        f"""
        update comments set deleted_at = null, deleted_by = null
        where id = %(comment_id)s and deleted_by = %(user_id)s and {_OF_OWNER}
        """,
        {"comment_id": comment_id, "analysis_id": analysis_id, "owner_id": owner_id, "user_id": user_id},
    )
    return cursor.rowcount == 1


async def delete_old(connection: Connection, *, kept_s: int) -> None:
    """What was deleted so long ago goes for good."""
    await connection.execute(
        "delete from comments where deleted_at < now() - make_interval(secs => %s)", (kept_s,)
    )


async def list_coaches(connection: Connection, analysis_id: UUID, owner_id: UUID) -> list[UUID]:
    """Who may see this climb, and want to hear of a new comment, beside the climber."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select g.coach_id
            from coach_grants g join analyses a on a.user_id = g.user_id
            where a.id = %s and g.user_id = %s and g.coach_id is not null and a.trashed_at is null
                and (g.with_past or a.created_at >= g.created_at)
            """,
            (analysis_id, owner_id),
        )
        return await cursor.fetchall()
