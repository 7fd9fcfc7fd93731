"""One claimed job from start to end: heartbeat, input, child, fenced completion."""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from structlog.contextvars import bound_contextvars

from ascension.errors.base import AscensionError
from ascension.errors.http import DatabaseUnavailable, Unavailable, WorkerDiskUnavailable
from ascension.errors.jobs import ComputeCrashed, InternalFault, JobFailure
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.settings import JobSettings
from ascension.jobs import events, queries, service
from ascension.jobs.claims import CancelRequestedError, ClaimLostError, Claims
from ascension.jobs.compute import Child, Limits
from ascension.jobs.figures import Progress, Tally
from ascension.jobs.queries import Ending, Job
from ascension.jobs.service import JobQueue

PUBLISH_INTERVAL_S = 0.25
FINISH_PATIENCE_S = 60
STOP_PATIENCE_S = 5
"""How long the end of a run is tried while the worker stops: after that the lease brings the job back."""
FINISH_RETRY_S = 1


async def as_it_is(_job: Job, _folder: Path, answer: dict[str, Any]) -> dict[str, Any]:
    """For tasks that have nothing to send."""
    return answer


@dataclass(frozen=True)
class Task:
    """What a domain tells the worker about one kind of job."""

    kind: str
    entrypoint: str
    """`package.module:function`, imported by the compute child only."""
    limits: Limits
    prepare: Callable[[Job, Path], Awaitable[dict[str, object]]]
    """Fetch the input into the folder and return the child's request. Raises JobFailure, Unavailable."""
    store: Callable[[Connection, Job, Path, dict[str, Any]], Awaitable[None]]
    """Write the child's answer, inside the completing transaction."""
    send: Callable[[Job, Path, dict[str, Any]], Awaitable[dict[str, Any]]] = as_it_is
    """Put what is too large for a transaction where it belongs, before `store`, which gets its answer."""
    completed: Callable[[Job], None] = lambda _: None
    """Told when all of it is committed; what is to follow must not keep the slot."""
    warming: dict[str, object] = field(default_factory=dict[str, object])
    """A request by which a child loads what every job needs; none: nothing is worth it."""


ChildOf = Callable[[Task, UUID], Awaitable[Child]]
"""The child for a task that computes for this user."""


def pause_s(settings: JobSettings, earlier: int) -> float:
    """How long a job rests after `earlier` faults of the same sort: doubling, capped, never all at once."""
    longest_s = min(settings.job_retry_delay_max_s, settings.job_retry_delay_s * 2.0 ** min(earlier, 30))
    return random.uniform(longest_s / 2, longest_s)  # noqa: S311 (spreads load, guards nothing)


