"""Two climbs on one wall, and their comparison, as workers would have stored them."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from ascension.analyses import result
from ascension.coaching.summary import with_attempts
from ascension.comparisons.compute import Side, side_by_side
from ascension.infra.storage.keys import covered_wall_key, wall_key
from tests.analyses import outcomes
from tests.comparisons.walls import Filmed, first_clip, second_clip
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql


async def filmed_climb(
    engines: Engines, climber: Climber, filmed: Filmed, clip: bytes = b"v" * 1000
) -> dict[str, Any]:
    """A finished analysis with its wall picture."""
    analysis = await climber.analyze(clip)
    frames = result.read_facts(filmed.stored)[0].video.frame_count
    summary = with_attempts({"frame_count": frames, "duration_s": frames / 30}, filmed.stored)
    await outcomes.complete(engines, analysis, filmed.stored, summary)
    await store_wall(engines, climber, analysis["id"], filmed.wall)
    return analysis


async def store_wall(
    engines: Engines, climber: Climber, analysis_id: str, wall: bytes, *, covered: bool = False
) -> None:
    """covered: as the one with heads covered."""
    key = (covered_wall_key if covered else wall_key)(UUID(climber.user["id"]), UUID(analysis_id))
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=engines.s3_bucket, Key=key, Body=wall, ContentType="image/webp")
    column = "covered_wall_object_key" if covered else "wall_object_key"
    await sql(engines, f"update analyses set {column} = %s where id = %s", key, analysis_id)


async def compared_climbs(
    engines: Engines, climber: Climber, clips: tuple[bytes, bytes] = (b"v" * 1000, b"w" * 1000)
) -> str:
    """The id of a finished comparison of two climbs, of which the second pauses; their videos are `clips`."""
    first = await filmed_climb(engines, climber, first_clip(), clips[0])
    second = await filmed_climb(engines, climber, second_clip(), clips[1])
    return await finished_comparison(engines, climber, first["id"], second["id"])


async def finished_comparison(engines: Engines, climber: Climber, first_id: str, second_id: str) -> str:
    """As a worker that finished; `first_clip` and `second_clip` are what was analyzed."""
    sides = [Side(one.result, 1, one.wall) for one in (first_clip(), second_clip())]
    compared = side_by_side(*sides, same_analysis=False)
    comparison_id = str(uuid7())
    await sql(
        engines,
        """
        with job as (
            insert into jobs (id, kind, subject_id, user_id, tier, state, finished_at)
            values (gen_random_uuid(), 'comparison', %s, %s, 'free', 'done', now()) returning *
        )
        insert into comparisons (
            id, user_id, job_id, first_analysis_id, first_attempt, second_analysis_id, second_attempt,
            result, first_sha256, second_sha256)
        select job.subject_id, job.user_id, job.id, a.id, 1, b.id, 1, %s, a.result_sha256, b.result_sha256
        from job, analyses a, analyses b where a.id = %s and b.id = %s
        """,
        comparison_id,
        climber.user["id"],
        Jsonb(compared.model_dump(mode="json")),
        first_id,
        second_id,
    )
    return comparison_id
