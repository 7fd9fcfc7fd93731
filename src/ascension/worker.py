"""ENTRY: the worker. Claims jobs, hands them to compute children, reports its figures with its heartbeat.

Listens on no port. Any number may run, on any machine that has the URLs.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from ascension import __version__
from ascension.analyses.tasks import analysis_task, derivation_task
from ascension.coaching.language_model import model_of
from ascension.coaching.rewording import Rewording
from ascension.comparisons.tasks import comparison_task
from ascension.errors import DatabaseUnavailable, SetupError
from ascension.infra import logging
from ascension.infra.background import keep_running
from ascension.infra.database.pools import worker_pool_size
from ascension.infra.database.primary import Database
from ascension.infra.figures import failures
from ascension.infra.instance import Notice, notice
from ascension.infra.logging import get_logger
from ascension.infra.settings import (
    DatabaseSettings,
    JobSettings,
    LanguageModelSettings,
    QueueSettings,
    RuntimeSettings,
    StorageSettings,
    UploadSettings,
    VisionSettings,
    WorkerSettings,
    read,
)
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Entry, Streams, StreamsUnavailable
from ascension.jobs import sweep, worker_queries
from ascension.jobs.claims import Claims
from ascension.jobs.compute import Child, Limits
from ascension.jobs.delivery import WeightedReader
from ascension.jobs.runner import Runner, Task
from ascension.jobs.service import JobQueue

RECONNECT_S = 0.5
REPORT_S = 5
TIDY_S = 60
SILENT_S = 600
HAND_BACK_S = 8
SCRATCH_PREFIX = "ascension-worker-"


class Slot:
    """One job at a time, and the children that stay loaded for it."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}

    def child_of(self, task: Task) -> Child:
        """The slot's child for this task's entrypoint; it starts with its first request."""
        if task.entrypoint not in self._children:
            self._children[task.entrypoint] = Child(task.entrypoint, task.limits)
        return self._children[task.entrypoint]

    async def close(self) -> None:
        """End the children."""
        for child in self._children.values():
            await child.kill()


class Worker:
    """Reads deliveries while a slot is free and runs each in its slot."""

    def __init__(self, runner: Runner, reader: WeightedReader, tasks: dict[str, Task], slots: int) -> None:
        self._runner = runner
        self._reader = reader
        self._tasks = tasks
        self._slot_count = slots
        self._free: asyncio.Queue[Slot] = asyncio.Queue()
        self._slots = [Slot() for _ in range(slots)]
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
            "report": self._report,
            "tidy": self._tidy,
        }

    async def drain(self, limit_s: float, hurry: asyncio.Event) -> None:
        """Finish what runs, for `limit_s` at most or until `hurry`; then hand it back."""
        self._is_draining = True
        get_logger().info("worker_draining", running=len(self._running), limit_s=round(limit_s, 1))
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
            await self._runner.run(UUID(entry.fields["id"]), self._tasks, slot.child_of)
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
            # the edge of the process: an entry that makes no sense, or a claim, must not stop the others
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
        while True:
            with suppress(DatabaseUnavailable):
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
            await asyncio.sleep(REPORT_S)

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


async def serve() -> None:
    """Read the settings, connect, work until SIGTERM or SIGINT."""
    runtime, worker_settings, job_settings = read(RuntimeSettings), read(WorkerSettings), read(JobSettings)
    logging.configure("worker", runtime.log_level)
    worker_id = f"{socket.gethostname()}-{os.getpid()}"
    slots = worker_settings.worker_concurrency
    scratch_base = worker_settings.worker_scratch or Path(tempfile.gettempdir())
    streams = Streams(read(QueueSettings).redis_url.get_secret_value())
    database_url = read(DatabaseSettings).database_url.get_secret_value()
    language_model = model_of(read(LanguageModelSettings))
    try:
        with own_scratch(scratch_base) as scratch:
            async with (
                Database(
                    database_url, pool_size=worker_pool_size(slots), application="ascension-worker"
                ) as database,
                Storage.of(read(StorageSettings)) as storage,
            ):
                queue = JobQueue(streams, job_settings)
                rewording = Rewording(database, language_model)
                claims = Claims(database, watch_s=job_settings.job_watch_s)
                worker = Worker(
                    Runner(worker_id, database, queue, scratch, claims),
                    WeightedReader(streams, consumer=worker_id, take_over_idle_s=job_settings.job_lease_s),
                    {one.kind: one for one in tasks_of(worker_settings, database, storage, rewording)},
                    slots,
                )
                get_logger().info("worker_ready", worker_id=worker_id, slots=slots)
                loops = {
                    **worker.upkeep(),
                    "sweep": partial(sweep.run, database, queue),
                    "rewording": rewording.run,
                }
                await work(worker, loops, worker_settings)
    finally:
        await streams.close()
    get_logger().info("worker_stopped")


