"""One claimed job from start to end: heartbeat, input, child, fenced completion."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from ascension.errors import AscensionError, ComputeCrashed, DatabaseUnavailable, JobFailure, Unavailable
from ascension.infra.db import Connection, Database, Transaction
from ascension.infra.logging import get_logger
from ascension.jobs import events, queries, service
from ascension.jobs.compute import Child
from ascension.jobs.queries import Job
from ascension.jobs.service import JobQueue

PUBLISH_INTERVAL_S = 0.25
FINISH_PATIENCE_S = 60
FINISH_RETRY_S = 1


@dataclass(frozen=True)
class Task:
    """What a domain tells the worker about one kind of job."""

    kind: str
    entrypoint: str
    """`package.module:function`, imported by the compute child only."""
    prepare: Callable[[Job, Path], Awaitable[dict[str, object]]]
    """Fetch the input into the folder and return the child's request. Raises JobFailure, Unavailable."""
    store: Callable[[Connection, Job, Path, dict[str, Any]], Awaitable[None]]
    """Write the child's answer, inside the completing transaction."""
    completed: Callable[[Job], None] = lambda _: None
    """Told when all of it is committed; what is to follow must not keep the slot."""


@dataclass
class Progress:
    """What the child last said; the heartbeat writes it, the socket hears it."""

    stage: str = "starting"
    progress_pct: int = 0
    figures: dict[str, float] = field(default_factory=dict[str, float])
    over: bool = False
    """Ends the beats: wait_for of Python 3.11, in libraries, swallows a cancel now and then."""


class ClaimLostError(Exception):
    """Another worker owns the job now, or it is gone: whatever this run made is dropped."""


class CancelRequestedError(Exception):
    """The user asked to stop."""


