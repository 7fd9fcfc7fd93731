"""SQL of who may read an analysis. Each statement asks for what lets its reader in, whenever it runs.

Nobody sees anything of an account that is being erased, also while it can still be kept.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection

Role = Literal["owner", "coach", "guest"]


@dataclass(frozen=True)
class Reading:
    """One analysis, and who looks at it. Whatever is read of it, is read as its owner's.

    `reader_id`: the account that looks; None: a guest. `share_id`: the link that lets a guest in.
    """

    analysis_id: UUID
    owner_id: UUID
    role: Role
    reader_id: UUID | None
    share_id: UUID | None
    with_video: bool
    is_blurred: bool
    with_name: bool
    with_comments: bool
    has_covered_wall: bool
    """There is a picture of the wall with heads covered."""

    @property
    def with_wall_picture(self) -> bool:
        """Who stands still all the time is in it: who sees no faces has one with heads covered, or none."""
        return self.has_covered_wall or not self.is_blurred


async def as_user(
    connection: Connection, analysis_ids: Collection[UUID], user_id: UUID
) -> dict[UUID, Reading]:
    """Those that an account may see: as their climber, or as a coach whose access goes that far."""
    async with connection.cursor(row_factory=class_row(Reading)) as cursor:
        await cursor.execute(
            """
            select a.id as analysis_id, a.user_id as owner_id,
                   case when a.user_id = %(user_id)s then 'owner' else 'coach' end as role,
                   %(user_id)s::uuid as reader_id, null::uuid as share_id,
                   true as with_video, false as is_blurred, true as with_name, true as with_comments,
                   a.covered_wall_object_key is not null as has_covered_wall
            from analyses a
            where a.id = any(%(analysis_ids)s) and a.trashed_at is null
                and (a.user_id = %(user_id)s or exists (
                    select from coach_grants g
                    where g.user_id = a.user_id and g.coach_id = %(user_id)s
                        and (g.with_past or a.created_at >= g.created_at)))
                and not exists (select from departures d where d.user_id in (a.user_id, %(user_id)s))
            """,
            {"analysis_ids": list(analysis_ids), "user_id": user_id},
        )
        return {found.analysis_id: found for found in await cursor.fetchall()}


async def as_guest(connection: Connection, analysis_id: UUID, share_id: UUID) -> Reading | None:
    """For whoever opened a link that has not ended. None: it has, or is of another analysis."""
    async with connection.cursor(row_factory=class_row(Reading)) as cursor:
        await cursor.execute(
            """
            select s.analysis_id, s.user_id as owner_id, 'guest' as role, null::uuid as reader_id,
                   s.id as share_id, s.with_video, s.is_blurred, s.with_name, s.with_comments,
                   a.covered_wall_object_key is not null as has_covered_wall
            from shares s join analyses a on a.id = s.analysis_id
            where s.id = %(share_id)s and s.analysis_id = %(analysis_id)s and s.expires_at > now()
                and a.trashed_at is null and not exists (select from departures d where d.user_id = s.user_id)
            """,
            {"analysis_id": analysis_id, "share_id": share_id},
        )
        return await cursor.fetchone()
