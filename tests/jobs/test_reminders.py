"""Ends that no message told of: the rows tell them, once, to whoever waited."""

import asyncio
import json
from uuid import UUID

import pytest

from ascension.jobs import events, queries, reminders
from ascension.jobs.events import COMMIT_S, EventHub, Listener
from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet
from tests.platform import Climber


async def hear(listener: Listener) -> dict[str, str]:
    async with asyncio.timeout(10):
        message = await listener.next()
    assert message is not None
    heard: dict[str, str] = json.loads(message)
    return heard


async def is_quiet(listener: Listener) -> bool:
    try:
        async with asyncio.timeout(0.2):
            await listener.next()
    except TimeoutError:
        return True
    return False


def end(fleet: Fleet, job_id: UUID) -> None:
    """As a worker that could not say so."""
    run_sql(fleet.engines, "update jobs set state = 'done', finished_at = now() where id = %s", job_id)


@pytest.mark.proves("M44")
async def test_an_end_that_was_not_told_is_told_once_to_who_listened(fleet: Fleet) -> None:
    untold, told = await fleet.enqueue(2)
    hub = EventHub(fleet.queue.streams, max_sockets=10, max_per_user=10, hear_ended=lambda _: None)
    listening = asyncio.create_task(hub.run())
    while not hub.connected:
        await asyncio.sleep(0.01)
    try:
        async with hub.listen(fleet.user_id) as listener:
            for job_id in (untold, told):
                end(fleet, job_id)
            async with fleet.database.transaction() as tx:
                ended = await queries.list_ended(tx.connection, [fleet.user_id], back_s=60, settled_s=0)
            (job,) = [job for job, _ in ended if job.id == told]
            await events.publish_state(fleet.queue.streams, job)
            assert (await hear(listener))["test_id"] == str(job.subject_id)
            await asyncio.sleep(COMMIT_S + 0.1)
            async with hub.listen(fleet.user_id) as late:
                await reminders.remind(fleet.database, hub, back_s=60)
                reminded = await hear(listener)
                assert (reminded["type"], reminded["test_id"]) == (
                    "test.completed",
                    str(fleet.row(untold)["subject_id"]),
                )
                await reminders.remind(fleet.database, hub, back_s=60)
                assert await is_quiet(listener), "what was told, by message or row, is not told again"
                assert await is_quiet(late), "its rows had both ends"
    finally:
        listening.cancel()
        await asyncio.wait([listening])


@pytest.mark.proves("M44")
async def test_the_same_job_ends_anew_and_that_is_told_too(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue()
    hub = EventHub(fleet.queue.streams, max_sockets=10, max_per_user=10, hear_ended=lambda _: None)
    async with hub.listen(fleet.user_id) as listener:
        for _ in range(2):
            end(fleet, job_id)
            await asyncio.sleep(COMMIT_S + 0.1)
            await reminders.remind(fleet.database, hub, back_s=60)
            assert (await hear(listener))["type"] == "test.completed"


@pytest.mark.proves("M44")
async def test_an_open_socket_hears_of_a_result_whose_worker_could_not_tell(
    climber: Climber, engines: Engines
) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    async with climber.live() as socket:
        async with asyncio.timeout(10):
            while json.loads(await socket.recv())["type"] != "snapshot.end":
                pass
        await complete(engines, analysis)
        async with asyncio.timeout(reminders.EVERY_S + COMMIT_S + 10):
            while (told := json.loads(await socket.recv()))["type"] != "analysis.completed":
                pass
    assert told["analysis_id"] == analysis["id"]
