"""ENTRY: the worker as it is, but its only job is the stub's: `python -m tests.jobs.stub_worker FOLDER`.

`STUB_REQUEST` in its environment: what every child is asked, as JSON.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ascension import worker
from ascension.jobs.runner import Task
from tests.jobs.stubs import stub_task, write_program


def main() -> None:
    sys.executable = str(write_program(Path(sys.argv[1])))
    request = json.loads(os.environ["STUB_REQUEST"])

    def tasks_of(*_: Any) -> list[Task]:
        return [replace(stub_task(request), warming={"sleep_s": 0.0})]

    worker.__dict__["tasks_of"] = tasks_of
    worker.main()


if __name__ == "__main__":
    main()