def tasks_of(
    settings: WorkerSettings, database: Database, storage: Storage, rewording: Rewording
) -> list[Task]:
    """What this worker can do, each with its limits."""
    threads = settings.worker_compute_threads or max(1, _cores() // settings.worker_concurrency)
    limits = Limits(settings.job_time_limit_s, settings.job_memory_limit_mb * 2**20, threads)
    light = Limits(settings.light_job_time_limit_s, settings.light_job_memory_limit_mb * 2**20, threads)
    analysis = analysis_task(
        database,
        storage,
        limits=limits,
        max_bytes=read(UploadSettings).upload_max_bytes,
        backend=read(VisionSettings).vision_backend,
        entrypoint="ascension.coaching.compute_analysis:run",
    )
    derivation = derivation_task(
        database, limits=light, entrypoint="ascension.coaching.compute_derivation:run"
    )
    asked_for = [replace(one, completed=rewording.ask_for) for one in (analysis, derivation)]
    return [*asked_for, comparison_task(database, storage, limits=light)]


async def work(
    worker: Worker, loops: dict[str, Callable[[], Awaitable[None]]], settings: WorkerSettings
) -> None:
    """Take jobs until the first signal or the machine's notice; then drain. A second signal: at once."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop.is_set() else stop).set()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, on_signal)
    beside = [asyncio.create_task(keep_running(name, loop)) for name, loop in loops.items()]
    taking = asyncio.create_task(worker.take())
    try:
        limit_s = await _until_asked(stop, taking, settings)
        taking.cancel()
        await asyncio.wait([taking], timeout=HAND_BACK_S)
        await worker.drain(limit_s, hurry)
        # a machine that goes stays silent until it does: a worker begun again there would take jobs
        await stop.wait()
    finally:
        for task in (taking, *beside):
            task.cancel()
        await asyncio.wait([taking, *beside], timeout=HAND_BACK_S)
        await worker.close()


async def _until_asked(stop: asyncio.Event, taking: asyncio.Task[None], settings: WorkerSettings) -> float:
    """Until this worker is to end: how long it may still drain. Raises what ended the taking of jobs."""
    stopping = asyncio.create_task(stop.wait())
    waiting: list[asyncio.Task[Any]] = [stopping, taking]
    noticing: asyncio.Task[Notice] | None = None
    if settings.worker_metadata_url is not None:
        noticing = asyncio.create_task(notice(settings.worker_metadata_url))
        waiting.append(noticing)
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    try:
        if noticing is not None and noticing.done():
            found = noticing.result()
            left_s = found.left_s()
            get_logger().warning("machine_is_going", reason=found.reason, left_s=left_s)
            if left_s is not None:
                return max(0.0, left_s - settings.worker_notice_margin_s)
        elif taking.done():
            taking.result()
        return settings.worker_drain_s
    finally:
        for task in waiting:
            if task is not taking:
                task.cancel()


@contextmanager
def own_scratch(base: Path) -> Generator[Path]:
    """A folder of this process, held by a lock; those of workers that were killed are removed.

    Process ids would not tell: in containers every worker has the same, and the disk may be shared.
    """
    base.mkdir(parents=True, exist_ok=True)
    for leftover in base.glob(f"{SCRATCH_PREFIX}*"):
        with suppress(OSError):
            handle = _hold(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
            os.close(handle)
    own, handle = _new_folder(base)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(handle)


def _new_folder(base: Path) -> tuple[Path, int]:
    while True:
        own = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=base))
        # a worker that starts beside us may take it for a leftover before it is held
        with suppress(BlockingIOError, FileNotFoundError):
            handle = _hold(own)
            if own.is_dir():
                return own, handle
            os.close(handle)


def _hold(folder: Path) -> int:
    """Lock a folder until the handle is closed or this process ends. Raises BlockingIOError: it is held."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> None:
    """Run the worker; a machine that cannot is told why in one sentence."""
    try:
        asyncio.run(serve())
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
