"""Each kind of job has its limits, and a limit that is hit says whose fault it is."""

from typing import Any

import pytest

from ascension.coaching.rewording import Rewording
from ascension.errors.jobs import ComputeCrashed, ComputeStalled
from ascension.infra.database.primary import Database
from ascension.infra.settings import WorkerSettings
from ascension.infra.storage.objects import Storage
from ascension.jobs.compute import Limits
from ascension.jobs.runner import Task
from ascension.worker import COPY_ROOM_BYTES, tasks_of
from tests.jobs.stubs import Fleet, stub_task


def test_what_reads_stored_results_only_gets_less() -> None:
    database = Database("postgresql://nowhere", pool_size=1, application="test")
    storage = Storage(
        endpoint="http://127.0.0.1:1",
        public_endpoint="http://127.0.0.1:1",
        region="us-east-1",
        bucket="none",
        key_id="",
        secret="",
    )
    settings = WorkerSettings(
        worker_compute_threads=3,
        job_time_limit_s=100,
        job_memory_limit_mb=2000,
        light_job_time_limit_s=10,
        light_job_memory_limit_mb=500,
    )
    limits = {
        task.kind: task.limits for task in tasks_of(settings, database, storage, Rewording(database, None))
    }
    light = Limits(10, 500 * 2**20, 3)
    assert limits == {
        "analysis": Limits(100, 2000 * 2**20, 3, with_devices=True),
        "derivation": light,
        "comparison": light,
        "recognition": light,
        "copy": Limits(100, 2000 * 2**20, 3, with_devices=True, file_bytes=500_000_000 + COPY_ROOM_BYTES),
    }


@pytest.mark.usefixtures("stub_program")
async def test_a_child_that_waits_for_its_limit_is_tried_once_more(fleet: Fleet) -> None:
    assert issubclass(ComputeStalled, ComputeCrashed)
    waiting = stub_task({"sleep_s": 60.0})
    task = Task(waiting.kind, waiting.entrypoint, Limits(0.5, 1 << 30, 1), waiting.prepare, waiting.store)
    (job_id,) = await fleet.enqueue()
    found: list[tuple[Any, ...]] = []
    for _ in range(2):
        await fleet.run(job_id, task)
        row = fleet.row(job_id)
        found.append((row["state"], row["crashes"], row["failure_code"]))
    assert found == [("queued", 1, "compute_stalled"), ("dead", 2, "compute_stalled")]
