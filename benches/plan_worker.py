"""ENTRY: the worker as it is, but an analysis only takes time: as long as its subject's id says.

`python -m benches.plan_worker FOLDER`: where it writes the program that its children are started with.
"""

import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from ascension import worker
from ascension.analyses.service import KIND
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from tests.jobs.stubs import stub_task, write_program

MICROSECONDS = (1 << 64) - 1


def subject_of(sleep_s: float) -> UUID:
    """A new id that tells how long to sleep."""
    return UUID(int=secrets.randbits(63) << 64 | round(sleep_s * 1e6))


def seconds_of(subject_id: UUID) -> float:
    """How long this id says to sleep."""
    return (subject_id.int & MICROSECONDS) / 1e6


async def _prepare(job: Job, folder: Path) -> dict[str, object]:
    del folder
    return {"sleep_s": seconds_of(job.subject_id)}


def _tasks_of(*_: Any) -> list[Task]:
    return [replace(stub_task(kind=KIND), prepare=_prepare)]


def main() -> None:
    sys.executable = str(write_program(Path(sys.argv[1])))
    worker.__dict__["tasks_of"] = _tasks_of
    worker.main()


if __name__ == "__main__":
    main()
