"""SQL of analyses. State, progress and failure stand on the job's row; the result stands here."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row, tuple_row
from psycopg.types.json import Jsonb

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Analysis:
    id: UUID
    user_id: UUID
    job_id: UUID
    job_state: str
    stage: str | None
    progress_pct: int
    attempt: int
    failure_code: str | None
    failure_detail: str | None
    video_id: UUID
    file_name: str
    video_state: str
    size_bytes: int
    expires_at: datetime | None
    """Of the video; None: it is saved."""
    saved_at: datetime | None
    archive_state: str | None
    cleaning_state: str | None
    restore_ready_by: datetime | None
    restored_until: datetime | None
    choices: dict[str, Any]
    with_profile: bool
    route: str | None
    route_id: UUID | None
    tags: list[str]
    summary: dict[str, Any] | None
    has_wall_picture: bool
    thumbnail_width_px: int | None
    thumbnail_height_px: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    completed_at: datetime | None
    """When the result that is there was stored."""
    trashed_at: datetime | None
    """Since when it is in the trash: for nobody but its owner there, and nowhere else."""


@dataclass(frozen=True)
class Filters:
    """What of the list is wanted; None: whatever it is."""

    text: str | None
    """In the file's name, the route or a tag; capitals and accents do not matter, for a tag capitals."""
    tag: str | None
    route: str | None
    state: str | None
    since: datetime | None
    until: datetime | None
    """That moment is not in it."""


@dataclass(frozen=True)
class NewAnalysis:
    id: UUID
    user_id: UUID
    video_id: UUID
    job_id: UUID
    choices: dict[str, Any]
    with_profile: bool
    route: str | None


@dataclass(frozen=True)
class StoredResult:
    result: bytes
    result_sha256: bytes


@dataclass(frozen=True)
class Pictures:
    """What was stored beside a result: keys, and width and height of the thumbnail; None: there is none."""

    wall_object_key: str | None
    covered_wall_object_key: str | None
    thumbnail_px: tuple[int, int] | None


@dataclass(frozen=True)
class Input:
    object_key: str
    video_state: str
    part_size_bytes: int
    part_digests: list[bytes]
    """SHA-256 of every part, as it was signed before it was sent."""
    choices: dict[str, Any]


SELECT_ANALYSES: LiteralString = """
    select a.id, a.user_id, a.job_id, j.state as job_state, j.stage, j.progress_pct, j.attempt,
           j.failure_code, j.failure_detail, a.video_id, v.file_name, v.state as video_state, v.size_bytes,
           case when v.saved_at is null then v.expires_at end as expires_at, v.saved_at, v.archive_state,
           v.restore_ready_by, v.restored_until,
           (
               select k.state from video_copies c join jobs k on k.id = c.job_id
               where c.video_id = v.id and c.purpose = 'saved' and c.made_at is null
           ) as cleaning_state,
           a.choices, a.with_profile, a.route, a.route_id, a.tags, a.summary,
           a.wall_object_key is not null as has_wall_picture, a.thumbnail_width_px, a.thumbnail_height_px,
           a.created_at, j.started_at, j.finished_at, a.completed_at, a.trashed_at
    from analyses a join jobs j on j.id = a.job_id join videos v on v.id = a.video_id
"""
# clips and jobs are looked up by their keys, row by row: joined, all of the jobs would be read
# both texts are folded alike, without capitals and accents: whoever types "ete" finds "Été"
_FOUND: LiteralString = """
    and (%(text)s::text is null or (
        select strpos(folded[1], folded[2]) > 0 from (
            select array_agg(
                replace(replace(replace(translate(
                    regexp_replace(normalize(lower(one), NFKD), E'[\\u0300-\\u036f]', '', 'g'),
                    'øł', 'ol'), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss')
                order by place) as folded
            from unnest(array[
                concat_ws(
                    E'\\n', (select f.file_name from videos f where f.id = a.video_id), a.route,
                    array_to_string(a.tags, E'\\n')),
                %(text)s::text]) with ordinality as both_texts (one, place)) as texts))
    and (%(tag)s::text is null
        or exists (select from unnest(a.tags) as tag where lower(tag) = lower(%(tag)s)))
    and (%(route)s::text is null or a.route = %(route)s)
    and (%(state)s::text is null or %(state)s = (
        select case
            when k.state in ('queued', 'processing') then 'running'
            when k.state = 'done' or a.summary is not null then 'done'
            else 'failed' end
        from jobs k where k.id = a.job_id))
    and (%(since)s::timestamptz is null or a.created_at >= %(since)s)
    and (%(until)s::timestamptz is null or a.created_at < %(until)s)
"""


