"""What runs in a home: a lock that only a living owner holds, and run.json with every process in it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import psutil

from ascension.embedded.engines.engine import PART, PART_OF
from ascension.embedded.layout import Home, write_private
from ascension.errors.setup import SetupError

END_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class ProcessId:
    """A process, safe against its number being given to another: number and time of birth."""

    pid: int
    created_at_s: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId | None":
        """The process that has this number now, if any."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    def find(self) -> psutil.Process | None:
        """The living process itself; None if it ended (whoever has the number now)."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created_at_s) < 1.0
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


@dataclass(frozen=True)
class Run:
    """The content of run.json."""

    owner: ProcessId
    started_at: str
    address: str | None
    parts: dict[str, ProcessId]
    ports: dict[str, int]
    lan: dict[str, str] = field(default_factory=dict[str, str])
    """Where phones come in: the address of the `app`, and of the `page` that says how to trust it."""

    @classmethod
    def read(cls, file: Path) -> "Run | None":
        """The last run's record, None if there is none or it is not readable."""
        try:
            content = json.loads(file.read_text())
            return cls(
                owner=ProcessId(**content["owner"]),
                started_at=content["started_at"],
                address=content["address"],
                parts={name: ProcessId(**part) for name, part in content["parts"].items()},
                ports=content["ports"],
                lan=content.get("lan", {}),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None


class Record:
    """Our hold on a home while we run parts in it.

    `doing`: what holds it for a while only, as a sentence's subject and verb: others are told.
    """

    def __init__(self, home: Home, doing: str = "") -> None:
        self._home = home
        self.doing = doing
        self._lock: TextIO | None = None
        self._started_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.address: str | None = None
        self.ports: dict[str, int] = {}
        self.lan: dict[str, str] = {}

    @property
    def held(self) -> bool:
        return self._lock is not None

    def acquire(self) -> None:
        """Take the lock; it ends with this process, however that ends. Raises SetupError if it is held."""
        lock = _lock_file(self._home).open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise SetupError(_who_holds(self._home)) from None
        self._lock = lock
        with suppress(OSError):  # on a full disk nobody is told more than that it is held
            lock.truncate(0)
            lock.write(f"{self.doing} (process {os.getpid()})" if self.doing else "")
            lock.flush()

    def write(self, parts: dict[str, int]) -> None:
        """Note the processes that run now, so that a later start can end them if we cannot."""
        found = {name: ProcessId.of(pid) for name, pid in parts.items()}
        owner = ProcessId.of(os.getpid())
        if owner is None or not self.held:
            return
        run = Run(
            owner=owner,
            started_at=self._started_at,
            address=self.address,
            parts={name: process for name, process in found.items() if process},
            ports=self.ports,
            lan=self.lan,
        )
        write_private(self._home.run_file, json.dumps(asdict(run), indent=1))

    def release(self) -> None:
        """Everything has stopped: forget the run and free the home."""
        if self._lock is not None:
            self._home.run_file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def _lock_file(home: Home) -> Path:
    return home.path / "lock"


def passing_holder(home: Home) -> str:
    """What holds this home for a while only, with its process; empty where a platform runs or nobody does."""
    return _lock_file(home).read_text() if is_held(home) else ""


def _who_holds(home: Home) -> str:
    if doing := passing_holder(home):
        return f"{doing}, and the platform cannot start meanwhile: wait until that has ended."
    run = Run.read(home.run_file)
    where = f" at {run.address}" if run and run.address else ""
    return f"Ascension is running already{where} (state in {home.path}). Stop it with `ascension stop`."


def is_held(home: Home) -> bool:
    """Whether a living process runs parts in this home."""
    try:
        with _lock_file(home).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def end_orphans(home: Home) -> list[str]:
    """End what a killed supervisor left running in this home; the names of the parts found.

    The worker and the API go first: they end well only while the engines still answer.
    """
    run = Run.read(home.run_file)
    noted = run.parts if run else {}
    living = {name: [process] for name, part in noted.items() if (process := part.find())}
    for name, process in _unnoted(home):
        living.setdefault(name, []).append(process)
    for names in (("caddy", "worker", "api", "phone-api"), ("postgres", "valkey", "seaweedfs")):
        _end([process for name in names for process in living.get(name, ())], home)
    home.run_file.unlink(missing_ok=True)
    return list(living)


def _unnoted(home: Home) -> Iterator[tuple[str, psutil.Process]]:
    """Parts of this home by their environment: a start that is killed may not have noted its last one."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # it ended, or is another account's
            environment = process.environ()
            if environment.get(PART_OF) == str(home.path):
                yield environment[PART], process


def _end(processes: list[psutil.Process], home: Home) -> None:
    family = [*processes]
    for process in processes:
        try:
            family += process.children(recursive=True)
            # To PostgreSQL SIGTERM means "wait until every client has gone".
            process.send_signal(2 if process.name() == "postgres" else 15)
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:
            raise SetupError(
                f"Process {process.pid} was left running by another account's start in {home.path}: "
                "stop it as that account."
            ) from None
    _, stubborn = psutil.wait_procs(family, timeout=END_TIMEOUT_S)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, timeout=END_TIMEOUT_S)
