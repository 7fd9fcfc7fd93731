"""SQL of coaches. What is withdrawn leaves no row; what was done stands in the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Coach:
    """Whom a climber let in, or invited. `name` None: nobody accepted yet."""

    id: UUID
    email: str
    name: str | None
    with_past: bool
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True)
class OpenInvitation:
    """What whoever has the link may know of it. `email`: whose account can accept."""

    climber: str
    email: str
    expires_at: datetime


@dataclass(frozen=True)
class CoachedClimber:
    """Whose climbs somebody may look at."""

    id: UUID
    name: str
    with_past: bool
    accepted_at: datetime
    climbs: int
    last_climb_at: datetime | None


@dataclass(frozen=True)
class CoachedClimb:
    id: UUID
    file_name: str
    route: str | None
    created_at: datetime
    summary: dict[str, Any]
    comments: int


async def invite(
    connection: Connection, *, grant_id: UUID, user_id: UUID, email: str, with_past: bool, ttl_s: int
) -> UUID | None:
    """An invitation that waits is asked anew. None: it was accepted before."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            insert into coach_grants (id, user_id, email, with_past, expires_at)
            values (%(id)s, %(user_id)s, %(email)s, %(with_past)s, now() + make_interval(secs => %(ttl_s)s))
            on conflict (user_id, email) do update set
                with_past = excluded.with_past, created_at = now(), expires_at = excluded.expires_at
            where coach_grants.accepted_at is null
            returning id
            """,
            {"id": grant_id, "user_id": user_id, "email": email, "with_past": with_past, "ttl_s": ttl_s},
        )
        return await cursor.fetchone()


async def count_of(connection: Connection, user_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select count(*) from coach_grants where user_id = %s", (user_id,))
        return (await cursor.fetchone()) or 0


async def list_of(connection: Connection, user_id: UUID) -> list[Coach]:
    """This climber's, and who is invited still."""
    async with connection.cursor(row_factory=class_row(Coach)) as cursor:
        await cursor.execute(
            """
            select g.id, g.email, u.display_name as name, g.with_past, g.created_at, g.expires_at,
                   g.accepted_at, g.seen_at
            from coach_grants g left join users u on u.id = g.coach_id
            where g.user_id = %s and (g.accepted_at is not null or g.expires_at > now())
            order by g.id
            """,
            (user_id,),
        )
        return await cursor.fetchall()


async def get(connection: Connection, grant_id: UUID, user_id: UUID) -> Coach | None:
    return next((coach for coach in await list_of(connection, user_id) if coach.id == grant_id), None)


async def end(connection: Connection, grant_id: UUID, user_id: UUID) -> bool:
    """By the climber. False: there is none of theirs."""
    cursor = await connection.execute(
        "delete from coach_grants where id = %s and user_id = %s", (grant_id, user_id)
    )
    return cursor.rowcount == 1


async def leave(connection: Connection, grant_id: UUID, coach_id: UUID) -> bool:
    """By the coach. False: they do not coach there."""
    cursor = await connection.execute(
        "delete from coach_grants where id = %s and coach_id = %s", (grant_id, coach_id)
    )
    return cursor.rowcount == 1


async def accept(connection: Connection, grant_id: UUID, coach_id: UUID) -> bool:
    """By whoever has the address that was invited. False: it is somebody else's, used or too old."""
    cursor = await connection.execute(
        """
        update coach_grants g set coach_id = u.id, accepted_at = now()
        from users u
        where g.id = %(grant_id)s and u.id = %(coach_id)s and u.email = g.email and g.accepted_at is null
            and g.expires_at > now() and g.user_id <> u.id
            and not exists (select from departures d where d.user_id = g.user_id)
        """,
        {"grant_id": grant_id, "coach_id": coach_id},
    )
    return cursor.rowcount == 1


async def invitation(connection: Connection, grant_id: UUID) -> OpenInvitation | None:
    """One that can still be accepted."""
    async with connection.cursor(row_factory=class_row(OpenInvitation)) as cursor:
        await cursor.execute(
            """
            select u.display_name as climber, g.email, g.expires_at
            from coach_grants g join users u on u.id = g.user_id
            where g.id = %s and g.accepted_at is null and g.expires_at > now()
                and not exists (select from departures d where d.user_id = g.user_id)
            """,
            (grant_id,),
        )
        return await cursor.fetchone()


async def list_of_coach(connection: Connection, coach_id: UUID) -> list[CoachedClimber]:
    async with connection.cursor(row_factory=class_row(CoachedClimber)) as cursor:
        await cursor.execute(
            """
            select g.id, u.display_name as name, g.with_past, g.accepted_at,
                   count(a.id) as climbs, max(a.created_at) as last_climb_at
            from coach_grants g join users u on u.id = g.user_id
            left join analyses a on a.user_id = g.user_id and a.result is not null
                and a.trashed_at is null
                and (g.with_past or a.created_at >= g.created_at)
            where g.coach_id = %s and not exists (select from departures d where d.user_id = g.user_id)
            group by g.id, u.display_name order by u.display_name, g.id
            """,
            (coach_id,),
        )
        return await cursor.fetchall()


async def list_climbs(
    connection: Connection, grant_id: UUID, coach_id: UUID, *, before_id: UUID | None, limit: int
) -> list[CoachedClimb]:
    """Newest first, those with a result."""
    async with connection.cursor(row_factory=class_row(CoachedClimb)) as cursor:
        await cursor.execute(
            """
            select a.id, v.file_name, a.route, a.created_at, a.summary,
                   (select count(*) from comments c where c.analysis_id = a.id and c.deleted_at is null)
                       as comments
            from coach_grants g join analyses a on a.user_id = g.user_id join videos v on v.id = a.video_id
            where g.id = %(grant_id)s and g.coach_id = %(coach_id)s and a.result is not null
                and a.trashed_at is null and a.summary is not null
                and (g.with_past or a.created_at >= g.created_at)
                and (%(before_id)s::uuid is null or a.id < %(before_id)s)
                and not exists (select from departures d where d.user_id = g.user_id)
            order by a.id desc limit %(limit)s
            """,
            {"grant_id": grant_id, "coach_id": coach_id, "before_id": before_id, "limit": limit},
        )
        return await cursor.fetchall()


async def climber_of(connection: Connection, grant_id: UUID, coach_id: UUID) -> UUID | None:
    """Whose climbs this coach may look at by it."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select user_id from coach_grants g where id = %s and coach_id = %s
                and not exists (select from departures d where d.user_id = g.user_id)
            """,
            (grant_id, coach_id),
        )
        return await cursor.fetchone()


async def hold(connection: Connection, coach_id: UUID) -> None:
    """Whoever lets them in cannot end it before this transaction does."""
    await connection.execute("select from coach_grants where coach_id = %s for key share", (coach_id,))


async def note_seen(connection: Connection, climber_id: UUID, coach_id: UUID) -> None:
    """That they looked now; written once a minute."""
    await connection.execute(
        """
        update coach_grants set seen_at = now()
        where user_id = %s and coach_id = %s and (seen_at is null or seen_at < now() - interval '1 minute')
        """,
        (climber_id, coach_id),
    )


async def delete_expired(connection: Connection) -> None:
    await connection.execute("delete from coach_grants where accepted_at is null and expires_at < now()")
