"""The child that waits loaded: whoever comes next has it at once, and whatever happens to it costs no job."""

import asyncio
import signal
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from ascension.jobs import spare as spares
from ascension.jobs.compute import Child
from ascension.jobs.runner import Task
from ascension.jobs.spare import Spare
from ascension.jobs.worker import Slot
from tests.jobs.conftest import children_of
from tests.jobs.stubs import Fleet, stub_task, stub_worker
from tests.platform import Programs, until

TASK = replace(stub_task(), warming={"sleep_s": 0.0})

pytestmark = pytest.mark.usefixtures("stub_program")


def ignore(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """A listener that does nothing."""


def running(scratch: Path) -> list[psutil.Process]:
    """The compute children of this process, by where they run: its other children are the engines."""
    return [one for one in psutil.Process().children() if _folder_of(one).is_relative_to(scratch)]


def _folder_of(process: psutil.Process) -> Path:
    """Where it runs; nowhere of ours once it has ended."""
    try:
        return Path(process.cwd())
    except psutil.NoSuchProcess:
        return Path("/")


@asynccontextmanager
async def kept(
    folder: Path, task: Task = TASK, is_quiet: Callable[[], bool] = lambda: True
) -> AsyncGenerator[Spare]:
    """A spare that is kept until the end; then nothing of it is left."""
    found = Spare(task, folder, is_quiet)
    keeping = asyncio.create_task(found.keep())
    try:
        yield found
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


def folders(scratch: Path) -> list[Path]:
    return [one for one in scratch.iterdir() if one.is_dir()]


async def computing(slot: Slot) -> psutil.Process:
    """The process in which another user's job is done."""
    child = await slot.child_of(TASK, uuid4())
    assert await child.run({"sleep_s": 0.0}, ignore) == {}
    (found,) = running(child.folder)
    return found


async def loaded(spare: Spare) -> Child:
    """The spare, once it waits; it goes on waiting."""
    async with asyncio.timeout(30):
        while (child := spare._child) is None or not spare._is_loaded:  # pyright: ignore[reportPrivateUsage]
            await asyncio.sleep(0.02)
    return child


async def test_each_next_user_has_the_one_that_waits_and_the_former_goes(tmp_path: Path) -> None:
    async with kept(tmp_path) as spare:
        slot = Slot(tmp_path, spare)
        former: psutil.Process | None = None
        for _ in range(3):
            waiting = await loaded(spare)
            (pid,) = [one.pid for one in running(waiting.folder)]
            assert list(waiting.folder.iterdir()) == []
            process = await computing(slot)
            assert process.pid == pid
            assert former is None or not former.is_running()
            former = process
        await slot.close()
    await until(lambda: running(tmp_path) == [])
    assert len(folders(tmp_path)) == 1, "the slot's own, until the worker ends"


async def test_the_same_user_keeps_what_is_loaded(tmp_path: Path) -> None:
    async with kept(tmp_path) as spare:
        slot, user_id = Slot(tmp_path, spare), uuid4()
        first = await slot.child_of(TASK, user_id)
        await first.run({"sleep_s": 0.0}, ignore)
        waiting = await loaded(spare)
        assert await slot.child_of(TASK, user_id) is first
        assert await loaded(spare) is waiting
        await slot.close()


async def test_one_that_dies_while_it_waits_is_replaced_after_a_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spares, "FIRST_REST_S", 0.3)
    async with kept(tmp_path) as spare:
        slot = Slot(tmp_path, spare)
        dead = await loaded(spare)
        for one in running(tmp_path):
            one.kill()
        async with asyncio.timeout(10):
            await dead.ended()
        child = await slot.child_of(TASK, uuid4())
        assert await child.run({"sleep_s": 0.0}, ignore) == {}, "nobody is given a dead one"
        assert (await loaded(spare)).folder != dead.folder
        assert not dead.folder.exists()
        await slot.close()


async def test_when_it_is_gone_already_a_slot_starts_its_own(tmp_path: Path) -> None:
    is_quiet = True
    async with kept(tmp_path, is_quiet=lambda: is_quiet) as spare:
        await loaded(spare)
        is_quiet = False
        slots = [Slot(tmp_path, spare) for _ in range(2)]
        first, second = await asyncio.gather(*map(computing, slots))
        assert first.pid != second.pid
        await asyncio.sleep(3 * spares._LOOK_S)  # pyright: ignore[reportPrivateUsage]
        assert len(running(tmp_path)) == 2, "none is loaded while no slot is free"
        for slot in slots:
            await slot.close()


async def test_one_that_cannot_load_is_tried_less_and_less_and_jobs_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spares, "FIRST_REST_S", 0.3)
    begun: list[float] = []

    def is_quiet() -> bool:
        begun.append(time.monotonic())
        return True

    async with kept(tmp_path, replace(TASK, warming={"then": "die"}), is_quiet) as spare:
        await until(lambda: len(begun) >= 4, 60)
        pauses_s = [after - before for before, after in pairwise(begun)]
        assert [after > before for before, after in pairwise(pauses_s)] == [True, True]
        assert pauses_s[2] >= 1.2
        slot = Slot(tmp_path, spare)
        await computing(slot)
        await slot.close()


@pytest.mark.thorough
async def test_a_worker_that_is_stopped_ends_it_at_once_and_its_job_first(
    fleet: Fleet, broken_programs: Programs
) -> None:
    worker = stub_worker(
        broken_programs, 3.0, WORKER_SPARE="true", WORKER_CONCURRENCY="2", WORKER_DRAIN_S="20"
    )
    await until(lambda: len(children_of(worker)) == 1, 30)
    (waiting,) = children_of(worker)
    (job,) = await fleet.enqueue()
    await until(lambda: len(children_of(worker)) == 2, 30)
    assert waiting.process.is_running(), "the job has the one that waited"
    assert fleet.row(job)["state"] == "processing"
    worker.popen.send_signal(signal.SIGTERM)
    await until(lambda: [one.process.pid for one in children_of(worker)] == [waiting.process.pid], 2)
    (row,) = await fleet.ended([job])
    assert (row["state"], row["attempt"]) == ("done", 1)
    assert await asyncio.to_thread(worker.popen.wait, 20) == 0
    assert not waiting.process.is_running()


async def test_without_it_no_child_is_started_before_a_job(fleet: Fleet, broken_programs: Programs) -> None:
    worker = stub_worker(broken_programs, 0.1, WORKER_SPARE="false")
    assert children_of(worker) == []
    (job,) = await fleet.enqueue()
    await fleet.ended([job])
    assert len(children_of(worker)) == 1