async def insert(connection: Connection, new: NewAnalysis) -> None:
    await connection.execute(
        """
        insert into analyses (id, user_id, video_id, job_id, choices, with_profile, route, letter_due)
        values (%(id)s, %(user_id)s, %(video_id)s, %(job_id)s, %(choices)s, %(with_profile)s, %(route)s,
                (select wants_result_letters from users where id = %(user_id)s))
        """,
        {**asdict(new), "choices": Jsonb(new.choices)},
    )


async def set_route(connection: Connection, analysis_id: UUID, user_id: UUID, route: str | None) -> None:
    await connection.execute(
        "update analyses set route = %s where id = %s and user_id = %s", (route, analysis_id, user_id)
    )


async def set_tags(connection: Connection, analysis_id: UUID, user_id: UUID, tags: Sequence[str]) -> None:
    await connection.execute(
        "update analyses set tags = %s where id = %s and user_id = %s", (list(tags), analysis_id, user_id)
    )


async def set_choices(
    connection: Connection, analysis_id: UUID, user_id: UUID, choices: dict[str, Any]
) -> None:
    await connection.execute(
        "update analyses set choices = %s where id = %s and user_id = %s",
        (Jsonb(choices), analysis_id, user_id),
    )


async def get(connection: Connection, analysis_id: UUID, user_id: UUID) -> Analysis | None:
    """The analysis, if it is this user's and not in the trash."""
    async with connection.cursor(row_factory=class_row(Analysis)) as cursor:
        await cursor.execute(
            SELECT_ANALYSES + "where a.id = %s and a.user_id = %s and a.trashed_at is null",
            (analysis_id, user_id),
        )
        return await cursor.fetchone()


async def list_page(
    connection: Connection, user_id: UUID, *, filters: Filters | None, before_id: UUID | None, limit: int
) -> list[Analysis]:
    """Newest first (ids are time-ordered), older than `before_id`."""
    asked = {"user_id": user_id, "before_id": before_id, "limit": limit}
    async with connection.cursor(row_factory=class_row(Analysis)) as cursor:
        # without filters a statement of its own: it is asked for with every page that opens
        await cursor.execute(
            SELECT_ANALYSES
            + """
            where a.user_id = %(user_id)s and a.trashed_at is null
                and (%(before_id)s::uuid is null or a.id < %(before_id)s)
            """
            + (_FOUND if filters else "")
            + " order by a.id desc limit %(limit)s",
            {**asked, **asdict(filters)} if filters else asked,
        )
        return await cursor.fetchall()


async def count_found(connection: Connection, user_id: UUID, filters: Filters) -> int:
    """How many the list has with these filters."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select count(*) from analyses a
            where a.user_id = %(user_id)s and a.trashed_at is null
            """
            + _FOUND,
            {"user_id": user_id, **asdict(filters)},
        )
        return (await cursor.fetchone()) or 0


async def list_tags(connection: Connection, user_id: UUID, *, limit: int) -> list[str]:
    """Those of the user's climbs, the most used first; of several ways to write one the latest."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select (array_agg(tag order by a.id desc))[1] from analyses a, unnest(a.tags) as tag
            where a.user_id = %s and a.trashed_at is null
            group by lower(tag) order by count(*) desc, lower(tag) limit %s
            """,
            (user_id, limit),
        )
        return await cursor.fetchall()


async def list_routes(connection: Connection, user_id: UUID, *, limit: int) -> list[str]:
    """Names of routes of the user's climbs, the latest climbed first."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select route from analyses where user_id = %s and trashed_at is null and route is not null
            group by route order by max(created_at) desc limit %s
            """,
            (user_id, limit),
        )
        return await cursor.fetchall()


async def has_active(connection: Connection, video_id: UUID, user_id: UUID) -> bool:
    """Is an analysis of this user's video, or a correction of one, waiting or running?"""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select exists (
                select from analyses a join jobs j on j.id in (a.job_id, a.derivation_job_id)
                where a.video_id = %s and a.user_id = %s and j.state in ('queued', 'processing'))
            """,
            (video_id, user_id),
        )
        return bool(await cursor.fetchone())


async def note_uncounted_runs(connection: Connection, user_id: UUID, hopeless: Sequence[str]) -> None:
    """Count the user's runs of the last day that ended without a result, each once, whoever ended them.

    hopeless: the codes of failures that are the clip's. One that was canceled before it began is none.
    """
    await connection.execute(
        """
        insert into allowance_uses (id, user_id, video_id, kind, used_at)
        select md5(j.id || ' ' || extract(epoch from j.finished_at))::uuid, a.user_id, a.video_id,
               case when j.state = 'canceled' then 'repeated_run' else 'hopeless_run' end, j.finished_at
        from jobs j join analyses a on a.job_id = j.id
        where j.user_id = %s and j.finished_at > now() - interval '1 day'
            and j.state in ('failed', 'dead', 'canceled')
            and (j.failure_code = any(%s) or j.state = 'canceled' and j.attempt > 0)
        on conflict (id) do nothing
        """,
        (user_id, list(hopeless)),
    )


async def get_result(connection: Connection, analysis_id: UUID, user_id: UUID) -> StoredResult | None:
    """The result bytes of this user's analysis, as stored."""
    # the hottest read: psycopg's rows as classes would cost as much again as the statement
    async with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        await cursor.execute(
            """
            select result, result_sha256 from analyses
            where id = %s and user_id = %s and result is not null and trashed_at is null
            """,
            (analysis_id, user_id),
        )
        row = await cursor.fetchone()
    return None if row is None else StoredResult(*row)


