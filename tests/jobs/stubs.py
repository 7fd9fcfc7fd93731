"""Jobs without a climb: the true protocol, engines and child processes around a function that only waits."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.infra.background import keep_running
from ascension.infra.database.primary import Connection, Database
from ascension.jobs import service
from ascension.jobs.claims import Claims
from ascension.jobs.compute import Child, Limits
from ascension.jobs.delivery import WeightedReader
from ascension.jobs.queries import Job
from ascension.jobs.runner import Runner, Task
from ascension.jobs.service import JobQueue
from ascension.jobs.worker import Worker
from tests.conftest import Engines
from tests.jobs.rows import run_sql
from tests.platform import Process, Programs

ROOT = Path(__file__).parents[2]
LIMITS = Limits(time_s=30, memory_bytes=1 << 30, threads=1)
# a compute child is isolated: it would not find an entrypoint that is no part of the product
PROGRAM = """\
#!{python}
import sys
sys.path.insert(0, {root!r})
sys.argv = ["child", sys.argv[-1]]
from ascension.jobs import child
child.main()
"""


def write_program(folder: Path) -> Path:
    """What to start children with, in place of Python, so that they find `stub_child`."""
    program = folder / f"python-{os.getpid()}"
    program.write_text(PROGRAM.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o755)
    return program


def stub_task(request: dict[str, object] | None = None, *, kind: str = "test") -> Task:
    """A task whose child gets this request and whose answer is kept nowhere."""

    async def prepare(_job: Job, _folder: Path) -> dict[str, object]:
        return request or {}

    async def store(_connection: Connection, _job: Job, _folder: Path, _answer: dict[str, Any]) -> None:
        """Nothing to keep."""

    return Task(kind, "tests.jobs.stub_child:entrypoint", LIMITS, prepare, store)


def stub_worker(programs: Programs, sleep_s: float, **settings: str) -> Process:
    """A real worker process whose jobs take this long."""
    request = json.dumps({"sleep_s": float(sleep_s)})
    times = {"JOB_LEASE_S": "4", "JOB_HEARTBEAT_S": "0.5", "JOB_SWEEP_S": "0.3"}
    return programs.worker(
        "tests.jobs.stub_worker", str(programs.folder), STUB_REQUEST=request, **{**times, **settings}
    )


@dataclass
class Fleet:
    """Engines, one user, and workers of this very process."""

    engines: Engines
    database: Database
    queue: JobQueue
    scratch: Path
    user_id: UUID
    stopping: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def user(self, tier: str = "free") -> UUID:
        """One more user."""
        user_id = uuid7()
        run_sql(
            self.engines,
            "insert into users (id, email, display_name, password_hash, tier) values (%s, %s, '', '', %s)",
            user_id,
            f"{user_id}@example.org",
            tier,
        )
        return user_id

    async def enqueue(self, count: int = 1, *, user_id: UUID | None = None, tier: str = "free") -> list[UUID]:
        """As the API does it; the ids of the jobs."""
        async with self.database.transaction() as tx:
            return [
                await service.enqueue(
                    tx,
                    self.queue,
                    kind="test",
                    subject_id=uuid7(),
                    user_id=user_id or self.user_id,
                    tier=tier,
                )
                for _ in range(count)
            ]

    def with_settings(self, **settings: Any) -> "Fleet":
        """The same under other times."""
        changed = self.queue.settings.model_copy(update=settings)
        return replace(self, queue=JobQueue(self.queue.streams, changed))

    def runner(self, name: str = "test") -> Runner:
        """A runner; nobody watches its claims unless `worker` does."""
        claims = Claims(self.database, watch_s=self.queue.settings.job_watch_s)
        return Runner(name, self.database, self.queue, self.scratch, claims)

    async def run(self, job_id: UUID, task: Task) -> None:
        """One run of one job by a worker that then goes."""
        child = Child(task.entrypoint, task.limits, self.scratch)

        async def child_of(_task: Task, user_id: UUID) -> Child:
            await child.serve(user_id)
            return child

        try:
            assert await self.runner().run(job_id, {task.kind: task}, child_of)
        finally:
            await child.kill()

    @asynccontextmanager
    async def worker(self, task: Task, *, slots: int = 1, name: str = "test") -> AsyncGenerator[Runner]:
        """A whole worker, taking jobs until the end."""
        own = Database(self.engines.worker_url, pool_size=4, application="test")
        async with own, replace(self, database=own)._working(task, slots, name) as runner:
            yield runner

    @asynccontextmanager
    async def _working(self, task: Task, slots: int, name: str) -> AsyncGenerator[Runner]:
        runner = self.runner(name)
        reader = WeightedReader(
            self.queue.streams, consumer=name, take_over_idle_s=self.queue.settings.job_lease_s
        )
        worker = Worker(runner, reader, {task.kind: task}, slots)
        loops: list[asyncio.Task[None]] = [
            asyncio.create_task(keep_running(*one)) for one in worker.upkeep().items()
        ]
        taking = asyncio.create_task(worker.take())
        try:
            yield runner
        finally:
            for one in (taking, *loops):
                one.cancel()
            await worker.drain(0, asyncio.Event())
            await asyncio.wait([taking, *loops])
            await worker.close()

    def row(self, job_id: UUID) -> dict[str, Any]:
        return run_sql(self.engines, "select * from jobs where id = %s", job_id)[0]

    async def ended(self, job_ids: Sequence[UUID], timeout_s: float = 30) -> list[dict[str, Any]]:
        """The rows, in the order in which they ended."""
        async with asyncio.timeout(timeout_s):
            while True:
                rows = run_sql(
                    self.engines,
                    "select * from jobs where id = any(%s) and finished_at is not null order by finished_at",
                    list(job_ids),
                )
                if len(rows) == len(job_ids):
                    return rows
                await asyncio.sleep(0.05)
