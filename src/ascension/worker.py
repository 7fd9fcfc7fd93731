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
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
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
from ascension.infra.db import Database
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
from ascension.infra.storage import Storage
from ascension.infra.streams import Entry, Streams, StreamsUnavailable
from ascension.jobs import queries, sweep
from ascension.jobs.compute import Child, Limits
from ascension.jobs.delivery import WeightedReader
from ascension.jobs.runner import Runner, Task
from ascension.jobs.service import JobQueue

RECONNECT_S = 0.5
REPORT_S = 5
DRAIN_S = 10
SCRATCH_PREFIX = "ascension-worker-"


class Slot:
    """One job at a time, and the children that stay loaded for it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._children: dict[str, Child] = {}

    def child_of(self, entrypoint: str) -> Child:
        """The slot's child for this entrypoint; it starts with its first request."""
        if entrypoint not in self._children:
            self._children[entrypoint] = Child(entrypoint, self._limits)
        return self._children[entrypoint]

    async def close(self) -> None:
        """End the children."""
        for child in self._children.values():
            await child.kill()


class Worker:
    """Reads deliveries while a slot is free and runs each in its slot."""

    def __init__(
        self, runner: Runner, reader: WeightedReader, tasks: dict[str, Task], limits: Limits, slots: int
    ) -> None:
        self._runner = runner
        self._reader = reader
        self._tasks = tasks
        self._slot_count = slots
        self._free: asyncio.Queue[Slot] = asyncio.Queue()
        self._slots = [Slot(limits) for _ in range(slots)]
        for slot in self._slots:
            self._free.put_nowait(slot)
        self._held: dict[str, Entry] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._finished = 0

    async def run(self) -> None:
        """Take and run until canceled; then give running jobs back."""
        upkeep = [
            asyncio.create_task(keep_running("keep entries", self._keep_entries)),
            asyncio.create_task(keep_running("report", self._report)),
        ]
        try:
            while True:
                slot = await self._free.get()
                entry: Entry | None = None
                try:
                    entry = await self._take()
                finally:
                    if entry is None:
                        self._free.put_nowait(slot)
                if entry is not None:
                    job = asyncio.create_task(self._run_in(slot, entry))
                    self._running.add(job)
                    job.add_done_callback(self._running.discard)
        finally:
            for task in (*self._running, *upkeep):
                task.cancel()
            await asyncio.gather(*self._running, *upkeep, return_exceptions=True)
            for slot in self._slots:
                await slot.close()
            with suppress(DatabaseUnavailable):
                async with self._runner.database.transaction() as tx:
                    await queries.delete_worker(tx.connection, self._runner.worker_id)

    async def _take(self) -> Entry | None:
        try:
            return await self._reader.take()
        except StreamsUnavailable as error:
            get_logger().warning("streams_unavailable", reason=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)
            return None

    async def _run_in(self, slot: Slot, entry: Entry) -> None:
        self._held[entry.entry_id] = entry
        try:
            if await self._runner.run(UUID(entry.fields["id"]), self._tasks, slot.child_of):
                self._finished += 1
            with suppress(*StreamsUnavailable):
                await self._reader.done(entry)
        except DatabaseUnavailable:
            # not done with the entry: whoever sees it idle for a lease takes it over
            get_logger().warning("database_unavailable", entry=entry.entry_id)
            await asyncio.sleep(RECONNECT_S)
        except Exception:
            # the edge of the process: one job must not stop the others; its lease will run out
            get_logger().exception("job_unexpected_error", entry=entry.entry_id)
            with suppress(*StreamsUnavailable):
                await self._reader.done(entry)
        finally:
            del self._held[entry.entry_id]
            self._free.put_nowait(slot)

    async def _keep_entries(self) -> None:
        while True:
            await asyncio.sleep(self._runner.queue.settings.job_heartbeat_s)
            for entry in list(self._held.values()):
                with suppress(*StreamsUnavailable):
                    await self._reader.keep(entry)

    async def _report(self) -> None:
        while True:
            with suppress(DatabaseUnavailable):
                async with self._runner.database.transaction() as tx:
                    await queries.upsert_worker(
                        tx.connection,
                        worker_id=self._runner.worker_id,
                        version=__version__,
                        slots=self._slot_count,
                        running=len(self._running),
                        figures=self._figures(),
                    )
                    await queries.delete_stale_workers(tx.connection, older_than_s=24 * 3600)
            await asyncio.sleep(REPORT_S)

    def _figures(self) -> dict[str, float]:
        process = psutil.Process()
        family = [process, *process.children(recursive=True)]
        resident_bytes = 0
        for member in family:
            with suppress(psutil.NoSuchProcess):
                resident_bytes += member.memory_info().rss
        return {
            "jobs_finished": self._finished,
            "resident_bytes": resident_bytes,
            "cpu_seconds": sum(process.cpu_times()[:4]),
        }


async def serve() -> None:
    """Read the settings, connect, work until SIGTERM or SIGINT."""
    runtime, worker_settings, job_settings = read(RuntimeSettings), read(WorkerSettings), read(JobSettings)
    logging.configure("worker", runtime.log_level)
    worker_id = f"{socket.gethostname()}-{os.getpid()}"
    slots = worker_settings.worker_concurrency
    threads = worker_settings.worker_compute_threads or max(1, _cores() // slots)
    limits = Limits(
        worker_settings.job_time_limit_s, worker_settings.job_memory_limit_mb * 1024 * 1024, threads
    )
    scratch_base = worker_settings.worker_scratch or Path(tempfile.gettempdir())
    streams = Streams(read(QueueSettings).redis_url.get_secret_value())
    database_url = read(DatabaseSettings).database_url.get_secret_value()
    language_model = model_of(read(LanguageModelSettings))
    try:
        with own_scratch(scratch_base) as scratch:
            async with (
                Database(database_url, pool_size=2 + slots, application="ascension-worker") as database,
                Storage.of(read(StorageSettings)) as storage,
            ):
                queue = JobQueue(streams, job_settings)
                task = analysis_task(
                    database,
                    storage,
                    threads=threads,
                    max_bytes=read(UploadSettings).upload_max_bytes,
                    backend=read(VisionSettings).vision_backend,
                    entrypoint="ascension.coaching.compute_analysis:run",
                )
                derivation = derivation_task(database, entrypoint="ascension.coaching.compute_derivation:run")
                comparison = comparison_task(database, storage)
                rewording = Rewording(database, language_model)
                tasks = [replace(one, completed=rewording.ask_for) for one in (task, derivation)]
                worker = Worker(
                    Runner(worker_id, database, queue, scratch),
                    WeightedReader(streams, consumer=worker_id, take_over_idle_s=job_settings.job_lease_s),
                    {one.kind: one for one in (*tasks, comparison)},
                    limits,
                    slots,
                )
                get_logger().info("worker_ready", worker_id=worker_id, slots=slots, threads=threads)
                sweeping = keep_running("sweep", partial(sweep.run, database, queue))
                beside = (worker.run(), sweeping, keep_running("rewording", rewording.run))
                await _until_signal(*(asyncio.create_task(one) for one in beside))
    finally:
        await streams.close()
    get_logger().info("worker_stopped")


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


async def _until_signal(*tasks: asyncio.Task[None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=DRAIN_S)
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


def main() -> None:
    """Run the worker; a machine that cannot is told why in one sentence."""
    try:
        asyncio.run(serve())
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
