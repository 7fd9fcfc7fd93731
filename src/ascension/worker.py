"""ENTRY: the worker. Claims jobs, hands them to compute children, reports its figures with its heartbeat.

Listens on no port. Any number may run, on any machine that has the URLs.
"""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ascension.analyses.tasks import analysis_task, derivation_task
from ascension.coaching.language_model import model_of
from ascension.coaching.rewording import Rewording
from ascension.comparisons.tasks import comparison_task
from ascension.errors.setup import SetupError
from ascension.infra import credentials, logging
from ascension.infra.alive import Watched
from ascension.infra.background import keep_running
from ascension.infra.database.pools import worker_pool_size
from ascension.infra.database.primary import Database
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
    WatchSettings,
    WorkerSettings,
    read,
)
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams
from ascension.jobs import sandbox, sweep
from ascension.jobs.claims import Claims
from ascension.jobs.compute import Limits
from ascension.jobs.delivery import WeightedReader
from ascension.jobs.runner import Runner, Task
from ascension.jobs.scratch import own_scratch
from ascension.jobs.service import JobQueue
from ascension.jobs.worker import HAND_BACK_S, Worker
from ascension.routes.recognition.tasks import recognition_task
from ascension.videos.copies.tasks import copy_task

COPY_ROOM_BYTES = 16 * 2**20
"""A copy's file may be written a little larger than the video that it is made of."""


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
            await sandbox.require(worker_settings.worker_sandbox, runtime.environment, scratch)
            async with (
                Database(
                    database_url, pool_size=worker_pool_size(slots), application="ascension-worker"
                ) as database,
                Storage.of(read(StorageSettings)) as storage,
            ):
                queue = JobQueue(streams, job_settings)
                rewording = Rewording(database, language_model)
                claims = Claims(database, watch_s=job_settings.job_watch_s)
                tasks = tasks_of(worker_settings, database, storage, rewording)
                worker = Worker(
                    Runner(worker_id, database, queue, scratch, claims),
                    WeightedReader(streams, consumer=worker_id, take_over_idle_s=job_settings.job_lease_s),
                    {one.kind: one for one in tasks},
                    slots,
                    spare=next((one for one in tasks if one.warming and worker_settings.worker_spare), None),
                )
                get_logger().info("worker_ready", worker_id=worker_id, slots=slots)
                watched = Watched(read(WatchSettings))
                watched.tell("READY=1")
                loops = {
                    "alive": watched.run,
                    **worker.upkeep(),
                    "sweep": partial(sweep.run, database, queue),
                    "rewording": rewording.run,
                }
                await work(worker, loops, worker_settings, watched)
    finally:
        await streams.close()
    get_logger().info("worker_stopped")


def tasks_of(
    settings: WorkerSettings, database: Database, storage: Storage, rewording: Rewording
) -> list[Task]:
    """What this worker can do, each with its limits."""
    threads = settings.worker_compute_threads or max(1, _cores() // settings.worker_concurrency)
    backend = read(VisionSettings).vision_backend
    with_devices = backend in ("auto", "onnx-cuda")
    limits = Limits(settings.job_time_limit_s, settings.job_memory_limit_mb * 2**20, threads, with_devices)
    light = Limits(settings.light_job_time_limit_s, settings.light_job_memory_limit_mb * 2**20, threads)
    max_bytes = read(UploadSettings).upload_max_bytes
    analysis = analysis_task(
        database,
        storage,
        limits=limits,
        max_bytes=max_bytes,
        backend=backend,
        entrypoint="ascension.coaching.compute_analysis:run",
    )
    derivation = derivation_task(
        database, limits=light, entrypoint="ascension.coaching.compute_derivation:run"
    )
    asked_for = [replace(one, completed=rewording.ask_for) for one in (analysis, derivation)]
    copies = copy_task(
        database,
        storage,
        limits=replace(limits, file_bytes=max_bytes + COPY_ROOM_BYTES),
        max_bytes=max_bytes,
        backend=backend,
    )
    looking = [make(database, storage, limits=light) for make in (comparison_task, recognition_task)]
    return [*asked_for, *looking, copies]


async def work(
    worker: Worker,
    loops: dict[str, Callable[[], Awaitable[None]]],
    settings: WorkerSettings,
    watched: Watched,
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
        watched.tell("STOPPING=1")
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


def _cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> None:
    """Run the worker; a machine that cannot is told why in one sentence."""
    try:
        credentials.take()
        asyncio.run(serve())
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
