"""How a run may end, what it counts as, and what follows: crashes, interruptions, the clip's own fault."""

import asyncio
import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.errors import catalogue
from ascension.errors.http import StorageUnavailable
from ascension.errors.jobs import JobFailure
from ascension.infra.settings import JobSettings
from ascension.jobs import queries
from ascension.jobs.queries import Ending, Job
from ascension.jobs.runner import Task, pause_s
from ascension.jobs.sweep import Sweeper
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet, stub_task

pytestmark = pytest.mark.usefixtures("stub_program")


def failing_task(error: Exception) -> Task:
    """Its input cannot be fetched."""

    async def prepare(_job: Job, _folder: Any) -> dict[str, object]:
        raise error

    task = stub_task()
    return Task(task.kind, task.entrypoint, task.limits, prepare, task.store)


async def claimed(fleet: Fleet, job_id: UUID) -> UUID | None:
    """The claim of a worker that is never heard of again; None: nobody may have it."""
    claim_id = uuid4()
    async with fleet.database.transaction() as tx:
        job = await queries.claim(
            tx.connection, job_id, claim_id=claim_id, worker_id="silent", kinds=["test"], lease_s=0.01
        )
    return claim_id if job else None


async def swept(fleet: Fleet) -> None:
    """One sweep that may judge: it has been steady for long."""
    sweeper = Sweeper(fleet.database, fleet.with_settings(job_heartbeat_s=0.05).queue)
    await sweeper.once()
    await asyncio.sleep(0.15)
    await sweeper.once()


