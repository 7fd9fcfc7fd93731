"""SQL of routes: the routes themselves, what was climbed on them, what was tried without a film."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection
from ascension.routes.log import Filmed, Unfilmed


@dataclass(frozen=True)
class Details:
    """What a climber tells of a route. scale: of the grade; None: the gym's own."""

    name: str
    grade: str | None
    scale: str | None
    wall: str | None
    set_on: date | None
    taken_down_on: date | None


@dataclass(frozen=True)
class Route(Details):
    """climbs: analyzed ones of now; last_climbed_at: None: none."""

    id: UUID
    climbs: int
    last_climbed_at: datetime | None


@dataclass(frozen=True)
class Tries:
    """What somebody writes down; is_sent: the last of them."""

    day: date
    tries: int
    is_sent: bool
    note: str | None


_ROUTES: LiteralString = """
    select r.id, r.name, r.grade, r.scale, r.wall, r.set_on, r.taken_down_on,
           count(a.id) as climbs, max(a.created_at) as last_climbed_at
    from routes r left join analyses a on a.route_id = r.id and a.user_id = r.user_id and a.trashed_at is null
"""
_FILMED: LiteralString = """
    select a.id as analysis_id, v.file_name, a.route_id, a.route, a.created_at as at, a.sends,
           jsonb_path_query_array(a.summary, '$.attempts[*].outcome') as outcomes
    from analyses a join videos v on v.id = a.video_id
"""
_UNFILMED: LiteralString = """
    select t.id, t.route_id, r.name as route, t.day, t.tries, t.is_sent, t.note, t.created_at as at
    from route_tries t join routes r on r.id = t.route_id
"""


async def list_of(connection: Connection, user_id: UUID, *, limit: int) -> list[Route]:
    """The last climbed first; those that nobody climbed by their making."""
    async with connection.cursor(row_factory=class_row(Route)) as cursor:
        await cursor.execute(
            _ROUTES
            + """
            where r.user_id = %s group by r.id
            order by coalesce(max(a.created_at), r.created_at) desc, r.id limit %s
            """,
            (user_id, limit),
        )
        return await cursor.fetchall()


async def get(connection: Connection, route_id: UUID, user_id: UUID) -> Route | None:
    async with connection.cursor(row_factory=class_row(Route)) as cursor:
        await cursor.execute(
            _ROUTES + "where r.id = %s and r.user_id = %s group by r.id", (route_id, user_id)
        )
        return await cursor.fetchone()


async def change(connection: Connection, route_id: UUID, user_id: UUID, details: Details) -> bool:
    """Its climbs are called as it is. False: another that stands has the name."""
    try:
        async with connection.transaction():
            await connection.execute(
                """
                update routes set name = %(name)s, grade = %(grade)s, scale = %(scale)s, wall = %(wall)s,
                    set_on = %(set_on)s, taken_down_on = %(taken_down_on)s
                where id = %(id)s and user_id = %(user_id)s
                """,
                {**asdict(details), "id": route_id, "user_id": user_id},
            )
    except UniqueViolation:
        return False
    await connection.execute(
        "update analyses set route = %(name)s where route_id = %(id)s and user_id = %(user_id)s"
        " and route <> %(name)s",
        {"name": details.name, "id": route_id, "user_id": user_id},
    )
    return True


async def put_climb(connection: Connection, route_id: UUID, analysis_id: UUID, user_id: UUID) -> None:
    """Say that a climb was on a route; nothing where either is not the user's."""
    await connection.execute(
        """
        update analyses a set route_id = r.id, route = r.name from routes r
        where a.id = %(analysis_id)s and a.user_id = %(user_id)s
            and r.id = %(route_id)s and r.user_id = %(user_id)s
        """,
        {"analysis_id": analysis_id, "user_id": user_id, "route_id": route_id},
    )


async def list_filmed_on(
    connection: Connection, route_id: UUID, user_id: UUID, *, limit: int
) -> list[Filmed]:
    """The latest so many climbs of a route that have a result."""
    async with connection.cursor(row_factory=class_row(Filmed)) as cursor:
        await cursor.execute(
            _FILMED
            + """
            where a.route_id = %s and a.user_id = %s and a.trashed_at is null and a.summary ? 'attempts'
            order by a.created_at desc limit %s
            """,
            (route_id, user_id, limit),
        )
        return await cursor.fetchall()


async def list_filmed_between(
    connection: Connection, user_id: UUID, *, start: datetime, end: datetime, limit: int
) -> list[Filmed]:
    """The latest so many climbs with a result of [start, end)."""
    async with connection.cursor(row_factory=class_row(Filmed)) as cursor:
        await cursor.execute(
            _FILMED
            + """
            where a.user_id = %s and a.trashed_at is null and a.created_at >= %s and a.created_at < %s
                and a.summary ? 'attempts'
            order by a.created_at desc limit %s
            """,
            (user_id, start, end, limit),
        )
        return await cursor.fetchall()


async def list_unfilmed_on(connection: Connection, route_id: UUID, user_id: UUID) -> list[Unfilmed]:
    async with connection.cursor(row_factory=class_row(Unfilmed)) as cursor:
        await cursor.execute(_UNFILMED + "where t.route_id = %s and t.user_id = %s", (route_id, user_id))
        return await cursor.fetchall()


async def list_unfilmed_between(
    connection: Connection, user_id: UUID, *, from_day: date, until_day: date, limit: int
) -> list[Unfilmed]:
    """The latest so many; both days belong to it."""
    async with connection.cursor(row_factory=class_row(Unfilmed)) as cursor:
        await cursor.execute(
            _UNFILMED + "where t.user_id = %s and t.day between %s and %s order by t.day desc limit %s",
            (user_id, from_day, until_day, limit),
        )
        return await cursor.fetchall()


async def count_tries_of(connection: Connection, route_id: UUID, user_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select count(*) from route_tries where route_id = %s and user_id = %s", (route_id, user_id)
        )
        return (await cursor.fetchone()) or 0


async def insert_tries(
    connection: Connection, tries_id: UUID, *, route_id: UUID, user_id: UUID, told: Tries
) -> None:
    await connection.execute(
        """
        insert into route_tries (id, user_id, route_id, day, tries, is_sent, note)
        values (%(id)s, %(user_id)s, %(route_id)s, %(day)s, %(tries)s, %(is_sent)s, %(note)s)
        """,
        {"id": tries_id, "user_id": user_id, "route_id": route_id, **asdict(told)},
    )


async def delete_tries(connection: Connection, tries_id: UUID, route_id: UUID, user_id: UUID) -> bool:
    """False: there is none of this user's."""
    cursor = await connection.execute(
        "delete from route_tries where id = %s and route_id = %s and user_id = %s",
        (tries_id, route_id, user_id),
    )
    return cursor.rowcount == 1


async def tell_send(
    connection: Connection, analysis_id: UUID, user_id: UUID, *, attempt: int, is_sent: bool | None
) -> bool:
    """None: what the film shows counts again. False: there is no such attempt of this user's."""
    cursor = await connection.execute(
        """
        update analyses set sends = case
            when %(is_sent)s::boolean is null then sends - %(attempt)s::text
            else jsonb_set(sends, array[%(attempt)s::text], to_jsonb(%(is_sent)s::boolean)) end
        where id = %(id)s and user_id = %(user_id)s and trashed_at is null
            and jsonb_array_length(summary -> 'attempts') >= %(attempt)s::integer
        """,
        {"is_sent": is_sent, "attempt": attempt, "id": analysis_id, "user_id": user_id},
    )
    return cursor.rowcount == 1