@dataclass(frozen=True)
class Runner:
    """Runs claimed jobs of one worker."""

    worker_id: str
    database: Database
    queue: JobQueue
    scratch: Path

    async def run(self, job_id: UUID, tasks: dict[str, Task], child_of: Callable[[str], Child]) -> bool:
        """Claim and carry out. False: nothing to do (a duplicate, an ended job, no such task here)."""
        settings = self.queue.settings
        claim_id = uuid4()
        try:
            async with self.database.transaction() as tx:
                job = await queries.claim(
                    tx.connection,
                    job_id,
                    claim_id=claim_id,
                    worker_id=self.worker_id,
                    kinds=tasks.keys(),
                    lease_s=settings.job_lease_s,
                    max_attempts=settings.job_max_attempts,
                )
            if job is None:
                return False
            task = tasks[job.kind]
            await self._conclude(job, claim_id, task, child_of(task.entrypoint))
        except asyncio.CancelledError:
            # the worker is stopping: the job goes back untouched, at no cost of an attempt
            await self._release(job_id, claim_id, None, retry_delay_s=0, count_attempt=False)
            raise
        return True

    async def _conclude(self, job: Job, claim_id: UUID, task: Task, child: Child) -> None:
        """Carry out, and write what follows from how it ended."""
        log = get_logger().bind(job_id=str(job.id), subject_id=str(job.subject_id), attempt=job.attempt)
        log.info("job_started", kind=job.kind, user_id=str(job.user_id))
        settings = self.queue.settings
        retry_delay_s = settings.job_retry_delay_s * 2 ** (job.attempt - 1)
        release = partial(self._release, job.id, claim_id, retry_delay_s=retry_delay_s)
        started_s = time.monotonic()
        try:
            await self._carry_out(job, claim_id, task, child)
            log.info("job_done", seconds=round(time.monotonic() - started_s, 2))
            task.completed(job)
        except ClaimLostError:
            log.warning("job_claim_lost")
        except CancelRequestedError:
            log.info("job_canceled")
            await release(None, count_attempt=True)
        except ComputeCrashed as failure:
            log.error("job_crashed", failure_code=failure.code)
            await release(failure.code, count_attempt=True)
        except JobFailure as failure:
            log.warning("job_failed", failure_code=failure.code, detail=failure.detail)
            await self._fail(job, claim_id, failure)
        except (Unavailable, OSError) as failure:
            code = failure.code if isinstance(failure, AscensionError) else "worker_input_output"
            log.warning("job_interrupted", failure_code=code, reason=str(failure))
            # not the video's fault: it waits for the part to come back, but not for ever
            age_s = (datetime.now(UTC) - job.created_at).total_seconds()
            await release(code, count_attempt=age_s > settings.job_patience_s)

    async def _carry_out(self, job: Job, claim_id: UUID, task: Task, child: Child) -> None:
        progress = Progress()
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.scratch))
        try:
            async with self._heart(job, claim_id, progress):
                progress.stage = "fetching"
                request = await task.prepare(job, folder)

                def on_progress(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
                    progress.stage, progress.progress_pct, progress.figures = stage, progress_pct, figures

                answer = await child.run(request, on_progress)
            # the heart has stopped: it would take our own completion for a lost claim
            await self._finish(lambda tx: _complete(tx, job, claim_id, task, folder, answer))
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, True)

    @asynccontextmanager
    async def _heart(self, job: Job, claim_id: UUID, progress: Progress) -> AsyncGenerator[None]:
        """Beat while the body runs; a lost claim or a cancel stops the body with that error."""
        try:
            async with asyncio.TaskGroup() as group:
                beats = (
                    group.create_task(self._renew(job, claim_id, progress)),
                    group.create_task(self._publish(job, progress)),
                )
                try:
                    yield
                finally:
                    progress.over = True
                    for beat in beats:
                        beat.cancel()
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None  # a beat's error stands before the body's

    async def _renew(self, job: Job, claim_id: UUID, progress: Progress) -> None:
        settings = self.queue.settings
        while not progress.over:
            await asyncio.sleep(settings.job_heartbeat_s)
            try:
                async with self.database.transaction() as tx:
                    cancel = await queries.heartbeat(
                        tx.connection,
                        job.id,
                        claim_id=claim_id,
                        lease_s=settings.job_lease_s,
                        stage=progress.stage,
                        progress_pct=progress.progress_pct,
                    )
            except DatabaseUnavailable:
                continue  # go on computing: the completion is fenced, so the worst is work for nothing
            if cancel is None:
                raise ClaimLostError
            if cancel:
                raise CancelRequestedError

    async def _publish(self, job: Job, progress: Progress) -> None:
        await events.publish(self.queue.streams, job, "started", stage="starting")
        said: tuple[str, int] | None = None
        while not progress.over:
            now = (progress.stage, progress.progress_pct)
            if now != said:
                said = now
                await events.publish(
                    self.queue.streams,
                    job,
                    "progress",
                    stage=progress.stage,
                    progress_pct=progress.progress_pct,
                    figures=progress.figures,
                )
            await asyncio.sleep(PUBLISH_INTERVAL_S)

    async def _finish(self, change: Callable[[Transaction], Awaitable[Job | None]]) -> None:
        """Write the end of a job, then tell; a worker that is stopped meanwhile finishes this first."""
        writing = asyncio.create_task(self._write_end(change))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.gather(writing, return_exceptions=True)
            raise

    async def _write_end(self, change: Callable[[Transaction], Awaitable[Job | None]]) -> None:
        """One transaction, waiting out a database or storage that is away; then tell, let the next in."""
        deadline_s = time.monotonic() + FINISH_PATIENCE_S
        while True:
            try:
                async with self.database.transaction() as tx:
                    ended = await change(tx)
                    admitted = await service.admit_next(tx.connection, self.queue.settings) if ended else []
                break
            except Unavailable:
                if time.monotonic() > deadline_s:
                    raise
                await asyncio.sleep(FINISH_RETRY_S)
        if ended is None:
            raise ClaimLostError
        await events.publish_state(self.queue.streams, ended)  # if it waits again, the sweep delivers it
        await service.deliver(self.queue.streams, admitted)

    async def _fail(self, job: Job, claim_id: UUID, failure: JobFailure) -> None:
        fail = partial(
            queries.fail,
            failure_code=failure.code,
            failure_detail=None if failure.detail == failure.message() else failure.detail,
        )
        with suppress(ClaimLostError, DatabaseUnavailable):
            await self._finish(lambda tx: fail(tx.connection, job.id, claim_id))

    async def _release(
        self,
        job_id: UUID,
        claim_id: UUID,
        failure_code: str | None,
        *,
        retry_delay_s: float,
        count_attempt: bool,
    ) -> None:
        with suppress(ClaimLostError, DatabaseUnavailable):
            await self._finish(
                lambda tx: queries.release(
                    tx.connection,
                    job_id,
                    claim_id,
                    failure_code=failure_code,
                    retry_delay_s=retry_delay_s,
                    max_attempts=self.queue.settings.job_max_attempts,
                    count_attempt=count_attempt,
                )
            )


async def _complete(
    tx: Transaction, job: Job, claim_id: UUID, task: Task, folder: Path, answer: dict[str, Any]
) -> Job | None:
    done = await queries.complete(tx.connection, job.id, claim_id)
    if done is not None:
        await task.store(tx.connection, done, folder, answer)
    return done