@pytest.mark.proves("D11", "M44")
async def test_a_clip_kills_its_child_twice_and_never_a_third_time(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    task = stub_task({"then": "die"})
    await fleet.run(job_id, task)
    assert {"state": "queued", "crashes": 1, "failure_code": "compute_crashed"}.items() <= fleet.row(
        job_id
    ).items()
    await fleet.run(job_id, task)
    row = fleet.row(job_id)
    assert {"state": "dead", "crashes": 2, "failure_code": "compute_crashed"}.items() <= row.items()
    assert row["finished_at"] is not None
    assert await claimed(fleet, job_id) is None


@pytest.mark.proves("D11", "M44")
async def test_a_job_that_loses_its_worker_twice_is_dead_with_its_reason(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    for crashes, state in ((1, "queued"), (2, "dead")):
        assert await claimed(fleet, job_id)
        await asyncio.sleep(0.05)
        await swept(fleet)
        assert {"state": state, "crashes": crashes, "failure_code": "worker_lost"}.items() <= fleet.row(
            job_id
        ).items()
    assert await claimed(fleet, job_id) is None


async def test_a_dead_child_and_a_lost_worker_count_together(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    await fleet.run(job_id, stub_task({"then": "die"}))
    assert await claimed(fleet, job_id)
    await asyncio.sleep(0.05)
    await swept(fleet)
    assert {"state": "dead", "crashes": 2, "failure_code": "worker_lost"}.items() <= fleet.row(job_id).items()


async def test_a_sweep_that_could_not_look_waits_before_it_judges(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    claim_id = await claimed(fleet, job_id)
    assert claim_id
    await asyncio.sleep(0.05)
    sweeper = Sweeper(fleet.database, fleet.with_settings(job_heartbeat_s=60).queue)
    await sweeper.once()  # as after an outage: the worker may live and have been unable to say so
    async with fleet.database.transaction() as tx:
        assert await queries.heartbeat(
            tx.connection, job_id, claim_id=claim_id, lease_s=60, stage="poses", progress_pct=1
        )
    assert fleet.row(job_id)["crashes"] == 0


@pytest.mark.proves("D11")
async def test_a_part_that_is_away_costs_ever_longer_pauses_and_no_crash(fleet: Fleet) -> None:
    fleet = fleet.with_settings(job_retry_delay_s=60)
    (job_id,) = await fleet.enqueue()
    task = failing_task(StorageUnavailable())
    for interruptions, longest_s in ((1, 60), (2, 120), (3, 240)):
        await fleet.run(job_id, task)
        row = fleet.row(job_id)
        assert (row["state"], row["crashes"], row["interruptions"]) == ("queued", 0, interruptions)
        assert row["delivered_at"] is None, "it is in no stream while it rests"
        (found,) = run_sql(
            fleet.engines,
            "select extract(epoch from deliver_after - now())::float as s from jobs where id = %s",
            job_id,
        )
        assert longest_s / 2 - 20 < found["s"] <= longest_s, "less what passed meanwhile"
    run_sql(fleet.engines, "update jobs set created_at = now() - interval '2 hours' where id = %s", job_id)
    await fleet.run(job_id, task)
    assert {"state": "dead", "failure_code": "storage_unavailable"}.items() <= fleet.row(job_id).items()


@given(st.integers(0, 10_000), st.floats(0.1, 60), st.floats(0.1, 3600))
def test_pauses_double_up_to_a_cap_and_are_never_all_at_once(
    earlier: int, first_s: float, most_s: float
) -> None:
    settings = JobSettings(job_retry_delay_s=first_s, job_retry_delay_max_s=most_s)
    longest_s = min(most_s, first_s * 2.0 ** min(earlier, 40))
    assert longest_s / 2 <= pause_s(settings, earlier) <= longest_s


async def test_a_full_disk_is_not_the_clip_s_fault(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    await fleet.run(job_id, stub_task({"then": "fill the disk"}))
    row = fleet.row(job_id)
    assert (row["state"], row["crashes"], row["interruptions"]) == ("queued", 0, 1)
    assert row["failure_code"] == "worker_disk_unavailable"


@pytest.mark.proves("D11")
@pytest.mark.parametrize(
    "code", sorted(code for code, error in catalogue().items() if issubclass(error, JobFailure))
)
async def test_every_reason_has_its_sentence(code: str) -> None:
    assert catalogue()[code].message().endswith(".")


@pytest.mark.proves("D11")
async def test_a_mistake_of_ours_is_tried_once_more_at_once_and_is_logged_with_its_trace(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    (job_id,) = await fleet.enqueue()

    async def store(*_: Any) -> None:
        raise KeyError("nobody expected this")

    in_store = replace(stub_task(), store=store)
    for task, state, crashes in ((in_store, "queued", 1), (failing_task(ZeroDivisionError()), "dead", 2)):
        await fleet.run(job_id, task)
        row = fleet.row(job_id)
        assert (row["state"], row["crashes"], row["failure_code"]) == (state, crashes, "internal_fault")
        assert (row["claim_id"], row["lease_until"]) == (None, None), "nobody waits for a lease"
    said = capsys.readouterr().out
    assert said.count("job_unexpected_error") == 2
    for words in ("nobody expected this", "ZeroDivisionError", "test_endings.py", str(job_id)):
        assert words in said
    assert catalogue()["internal_fault"].message()


async def test_what_is_hopeless_is_never_tried_again(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    failure = catalogue()["no_person"]()
    await fleet.run(job_id, failing_task(failure))
    row = fleet.row(job_id)
    assert (row["state"], row["failure_code"], row["attempt"], row["crashes"]) == (
        "failed",
        "no_person",
        1,
        0,
    )


async def test_a_job_that_is_asked_for_again_begins_from_nothing(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    for _ in range(2):
        await fleet.run(job_id, stub_task({"then": "die"}))
    async with fleet.database.transaction() as tx:
        await queries.requeue(
            tx.connection, job_id, fleet.row(job_id)["user_id"], also=(), admitted_per_user=2
        )
    row = fleet.row(job_id)
    assert (row["state"], row["attempt"], row["crashes"], row["interruptions"]) == ("queued", 0, 0, 0)
    await fleet.run(job_id, stub_task())
    done = fleet.row(job_id)
    assert done["state"] == "done"
    assert done["timings"].keys() >= {"fetching", "storing"}


async def test_a_canceled_job_stays_canceled_however_its_run_ends(fleet: Fleet) -> None:
    for ending in (Ending("compute_crashed", is_crash=True), Ending("x", is_interruption=True), Ending()):
        (job_id,) = await fleet.enqueue()
        claim_id = await claimed(fleet, job_id)
        assert claim_id
        async with fleet.database.transaction() as tx:
            await queries.request_cancel(tx.connection, job_id, fleet.row(job_id)["user_id"])
            job = await queries.release(tx.connection, job_id, claim_id, ending, max_crashes=2, patience_s=60)
        assert job
        assert (job.state, job.failure_code) == ("canceled", None)


async def test_a_result_that_waits_for_its_storage_keeps_its_lease(fleet: Fleet) -> None:
    fleet = fleet.with_settings(job_lease_s=1.5)
    (job_id,) = await fleet.enqueue()
    away_until_s = time.monotonic() + 3
    task = stub_task()

    async def store(*_: Any) -> None:
        if time.monotonic() < away_until_s:
            raise StorageUnavailable

    stored = replace(task, store=store)
    sweeper = Sweeper(fleet.database, fleet.with_settings(job_heartbeat_s=0.05).queue)
    running = asyncio.create_task(fleet.run(job_id, stored))
    while not running.done():
        await sweeper.once()
        await asyncio.sleep(0.2)
    row = fleet.row(job_id)
    assert (row["state"], row["attempt"], row["crashes"]) == ("done", 1, 0)
