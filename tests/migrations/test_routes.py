"""Names of routes become routes: those that are there, and those that the release before goes on to write."""

import shutil
from pathlib import Path

import psycopg

from ascension.embedded.migrations import MIGRATIONS, migrate

BEFORE = "20261123000032"
CLIMBS = """
    with climber as (
        insert into users (id, email, display_name, password_hash)
        select gen_random_uuid(), n || '@example.org', 'A', 'x' from generate_series(1, 2) n
        returning id, email
    ), video as (
        insert into videos (
            id, user_id, file_name, content_type, size_bytes, object_key, state, part_size_bytes,
            s3_upload_id, expires_at)
        select gen_random_uuid(), id, 'a.mp4', 'video/mp4', 1, id::text, 'uploaded', 1, '', now() from climber
        returning id, user_id
    ), climb as (
        select gen_random_uuid() as id, v.user_id, v.id as video_id, n.route
        from video v, unnest(array['Blue  Slab', 'blue slab', 'Roof', null]) n(route)
    ), job as (
        insert into jobs (id, kind, subject_id, user_id, tier)
        select id, 'analysis', id, user_id, 'free' from climb
    )
    insert into analyses (id, user_id, video_id, job_id, route)
    select id, user_id, video_id, id, route from climb
"""


async def test_a_name_is_one_route_of_each_climber(database: str, tmp_path: Path) -> None:
    for path in MIGRATIONS.glob("[0-9]*.sql"):
        if path.name < BEFORE:
            shutil.copy(path, tmp_path)
    await migrate(database, tmp_path)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(CLIMBS)
        await migrate(database)

        async def found() -> list[tuple[str, int]]:
            rows = await connection.execute(
                """
                select r.name_key, count(*) from analyses a
                join routes r on r.id = a.route_id and r.user_id = a.user_id and r.name = a.route
                group by r.id order by r.name_key, count(*)
                """
            )
            return await rows.fetchall()

        assert await found() == [("blue slab", 2), ("blue slab", 2), ("roof", 1), ("roof", 1)]
        await connection.execute("update analyses set route = 'BLUE slab' where route = 'Roof'")
        await connection.execute("update analyses set route = 'New' where route is null")
        assert await found() == [("blue slab", 3), ("blue slab", 3), ("new", 1), ("new", 1)]
