"""SQL of links. A link that is ended leaves no row; what was done with it stands in the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection
from ascension.videos.copies.queries import State, state_of


@dataclass(frozen=True)
class Share:
    id: UUID
    analysis_id: UUID
    sealed_token: bytes
    is_locked: bool
    """It asks for a password."""
    with_video: bool
    is_blurred: bool
    with_name: bool
    with_comments: bool
    views: int
    opened_at: datetime | None
    created_at: datetime
    expires_at: datetime
    is_copied: bool
    copy_job_state: str | None
    """None: no copy was asked for, or it is gone."""

    @property
    def copy_state(self) -> State | None:
        """Of the copy of the clip that whoever has the link sees."""
        state = self.copy_job_state
        return None if state is None else state_of(is_made=self.is_copied, job_state=state)


@dataclass(frozen=True)
class NewShare:
    id: UUID
    token_hash: bytes
    sealed_token: bytes
    password_hash: str | None
    with_video: bool
    is_blurred: bool
    with_name: bool
    with_comments: bool
    days: int


@dataclass(frozen=True)
class Door:
    """What opening a link needs to know of it."""

    id: UUID
    analysis_id: UUID
    password_hash: str | None


_SELECT: LiteralString = """
    select s.id, s.analysis_id, s.sealed_token, s.password_hash is not null as is_locked, s.with_video,
           s.is_blurred, s.with_name, s.with_comments, s.views, s.opened_at, s.created_at, s.expires_at,
           c.made_at is not null as is_copied, j.state as copy_job_state
    from shares s join analyses a on a.id = s.analysis_id and a.trashed_at is null
    left join video_copies c on s.with_video and c.video_id = a.video_id
        and c.purpose = case when s.is_blurred then 'blurred' else 'shared' end
    left join jobs j on j.id = c.job_id
"""


async def insert(connection: Connection, analysis_id: UUID, user_id: UUID, new: NewShare) -> bool:
    """False: the analysis is not this user's."""
    cursor = await connection.execute(
        """
        insert into shares (id, user_id, analysis_id, token_hash, sealed_token, password_hash, with_video,
                            is_blurred, with_name, with_comments, expires_at)
        select %(id)s, a.user_id, a.id, %(token_hash)s, %(sealed_token)s, %(password_hash)s, %(with_video)s,
               %(is_blurred)s, %(with_name)s, %(with_comments)s, now() + make_interval(days => %(days)s)
        from analyses a
        where a.id = %(analysis_id)s and a.user_id = %(user_id)s and a.trashed_at is null
        """,
        {**vars(new), "analysis_id": analysis_id, "user_id": user_id},
    )
    return cursor.rowcount == 1


async def count_of(connection: Connection, analysis_id: UUID, user_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select count(*) from shares where analysis_id = %s and user_id = %s", (analysis_id, user_id)
        )
        return (await cursor.fetchone()) or 0


async def list_of(connection: Connection, user_id: UUID, *, analysis_id: UUID | None) -> list[Share]:
    """Links that have not ended, the newest 200; of one analysis, or of all."""
    async with connection.cursor(row_factory=class_row(Share)) as cursor:
        await cursor.execute(
            _SELECT
            + """
            where s.user_id = %(user_id)s and s.expires_at > now()
                and (%(analysis_id)s::uuid is null or s.analysis_id = %(analysis_id)s)
            order by s.id desc limit 200
            """,
            {"user_id": user_id, "analysis_id": analysis_id},
        )
        return await cursor.fetchall()


async def get(connection: Connection, share_id: UUID, user_id: UUID) -> Share | None:
    async with connection.cursor(row_factory=class_row(Share)) as cursor:
        await cursor.execute(_SELECT + "where s.id = %s and s.user_id = %s", (share_id, user_id))
        return await cursor.fetchone()


async def delete(connection: Connection, share_id: UUID, user_id: UUID) -> Share | None:
    """What was ended; None: there is no such link of this user."""
    share = await get(connection, share_id, user_id)
    await connection.execute("delete from shares where id = %s and user_id = %s", (share_id, user_id))
    return share


async def find_door(connection: Connection, token_hash: bytes) -> Door | None:
    """By the token of a link that has not ended."""
    async with connection.cursor(row_factory=class_row(Door)) as cursor:
        await cursor.execute(
            """
            select id, analysis_id, password_hash from shares s
            where token_hash = %s and expires_at > now()
                and exists (select from analyses a where a.id = s.analysis_id and a.trashed_at is null)
                and not exists (select from departures d where d.user_id = s.user_id)
            """,
            (token_hash,),
        )
        return await cursor.fetchone()


async def note_opening(connection: Connection, share_id: UUID) -> None:
    await connection.execute(
        "update shares set views = views + 1, opened_at = now() where id = %s", (share_id,)
    )


async def delete_expired(connection: Connection) -> None:
    await connection.execute("delete from shares where expires_at < now()")
