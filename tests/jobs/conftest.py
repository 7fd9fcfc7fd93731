"""Reading and breaking the jobs of these tests from outside."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from uuid_utils.compat import uuid7

from ascension.infra.database.primary import Database
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs.service import JobQueue
from tests.conftest import Engines, clean, running_engines
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet, write_program
from tests.platform import Process

Query = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def query(engines: Engines) -> Query:
    """Run SQL as the superuser."""
    return partial(run_sql, engines)


@dataclass(frozen=True)
class Child:
    """The compute child of a worker, seen from outside."""

    process: psutil.Process

    def kill(self) -> None:
        self.process.kill()


def children_of(worker: Process) -> list[Child]:
    return [Child(process) for process in psutil.Process(worker.popen.pid).children()]


@pytest.fixture
def stub_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children of this process find the entrypoint of `stub_child`."""
    monkeypatch.setattr(sys, "executable", str(write_program(tmp_path)))


@pytest.fixture(scope="session")
def engines_of_jobs() -> Iterator[Engines]:
    """Engines of these tests alone: on the others the API of earlier tests may run, and it sweeps."""
    with running_engines() as found:
        yield found


@pytest.fixture
async def own_stack(engines_of_jobs: Engines) -> AsyncIterator[Engines]:
    """Empty engines that may be broken: what a test leaves stopped is started again."""
    await clean(engines_of_jobs)
    yield engines_of_jobs
    for engine in engines_of_jobs.stack.engines:
        if engine.pid is None:
            await engine.start()


@pytest.fixture
async def fleet(own_stack: Engines, tmp_path: Path) -> AsyncIterator[Fleet]:
    """No program runs on these engines but what the test starts, by `broken_programs`."""
    streams = Streams(own_stack.redis_url)
    settings = JobSettings(job_heartbeat_s=0.5, job_lease_s=10, job_retry_delay_s=0.1)
    async with Database(own_stack.api_url, pool_size=8, application="test") as database:
        fleet = Fleet(own_stack, database, JobQueue(streams, settings), tmp_path, uuid7())
        fleet.user_id = fleet.user()
        yield fleet
    await streams.close()
