"""The small picture of a climb: told with its row, and gone with its clip or the climb."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ascension.analyses.tasks import RESULT_FILE, THUMBNAIL_FILE, analysis_task
from ascension.infra.database.primary import Database
from ascension.infra.storage.keys import thumbnail_key
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from tests.analyses.outcomes import RESULT
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import Climber, Programs, new_climber, plain_http
from tests.rows import sql
from tests.videos.objects import is_stored
from tests.videos.test_archive import storage_at

ANALYSES = "/api/v1/analyses"
SMALL = b"a climb, small"
SIZE_PX = {"width_px": 320, "height_px": 569}
LIMITS = Limits(time_s=1, memory_bytes=1 << 30, threads=1)


async def analyzed(engines: Engines, climber: Climber, folder: Path) -> tuple[dict[str, Any], str]:
    """As by a worker whose child left a result and a small picture; its row, and where the picture lies."""
    analysis = await climber.analyze(b"v" * 1000)
    await store(engines, climber, analysis["id"], left_in(folder))
    await sql(engines, "update jobs set state = 'done' where subject_id = %s", analysis["id"])
    row = (await climber.get(f"{ANALYSES}/{analysis['id']}")).json()
    return row, thumbnail_key(UUID(climber.user["id"]), UUID(analysis["id"]))


def left_in(folder: Path) -> Path:
    """What a child leaves."""
    folder.mkdir()
    (folder / RESULT_FILE).write_bytes(RESULT)
    (folder / THUMBNAIL_FILE).write_bytes(SMALL)
    return folder


async def store(engines: Engines, climber: Climber, analysis_id: str, folder: Path) -> None:
    """What the worker's side does with that."""
    job = Job(
        id=UUID(int=0),
        kind="analysis",
        subject_id=UUID(analysis_id),
        user_id=UUID(climber.user["id"]),
        tier="free",
        state="processing",
        attempt=1,
        crashes=0,
        interruptions=0,
        admitted=True,
        cancel_requested=False,
        failure_code=None,
        created_at=datetime.now(UTC),
    )
    database = Database(engines.worker_url, pool_size=1, application="test")
    async with database, storage_at(engines, engines.s3_endpoint) as storage:
        task = analysis_task(database, storage, limits=LIMITS, max_bytes=1)
        async with database.transaction() as tx:
            await task.store(tx.connection, job, folder, {"summary": {}, "thumbnail": SIZE_PX})


async def test_its_row_has_a_link_to_it_in_every_answer(
    engines: Engines, climber: Climber, stranger: Climber, tmp_path: Path
) -> None:
    without = await climber.analyze(b"w" * 1000)
    assert without["thumbnail"] is None
    row, key = await analyzed(engines, climber, tmp_path / "job")
    assert {name: row["thumbnail"][name] for name in SIZE_PX} == SIZE_PX
    assert key in row["thumbnail"]["url"]
    (listed, _) = (await climber.get(ANALYSES)).json()["items"]
    assert listed["thumbnail"] == row["thumbnail"], "the same address: a browser fetches it once"
    async with plain_http() as storage:
        assert (await storage.get(row["thumbnail"]["url"])).content == SMALL
    assert (await stranger.get(f"{ANALYSES}/{row['id']}")).status_code == 404


async def test_it_goes_with_the_clip_and_with_the_climb(
    engines: Engines, programs: Programs, tmp_path: Path
) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    expired, expired_key = await analyzed(engines, climber, tmp_path / "expired")
    deleted, deleted_key = await analyzed(engines, climber, tmp_path / "deleted")
    assert await is_stored(engines, expired_key)
    assert await is_stored(engines, deleted_key)
    await sql(
        engines,
        "update videos set expires_at = now() - interval '1 s' where id = %s",
        expired["video"]["id"],
    )
    assert (await climber.delete(f"{ANALYSES}/{deleted['id']}?for_good=true")).status_code == 204

    async def are_gone() -> bool:
        return not (await is_stored(engines, expired_key) or await is_stored(engines, deleted_key))

    await eventually(are_gone)
    row = (await climber.get(f"{ANALYSES}/{expired['id']}")).json()
    assert (row["video"]["state"], row["thumbnail"]) == ("expired", None)
    assert (await climber.get(f"{ANALYSES}/{expired['id']}/result")).content, "the result stays"
    # a worker that is done after the clip's end leaves none
    await store(engines, climber, expired["id"], left_in(tmp_path / "late"))
    assert (await climber.get(f"{ANALYSES}/{expired['id']}")).json()["thumbnail"] is None
    assert not await is_stored(engines, expired_key)
    await climber.http.aclose()
