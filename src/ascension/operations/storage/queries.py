"""SQL of what is stored. It reads tables from end to end: asked once for each look of an admin."""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Amount:
    """Of one kind. `bytes` None: no row knows."""

    kind: str
    objects: int
    bytes: int | None


@dataclass(frozen=True)
class Expiring:
    objects: int
    bytes: int


@dataclass(frozen=True)
class Leftovers:
    """`oldest_at`: since when the oldest may go; None: none waits."""

    objects: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Day:
    """What came in on a day (UTC), and how much of it is still there."""

    day: date
    objects: int
    added_bytes: int
    kept_bytes: int


async def amounts(connection: Connection) -> list[Amount]:
    async with connection.cursor(row_factory=class_row(Amount)) as cursor:
        await cursor.execute(
            """
            select case when state = 'uploading' then 'unfinished' when trashed_at is not null then 'trash'
                when saved_at is null then 'uploads' else 'saved' end as kind,
                count(*) as objects, sum(size_bytes)::bigint as bytes
            from videos where state in ('uploading', 'uploaded') group by 1
            union all select 'copies', count(*), sum(size_bytes)::bigint
            from video_copies where made_at is not null and purpose <> 'saved'
            union all select 'exports', count(*), sum(total_bytes)::bigint
            from exports where state = 'ready' and expires_at > now()
            union all select 'wall_pictures', count(wall_object_key) + count(covered_wall_object_key), null
            from analyses
            union all select 'thumbnails', count(thumbnail_width_px), null from analyses
            union all select 'results', count(*), sum(octet_length(result) + coalesce(
                octet_length(original_result), 0))::bigint
            from analyses where result is not null
            """
        )
        return await cursor.fetchall()


async def expiring(connection: Connection, *, within_s: float) -> Expiring:
    """Clips that are not saved, and archives, whose time is over by then."""
    async with connection.cursor(row_factory=class_row(Expiring)) as cursor:
        await cursor.execute(
            """
            select count(*) as objects, coalesce(sum(bytes), 0)::bigint as bytes from (
                select size_bytes as bytes from videos
                where state = 'uploaded' and saved_at is null
                    and expires_at < now() + make_interval(secs => %(within_s)s)
                union all select total_bytes from exports
                where state = 'ready' and expires_at < now() + make_interval(secs => %(within_s)s)
            ) as ending
            """,
            {"within_s": within_s},
        )
        found = await cursor.fetchone()
        return found or Expiring(0, 0)


async def leftovers(connection: Connection) -> Leftovers:
    """Objects, or folders of them, that are to be removed and still wait."""
    async with connection.cursor(row_factory=class_row(Leftovers)) as cursor:
        await cursor.execute("select count(*) as objects, min(not_before) as oldest_at from object_deletions")
        found = await cursor.fetchone()
        return found or Leftovers(0, None)


async def days(connection: Connection, *, count: int) -> list[Day]:
    """The last so many days, today's last, those without clips included."""
    async with connection.cursor(row_factory=class_row(Day)) as cursor:
        await cursor.execute(
            """
            select day::date, count(v.id) as objects, coalesce(sum(v.size_bytes), 0)::bigint as added_bytes,
                coalesce(sum(v.size_bytes) filter (where v.state = 'uploaded'), 0)::bigint as kept_bytes
            from generate_series(
                date_trunc('day', now() at time zone 'utc') - make_interval(days => %(before)s),
                date_trunc('day', now() at time zone 'utc'), interval '1 day') as day
            left join videos v on v.uploaded_at >= now() - make_interval(days => %(before)s + 1)
                and date_trunc('day', v.uploaded_at at time zone 'utc') = day
            group by day order by day
            """,
            {"before": count - 1},
        )
        return await cursor.fetchall()
