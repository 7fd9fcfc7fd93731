"""SQL of letters that are due. Nobody's in particular: the sweep asks for everybody's."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Ended:
    """`is_told`: it ended by itself, just now, and its climber has not thrown it away."""

    id: UUID
    email: str
    is_told: bool
    has_result: bool


async def take_ended(connection: Connection, *, told_within_s: float, limit: int) -> list[Ended]:
    """Analyses that ended since a letter was wished for; no other call gets these."""
    async with connection.cursor(row_factory=class_row(Ended)) as cursor:
        await cursor.execute(
            """
            with ended as (
                select a.id, u.email, j.state = 'done' as has_result,
                       j.state <> 'canceled' and a.trashed_at is null
                           and j.finished_at > now() - make_interval(secs => %(told_within_s)s) as is_told
                from analyses a join jobs j on j.id = a.job_id join users u on u.id = a.user_id
                where a.letter_due and j.state in ('done', 'failed', 'dead', 'canceled')
                limit %(limit)s for update of a skip locked
            )
            update analyses a set letter_due = false from ended where a.id = ended.id
            returning a.id, ended.email, coalesce(ended.is_told, false) as is_told, ended.has_result
            """,
            {"told_within_s": told_within_s, "limit": limit},
        )
        return await cursor.fetchall()
