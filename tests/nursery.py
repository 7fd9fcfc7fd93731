"""A process that has our programs loaded and becomes one of them: loading takes seconds of a processor.

Each is a process of its own, with the environment, words, log and exit status that `python -m` gives it;
only the command line is the nursery's. What has to be started for real takes `Programs` without one.
"""

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from ascension.infra.storage.objects import MODELS

ROOT = Path(__file__).parents[1]
LOADED = ("ascension.api", "ascension.worker")
INHERITED = "PATH", "HOME", "TMPDIR"
"""What our programs are given of pytest's environment: the language of its messages is not among it."""
ASK_EVERY_S = 0.02


@dataclass
class Grown:
    """A program that came out of a nursery, as `subprocess.Popen` shows one."""

    pid: int
    nursery: "Nursery"
    returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.nursery.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(ASK_EVERY_S)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass
class Nursery:
    """The nursery of one pytest process. It ends with it."""

    _process: subprocess.Popen[bytes] = field(init=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            cwd=ROOT,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=10)

    def start(self, module: str, words: tuple[str, ...], environment: dict[str, str], log: Path) -> Grown:
        """As `python -m module words`."""
        log.write_bytes(b"")  # it is read before the program has got to writing
        wish = {"module": module, "words": words, "environment": environment, "log": str(log)}
        return Grown(self.ask(wish), self)

    def ask(self, wish: Mapping[str, object]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(wish).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


def serve() -> None:
    """Read wishes until whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # pytest's to handle
    for module in LOADED:
        importlib.import_module(module)
    for data in ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2"):
        MODELS.load_service_model("s3", data)
    for data in ("endpoints", "partitions", "_retry", "sdk-default-configuration"):
        MODELS.load_data(data)
    assert threading.active_count() == 1, "a copy of a process has one thread of it"
    for line in sys.stdin:
        wish = json.loads(line)
        if "ended" in wish:
            pid, status = os.waitpid(wish["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork() or become(**wish)
        print(json.dumps(answer), flush=True)


def become(module: str, words: list[str], environment: dict[str, str], log: str) -> NoReturn:
    """Run this program in this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    log_file = os.open(log, os.O_WRONLY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, its in ((nothing, 0), (log_file, 1), (log_file, 2)):
        os.dup2(ours, its)
    os.closerange(3, max(log_file, nothing) + 1)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *words]
    sys.modules.pop(module, None)  # it is run as `__main__`, and imported again by who asks for it
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    serve()
