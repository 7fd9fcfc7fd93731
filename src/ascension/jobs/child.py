"""ENTRY of the compute child: `python -m ascension.jobs.child package.module:function`.

One long-lived process per slot, so that models stay loaded. It gets files and a pipe, no addresses and no
credentials, and goes into a cage before it loads anything else. Lines of JSON: requests on stdin, answers on
stdout. When the parent is gone, so is the child.
"""

import errno
import importlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ascension.errors.base import AscensionError
from ascension.errors.http import WorkerDiskUnavailable
from ascension.errors.jobs import ComputeMemoryLimit, ComputeOutputLimit, JobFailure
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import explain
from ascension.jobs.cage.entering import enter

Report = Callable[[str, int, dict[str, float]], None]
Entrypoint = Callable[[dict[str, object], Report], dict[str, object]]

MIN_REPORT_INTERVAL_S = 0.25
PARENT_GONE = 3
DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""Of the disk, never of the clip. (EIO is not among them: decoders say it of damaged files.)"""


def main() -> None:
    """Serve requests until stdin ends."""
    answers = _take_stdout()
    os.nice(5)  # heartbeats and the operator's shell come first
    enter(
        Path(os.environ["TMPDIR"]),
        memory_bytes=int(os.environ["CHILD_MEMORY_LIMIT_BYTES"]),
        file_bytes=int(os.environ["CHILD_FILE_LIMIT_BYTES"]),
        with_devices="CHILD_WITH_DEVICES" in os.environ,
        reads=_path_in("CHILD_READS"),
        writes=_path_in("CHILD_WRITES"),
    )
    try:
        entrypoint = _load(sys.argv[1])
    except SetupError as lack:
        _send(answers, {"failure": lack.code, "detail": lack.detail})
        return
    requests: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    _send(answers, {"ready": True})
    while True:
        _serve(entrypoint, requests.get(), answers)


def _serve(entrypoint: Entrypoint, request: dict[str, object], answers: IO[str]) -> None:
    last_report_s = 0.0

    def report(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
        nonlocal last_report_s
        now_s = time.monotonic()
        if now_s - last_report_s >= MIN_REPORT_INTERVAL_S:
            last_report_s = now_s
            _send(answers, {"stage": stage, "progress_pct": progress_pct, "figures": figures})

    try:
        _send(answers, {"result": entrypoint(request, report)})
    except (JobFailure, SetupError) as failure:
        _send(answers, {"failure": failure.code, "detail": failure.detail})
    except OSError as error:
        fault = _fault_of(error)
        if fault is None:
            raise
        _send(answers, {"failure": fault.code, "detail": fault.message()})
    except MemoryError:
        _send(answers, {"failure": ComputeMemoryLimit.code, "detail": ComputeMemoryLimit.message()})
        os._exit(1)  # what is left of this process cannot be trusted; the parent starts a new one


def _path_in(variable: str) -> Path | None:
    return Path(os.environ[variable]) if variable in os.environ else None


def _take_stdout() -> IO[str]:
    """Keep the pipe to the parent for answers only; whatever a library prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return answers


def _fault_of(error: OSError) -> type[AscensionError] | None:
    """What is meant when writing fails so; None: nothing that is known."""
    if error.errno == errno.EFBIG:
        return ComputeOutputLimit
    return WorkerDiskUnavailable if error.errno in DISK_FAULTS else None


def _load(name: str) -> Entrypoint:
    """Raises SetupError where a library is missing that it computes with."""
    module, function = name.split(":")
    try:
        return getattr(importlib.import_module(module), function)
    except ImportError as error:
        raise SetupError(f"Analyses cannot run here: {explain(str(error))}.") from error


def _read_requests(requests: "queue.SimpleQueue[dict[str, object]]") -> None:
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(PARENT_GONE)


def _send(answers: IO[str], message: dict[str, object]) -> None:
    answers.write(json.dumps(message, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
