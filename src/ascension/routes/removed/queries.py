"""SQL of removed routes: rows as they were, out of the way of everything that reads routes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class RemovedRoute:
    """climbs and tries: so many come back with it."""

    id: UUID
    name: str
    removed_at: datetime
    climbs: int
    tries: int


async def list_of(connection: Connection, user_id: UUID, *, limit: int) -> list[RemovedRoute]:
    """The last removed first."""
    async with connection.cursor(row_factory=class_row(RemovedRoute)) as cursor:
        await cursor.execute(
            """
            select id, name, removed_at, cardinality(climbs) as climbs, jsonb_array_length(tries) as tries
            from removed_routes where user_id = %s order by removed_at desc, id limit %s
            """,
            (user_id, limit),
        )
        return await cursor.fetchall()


async def remove(connection: Connection, route_id: UUID, user_id: UUID) -> None:
    """Its climbs stay, without a route; nothing where it is not the user's."""
    await connection.execute(
        """
        insert into removed_routes (id, user_id, name, route, tries, climbs)
        select r.id, r.user_id, r.name, to_jsonb(r),
            coalesce((select jsonb_agg(to_jsonb(t) order by t.id) from route_tries t
                where t.route_id = r.id and t.user_id = r.user_id), '[]'),
            array(select a.id from analyses a where a.route_id = r.id and a.user_id = r.user_id)
        from routes r where r.id = %s and r.user_id = %s
        """,
        (route_id, user_id),
    )
    await connection.execute(
        "update analyses set route = null, route_id = null where route_id = %s and user_id = %s",
        (route_id, user_id),
    )
    await connection.execute("delete from routes where id = %s and user_id = %s", (route_id, user_id))


async def restore(connection: Connection, route_id: UUID, user_id: UUID) -> bool:
    """With its tries, and its climbs but those that are on another one now. False: its name is taken."""
    own = {"id": route_id, "user_id": user_id}
    try:
        async with connection.transaction():
            await connection.execute(
                """
                insert into routes (id, user_id, name, grade, scale, wall, set_on, taken_down_on, created_at)
                select r.id, x.user_id, r.name, r.grade, r.scale, r.wall, r.set_on, r.taken_down_on,
                    r.created_at
                from removed_routes x, jsonb_populate_record(null::routes, x.route) r
                where x.id = %(id)s and x.user_id = %(user_id)s
                """,
                own,
            )
    except UniqueViolation:
        return False
    await connection.execute(
        """
        insert into route_tries (id, user_id, route_id, day, tries, is_sent, note, created_at)
        select t.id, x.user_id, x.id, t.day, t.tries, t.is_sent, t.note, t.created_at
        from removed_routes x, jsonb_populate_recordset(null::route_tries, x.tries) t
        where x.id = %(id)s and x.user_id = %(user_id)s
        """,
        own,
    )
    await connection.execute(
        """
        update analyses a set route_id = x.id, route = x.name from removed_routes x
        where x.id = %(id)s and x.user_id = %(user_id)s
            and a.id = any(x.climbs) and a.user_id = x.user_id and a.route_id is null
        """,
        own,
    )
    await delete(connection, route_id, user_id)
    return True


async def delete(connection: Connection, route_id: UUID, user_id: UUID) -> bool:
    """False: there is none of this user's."""
    cursor = await connection.execute(
        "delete from removed_routes where id = %s and user_id = %s", (route_id, user_id)
    )
    return cursor.rowcount == 1


async def lock(connection: Connection, route_id: UUID, user_id: UUID) -> bool:
    """False: there is none of this user's."""
    cursor = await connection.execute(
        "select from removed_routes where id = %s and user_id = %s for update", (route_id, user_id)
    )
    return cursor.rowcount == 1


async def delete_due(connection: Connection, *, ttl_s: float, limit: int) -> None:
    """Those that were removed so long ago are gone for good, the longest ago first."""
    await connection.execute(
        """
        delete from removed_routes where id in (
            select id from removed_routes where removed_at < now() - make_interval(secs => %s)
            order by removed_at limit %s)
        """,
        (ttl_s, limit),
    )
