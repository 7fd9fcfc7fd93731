"""A worker: slots, each with one job at a time; what it holds, reports, and hands back when it ends."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

import psutil

from ascension import __version__
from ascension.errors.http import DatabaseUnavailable
from ascension.infra.background import repeat
from ascension.infra.figures import failures
from ascension.infra.logging import get_logger
from ascension.infra.streams import Entry, StreamsUnavailable
from ascension.jobs import worker_queries
from ascension.jobs.compute import Child
from ascension.jobs.delivery import WeightedReader
from ascension.jobs.runner import Runner, Task
from ascension.jobs.spare import Spare

RECONNECT_S = 0.5
REPORT_S = 5
TIDY_S = 60
SILENT_S = 600
HAND_BACK_S = 8


def _job_of(entry: Entry) -> UUID | None:
    """None: it names no job, so it is not from us."""
    try:
        return UUID(entry.fields["id"])
    except (KeyError, ValueError):
        return None


class Slot:
    """One job at a time, and the children that stay loaded for it, each with a folder in `scratch`."""

    def __init__(self, scratch: Path, spare: Spare | None) -> None:
        self._scratch = scratch
        self._spare = spare
        self._children: dict[str, Child] = {}

    async def child_of(self, task: Task, user_id: UUID) -> Child:
        """The slot's child for this task's entrypoint: of this user, or new, or the one that waits loaded."""
        known = self._children.get(task.entrypoint)
        if self._spare is not None and not (known and known.is_free_for(user_id)):
            spare = await self._spare.take(task)
            if spare is not None:
                self._children[task.entrypoint] = spare
                if known is not None:
                    await known.discard()
        if task.entrypoint not in self._children:
            folder = Path(tempfile.mkdtemp(prefix="child-", dir=self._scratch))
            self._children[task.entrypoint] = Child(task.entrypoint, task.limits, folder)
        child = self._children[task.entrypoint]
        await child.serve(user_id)
        return child

    async def close(self) -> None:
        """End the children."""
        for child in self._children.values():
            await child.kill()


class Worker:
    """Reads deliveries while a slot is free and runs each in its slot.

    spare: the task for which a child waits loaded; None: for none
    """

    def __init__(
        self,
        runner: Runner,
        reader: WeightedReader,
        tasks: dict[str, Task],
        slots: int,
        spare: Task | None = None,
    ) -> None:
        self._runner = runner
        self._reader = reader
        self._tasks = tasks
        self._slot_count = slots
        self._free: asyncio.Queue[Slot] = asyncio.Queue()
        self._spare = Spare(spare, runner.scratch, self._is_quiet) if spare else None
        self._slots = [Slot(runner.scratch, self._spare) for _ in range(slots)]
        for slot in self._slots:
            self._free.put_nowait(slot)
        self._held: dict[str, Entry] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._is_draining = False

    async def take(self) -> None:
        """Take jobs and begin them, until canceled; what was begun goes on."""
        while not self._is_draining:
            slot = await self._free.get()
            entry: Entry | None = None
            try:
                entry = await self._next_entry()
            finally:
                if entry is None:
                    self._free.put_nowait(slot)
            if entry is not None:
                job = asyncio.create_task(self._run_in(slot, entry))
                self._running.add(job)
                job.add_done_callback(self._running.discard)

    def upkeep(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """The endless loops beside the jobs, by name; they go on while the worker drains."""
        return {
            "watch": self._runner.claims.watch,
            "keep entries": self._keep_entries,
            "report": partial(repeat, {"report": self._report}, every_s=REPORT_S),
            "tidy": self._tidy,
            **({"spare": self._spare.keep} if self._spare else {}),
        }

    async def drain(self, limit_s: float, hurry: asyncio.Event) -> None:
        """Finish what runs, for `limit_s` at most or until `hurry`; then hand it back."""
        self._is_draining = True
        get_logger().info("worker_draining", running=len(self._running), limit_s=round(limit_s, 1))
        if self._spare is not None:
            await self._spare.end()
        if self._running and limit_s > 0:
            hurrying = asyncio.create_task(hurry.wait())
            finishing = asyncio.gather(*self._running, return_exceptions=True)
            await asyncio.wait([hurrying, finishing], timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            hurrying.cancel()
        self._runner.stopping.set()
        left = set(self._running)
        for job in left:
            job.cancel()
        if left:
            await asyncio.wait(left, timeout=HAND_BACK_S)

    async def close(self) -> None:
        """End the children, take this worker out of the lists. What does not answer is left to its time."""
        for slot in self._slots:
            await slot.close()
        with suppress(DatabaseUnavailable, *StreamsUnavailable):
            async with asyncio.timeout(HAND_BACK_S):
                await self._reader.leave()
                async with self._runner.database.transaction() as tx:
                    await worker_queries.delete_worker(tx.connection, self._runner.worker_id)

    def _is_quiet(self) -> bool:
        return not self._is_draining and len(self._running) < self._slot_count

    async def _next_entry(self) -> Entry | None:
        try:
            return await self._reader.take()
        except StreamsUnavailable as error:
            get_logger().warning("streams_unavailable", reason=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)
            return None

    async def _run_in(self, slot: Slot, entry: Entry) -> None:
        self._held[entry.entry_id] = entry
        try:
            if job_id := _job_of(entry):
                await self._runner.run(job_id, self._tasks, slot.child_of)
            else:
                get_logger().warning("entry_of_no_job", entry=entry.entry_id, stream=entry.stream)
            with suppress(*StreamsUnavailable):
                await self._reader.done(entry)
        except asyncio.CancelledError:
            with suppress(*StreamsUnavailable):  # handed back: the row is delivered anew
                await self._reader.done(entry)
            raise
        except DatabaseUnavailable:
            # not done with the entry: whoever sees it idle for a lease takes it over
            get_logger().warning("database_unavailable", entry=entry.entry_id)
            await asyncio.sleep(RECONNECT_S)
        except Exception:
            # the edge of the process: what nobody expected of one entry must not stop the others
            get_logger().exception("entry_unexpected_error", entry=entry.entry_id)
            with suppress(*StreamsUnavailable):
                await self._reader.done(entry)
        finally:
            # a queue that was away for a lease may have given it to our other slot, too, which ended first
            self._held.pop(entry.entry_id, None)
            self._free.put_nowait(slot)

    async def _keep_entries(self) -> None:
        while True:
            await asyncio.sleep(self._runner.queue.settings.job_heartbeat_s)
            for entry in list(self._held.values()):
                with suppress(*StreamsUnavailable):
                    await self._reader.keep(entry)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_S)
            with suppress(*StreamsUnavailable):
                await self._reader.forget_silent(idle_s=SILENT_S)

    async def _report(self) -> None:
        async with self._runner.database.transaction() as tx:
            await worker_queries.upsert_worker(
                tx.connection,
                worker_id=self._runner.worker_id,
                version=__version__,
                slots=self._slot_count,
                running=len(self._running),
                figures=self._figures(),
            )
            await worker_queries.delete_stale_workers(tx.connection, older_than_s=24 * 3600)

    def _figures(self) -> dict[str, float]:
        process = psutil.Process()
        family = [process, *process.children(recursive=True)]
        resident_bytes = 0
        for member in family:
            with suppress(psutil.NoSuchProcess):
                resident_bytes += member.memory_info().rss
        return {
            "resident_bytes": resident_bytes,
            "cpu_seconds": sum(process.cpu_times()[:4]),
            "draining": float(self._is_draining),
            **self._runner.tally.figures(),
            **failures(),
        }
