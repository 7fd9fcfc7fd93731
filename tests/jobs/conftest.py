"""Reading and breaking the jobs of these tests from outside."""

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from uuid_utils.compat import uuid7

from ascension.infra.db import Database
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs.service import JobQueue
from tests.conftest import Engines
from tests.jobs.rows import run_sql
from tests.jobs.stubs import PROGRAM, ROOT, Fleet
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
    program = tmp_path / "python"
    program.write_text(PROGRAM.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.fixture
async def fleet(clean_database: Engines, tmp_path: Path, stub_program: None) -> AsyncIterator[Fleet]:
    """No program runs on these engines but what the test starts."""
    del stub_program
    streams = Streams(clean_database.redis_url)
    settings = JobSettings(job_heartbeat_s=0.5, job_lease_s=3, job_retry_delay_s=0.1)
    async with Database(clean_database.api_url, pool_size=8, application="test") as database:
        fleet = Fleet(clean_database, database, JobQueue(streams, settings), tmp_path, uuid7())
        fleet.user_id = fleet.user()
        yield fleet
    await streams.close()