@dataclass(frozen=True)
class Runner:
    """Runs claimed jobs of one worker."""

    worker_id: str
    database: Database
    queue: JobQueue
    scratch: Path
    claims: Claims
    tally: Tally = field(default_factory=Tally)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, job_id: UUID, tasks: dict[str, Task], child_of: ChildOf) -> bool:
        """Claim and carry out. False: nothing to do (a duplicate, an ended job, no such task here)."""
        claim_id = uuid4()
        try:
            async with self.database.transaction() as tx:
                job = await queries.claim(
                    tx.connection,
                    job_id,
                    claim_id=claim_id,
                    worker_id=self.worker_id,
                    kinds=tasks.keys(),
                    lease_s=self.queue.settings.job_lease_s,
                )
            if job is None:
                return False
            task = tasks[job.kind]
            with bound_contextvars(
                job_id=str(job.id), subject_id=str(job.subject_id), request_id=job.request_id
            ):
                await self._conclude(job, claim_id, task, child_of)
        except asyncio.CancelledError:
            # the worker is stopping: the job goes back untouched, at no cost
            await self._release(job_id, claim_id, Ending())
            raise
        return True

    async def _conclude(self, job: Job, claim_id: UUID, task: Task, child_of: ChildOf) -> None:
        """Carry out, and write what follows from how it ended."""
        log, tally, settings = get_logger(), self.tally, self.queue.settings
        log.info("job_started", kind=job.kind, user_id=str(job.user_id), attempt=job.attempt)
        tally.started += 1
        started_s = time.monotonic()
        release = partial(self._release, job.id, claim_id)
        try:
            timings = await self._carry_out(job, claim_id, task, child_of)
            log.info("job_done", seconds=round(time.monotonic() - started_s, 2), timings=timings)
            tally.done += 1
            tally.add_stages(job.kind, timings)
            task.completed(job)
        except ClaimLostError:
            log.warning("job_claim_lost")
            tally.claims_lost += 1
        except CancelRequestedError:
            log.info("job_canceled")
            tally.canceled += 1
            await release(Ending())
        except ComputeCrashed as failure:
            log.error("job_crashed", failure_code=failure.code, detail=failure.detail)
            tally.crashed += 1
            rest_s = pause_s(settings, job.crashes)
            await release(Ending(failure.code, is_crash=True, pause_s=rest_s))
        except JobFailure as failure:
            log.warning("job_failed", failure_code=failure.code, detail=failure.detail)
            tally.failed += 1
            await self._fail(job, claim_id, failure)
        except (Unavailable, OSError) as failure:
            code = (failure if isinstance(failure, AscensionError) else WorkerDiskUnavailable()).code
            log.warning("job_interrupted", failure_code=code, reason=str(failure))
            tally.interrupted += 1
            rest_s = pause_s(settings, job.interruptions)
            await release(Ending(code, is_interruption=True, pause_s=rest_s))
        except asyncio.CancelledError:
            log.info("job_handed_back")
            tally.handed_back += 1
            raise
        except Exception:
            # a mistake of ours beside the child: nobody has to wait for the lease to hear of it
            log.exception("job_unexpected_error")
            tally.crashed += 1
            rest_s = pause_s(settings, job.crashes)
            await release(Ending(InternalFault.code, is_crash=True, pause_s=rest_s))

    async def _carry_out(self, job: Job, claim_id: UUID, task: Task, child_of: ChildOf) -> dict[str, float]:
        """Fetch, compute, store; how long each stage took, in seconds."""
        progress = Progress()
        child = await child_of(task, job.user_id)
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=child.folder))
        try:
            async with self._heart(job, claim_id, progress):
                progress.enter("fetching")
                request = await task.prepare(job, folder)
                answer = await child.run(request, progress.enter)
                answer = await task.send(job, folder, answer)
            # the heart has stopped: it would take our own completion for a lost claim
            progress.enter("storing", 99)
            timings = progress.timings()
            await self._finish(
                lambda tx: _complete(tx, job, claim_id, task, folder, answer, timings),
                between=partial(self._beat, job, claim_id, progress),
            )
            return progress.timings()
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, True)

    @asynccontextmanager
    async def _heart(self, job: Job, claim_id: UUID, progress: Progress) -> AsyncGenerator[None]:
        """Beat while the body runs; a lost claim or a cancel stops the body with that error."""
        try:
            with self.claims.hold(job.id, claim_id) as unwanted:
                async with asyncio.TaskGroup() as group:
                    beats = (
                        group.create_task(_until(unwanted)),
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
        while not progress.over:
            await asyncio.sleep(self.queue.settings.job_heartbeat_s)
            try:
                if not await self._beat(job, claim_id, progress):
                    raise ClaimLostError
            except DatabaseUnavailable:
                continue  # go on computing: the completion is fenced, so the worst is work for nothing

    async def _beat(self, job: Job, claim_id: UUID, progress: Progress) -> bool:
        """Renew the lease once. False: the claim is lost."""
        async with self.database.transaction() as tx:
            return await queries.heartbeat(
                tx.connection,
                job.id,
                claim_id=claim_id,
                lease_s=self.queue.settings.job_lease_s,
                stage=progress.stage,
                progress_pct=progress.progress_pct,
            )

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

    async def _finish(
        self,
        change: Callable[[Transaction], Awaitable[Job | None]],
        between: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Write the end of a job, then tell; a worker that is stopped meanwhile finishes this first.

        `between`: what is done between two tries, so that a storage that is away does not cost the lease.
        """
        writing = asyncio.create_task(self._write_end(change, between))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.gather(writing, return_exceptions=True)
            raise

    async def _write_end(
        self,
        change: Callable[[Transaction], Awaitable[Job | None]],
        between: Callable[[], Awaitable[object]] | None,
    ) -> None:
        """One transaction, waiting out a database or storage that is away; then tell, let the next in."""
        began_s = time.monotonic()
        while True:
            try:
                async with self.database.transaction() as tx:
                    ended = await change(tx)
                    admitted = (
                        await service.admit_next(tx.connection, self.queue.settings, [ended.user_id])
                        if ended and ended.state != "queued"
                        else []
                    )
                break
            except Unavailable:
                patience_s = STOP_PATIENCE_S if self.stopping.is_set() else FINISH_PATIENCE_S
                if time.monotonic() - began_s > patience_s:
                    raise
                if between is not None:
                    with suppress(DatabaseUnavailable):
                        await between()
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

    async def _release(self, job_id: UUID, claim_id: UUID, ending: Ending) -> None:
        settings = self.queue.settings
        with suppress(ClaimLostError, DatabaseUnavailable):
            await self._finish(
                lambda tx: queries.release(
                    tx.connection,
                    job_id,
                    claim_id,
                    ending,
                    max_crashes=settings.job_max_crashes,
                    patience_s=settings.job_patience_s,
                )
            )


async def _until(unwanted: asyncio.Future[None]) -> None:
    await unwanted


async def _complete(
    tx: Transaction,
    job: Job,
    claim_id: UUID,
    task: Task,
    folder: Path,
    answer: dict[str, Any],
    timings: dict[str, float],
) -> Job | None:
    done = await queries.complete(tx.connection, job.id, claim_id, timings=timings)
    if done is not None:
        await task.store(tx.connection, done, folder, answer)
    return done