async def is_current(
    connection: Connection, analysis_id: UUID, user_id: UUID, *, result_sha256: bytes
) -> bool:
    """Is this what the stored result of this user's analysis hashes to?"""
    async with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        await cursor.execute(
            """
            select from analyses where id = %s and user_id = %s and result_sha256 = %s and trashed_at is null
            """,
            (analysis_id, user_id, result_sha256),
        )
        return cursor.rowcount == 1


async def get_wall_key(
    connection: Connection, analysis_id: UUID, user_id: UUID, *, covered: bool
) -> str | None:
    """Where the wall picture of this user's analysis lies, or the one with heads covered; None: none."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select case when %(covered)s then covered_wall_object_key else wall_object_key end
            from analyses where id = %(id)s and user_id = %(user_id)s and trashed_at is null
            """,
            {"covered": covered, "id": analysis_id, "user_id": user_id},
        )
        return await cursor.fetchone()


async def delete_with_job(connection: Connection, analysis_id: UUID, user_id: UUID) -> None:
    """The jobs go, and the analysis with them; a worker that has one loses its claim."""
    await connection.execute(
        """
        delete from jobs using analyses a
        where a.id = %s and a.user_id = %s and jobs.id in (a.job_id, a.derivation_job_id)
        """,
        (analysis_id, user_id),
    )


async def list_of_video(connection: Connection, video_id: UUID, user_id: UUID) -> list[Analysis]:
    """Every analysis of one video of this user, in the trash or not."""
    async with connection.cursor(row_factory=class_row(Analysis)) as cursor:
        await cursor.execute(
            SELECT_ANALYSES + "where a.video_id = %s and a.user_id = %s", (video_id, user_id)
        )
        return await cursor.fetchall()


async def get_input(connection: Connection, analysis_id: UUID) -> Input | None:
    """Where the worker finds the video of an analysis."""
    async with connection.cursor(row_factory=class_row(Input)) as cursor:
        await cursor.execute(
            """
            select v.object_key, v.state as video_state, v.part_size_bytes, a.choices,
                   array(select sha256 from video_parts p where p.video_id = v.id order by part_number)
                       as part_digests
            from analyses a join videos v on v.id = a.video_id where a.id = %s
            """,
            (analysis_id,),
        )
        return await cursor.fetchone()


async def hold_clip(connection: Connection, analysis_id: UUID) -> bool:
    """Is its clip there? Then it stays so until this transaction ends.

    False also where somebody is changing it just now: whoever deletes a clip holds it and waits for our job.
    """
    cursor = await connection.execute(
        """
        select from videos v join analyses a on a.video_id = v.id
        where a.id = %s and v.state = 'uploaded' for share of v skip locked
        """,
        (analysis_id,),
    )
    return cursor.rowcount == 1


async def store_result(
    connection: Connection,
    analysis_id: UUID,
    *,
    result: bytes,
    sha256: bytes,
    summary: dict[str, Any],
    pictures: Pictures,
) -> None:
    """What was corrected in an earlier result is over with it: the corrections go.

    A thumbnail that is there stays where no other was made: it is of the same clip.
    """
    await connection.execute("delete from corrections where analysis_id = %s", (analysis_id,))
    await connection.execute(
        """
        update analyses set result = %s, result_sha256 = %s, summary = %s, wall_object_key = %s,
            covered_wall_object_key = %s,
            thumbnail_width_px = coalesce(%s, thumbnail_width_px),
            thumbnail_height_px = coalesce(%s, thumbnail_height_px),
            completed_at = now(), original_result = null, original_summary = null
        where id = %s
        """,
        (
            *(result, sha256, Jsonb(summary), pictures.wall_object_key, pictures.covered_wall_object_key),
            *(pictures.thumbnail_px or (None, None)),
            analysis_id,
        ),
    )
