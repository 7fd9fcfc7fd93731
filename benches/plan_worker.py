"""ENTRY: the worker as it is, but an analysis only takes time: as long as its subject's id says.

`python -m benches.plan_worker PROGRAM`: the file that it writes, which its children are started with.
"""

import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from ascension import worker
from ascension.analyses.tasks import analysis_task
from ascension.infra.db import Connection
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task

ROOT = Path(__file__).parents[1]
MICROSECONDS = (1 << 64) - 1
# a compute child is isolated: it would not find an entrypoint that is no part of the product
PROGRAM = """\
#!{python}
import sys
sys.path.insert(0, {root!r})
sys.argv = ["child", sys.argv[-1]]
from ascension.jobs import child
child.main()
"""


def subject_of(sleep_s: float) -> UUID:
    """A new id that tells how long to sleep."""
    return UUID(int=secrets.randbits(63) << 64 | round(sleep_s * 1e6))


def seconds_of(subject_id: UUID) -> float:
    """How long this id says to sleep."""
    return (subject_id.int & MICROSECONDS) / 1e6


async def _prepare(job: Job, folder: Path) -> dict[str, object]:
    del folder
    return {"sleep_s": seconds_of(job.subject_id)}


async def _store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
    """There is nothing to keep."""


def _sleeping_task(*arguments: Any, **options: Any) -> Task:
    real = analysis_task(*arguments, **options)
    return replace(real, entrypoint="benches.sleeping:run", prepare=_prepare, store=_store)


def main() -> None:
    program = Path(sys.argv[1])
    program.write_text(PROGRAM.format(python=sys.executable, root=str(ROOT)))
    program.chmod(0o755)
    sys.executable = str(program)
    worker.__dict__["analysis_task"] = _sleeping_task
    worker.main()


if __name__ == "__main__":
    main()
