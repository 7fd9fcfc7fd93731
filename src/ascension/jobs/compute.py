"""The parent's handle on a compute child: start, ask, limit, replace."""

import asyncio
import json
import math
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import psutil
from pydantic import BaseModel, Field, FiniteFloat, TypeAdapter
from structlog.contextvars import get_contextvars

from ascension.errors import catalogue
from ascension.errors.base import AscensionError
from ascension.errors.http import WorkerDiskUnavailable
from ascension.errors.jobs import (
    ComputeCrashed,
    ComputeMemoryLimit,
    ComputeOutputLimit,
    ComputeStalled,
    ComputeTimeLimit,
    JobFailure,
)
from ascension.errors.setup import SetupError
from ascension.infra.logging import get_logger
from ascension.jobs.cage.entering import MAX_FILE_BYTES

START_TIMEOUT_S = 60
EXCESS_CHECK_S = 0.1
# the kernel's wall stands behind ours: a sudden burst hits it, a slow growth is stopped with its reason
KERNEL_LIMIT_FACTOR = 2
MAX_LINE_BYTES = 4 * 1024 * 1024
# what a child may know of this machine; everything else in the environment stays with the parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")

# less computing time than this share of the limit: the child waited, so the clip is not what took so long
BUSY_SHARE = 0.25
SAID_BYTES = 4096
SAID_TIMES = 50
MAX_REPORTS = 20_000
"""Of one job: four a second for over an hour. More keep the parent from its other jobs."""
MAX_ENTRIES = 64
"""Of one job, those included that it was given."""
LAST_WORDS_S = 0.5

OnProgress = Callable[[str, int, dict[str, float]], None]
OnSaid = Callable[[str], None]
"""What a child printed: words of libraries, the trace of a crash."""


class Ready(BaseModel):
    """The models are loaded."""

    ready: Literal[True]


class Said(BaseModel):
    """How far it is. Goes into the row and to every socket, so nothing else may come through here."""

    stage: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    progress_pct: int
    figures: dict[str, FiniteFloat]


class Result(BaseModel):
    """The answer of the entrypoint."""

    result: dict[str, Any]


class Failed(BaseModel):
    """The code of a JobFailure, and its words."""

    failure: str
    detail: str


# a child reads hostile videos: what it says is input from outside
_LINE: TypeAdapter[Ready | Said | Result | Failed] = TypeAdapter(Ready | Said | Result | Failed)


@dataclass(frozen=True)
class Limits:
    """Of one request: time by the clock, resident memory. threads: how many the child may compute with.

    with_devices: it may compute on NVIDIA's, too. file_bytes: what it may write. reports: how often it may
    say how far it is.
    """

    time_s: float
    memory_bytes: int
    threads: int
    with_devices: bool = False
    file_bytes: int = MAX_FILE_BYTES
    reports: int = MAX_REPORTS


class Child:
    """One long-lived child running one entrypoint. Not for concurrent use: a slot owns it.

    It computes for one user at a time: one that a hostile video has taken over never sees another's.

    folder: exists; all that the child may write to, and all it can read of jobs. Their files lie in
    it while it works on them, and no longer.
    reads, writes: one file each that it may read, and read and change, beside; both exist.
    on_said: told what it prints, instead of the log.
    """

    def __init__(
        self,
        entrypoint: str,
        limits: Limits,
        folder: Path,
        *,
        reads: Path | None = None,
        writes: Path | None = None,
        on_said: OnSaid | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._files = {
            name: str(path.absolute())
            for name, path in (("CHILD_READS", reads), ("CHILD_WRITES", writes))
            if path
        }
        self._tell = on_said or self._log_said
        self._entrypoint = entrypoint
        self._limits = limits
        self._process: Process | None = None
        self._user_id: UUID | None = None
        self._excess: type[JobFailure] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._log = get_logger()
        self._said = 0

    async def serve(self, user_id: UUID) -> None:
        """Its next requests are of this user. What computed for another one ends, and all it left goes."""
        if self._user_id not in (None, user_id):
            await self.kill()
            await asyncio.to_thread(_empty, self.folder)
        self._user_id = user_id

    def is_free_for(self, user_id: UUID) -> bool:
        """It runs, and has computed for nobody else."""
        return self.is_running and self._user_id in (None, user_id)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def run(self, request: dict[str, object], on_progress: OnProgress) -> dict[str, Any]:
        """Send one request and wait for its answer.

        Raises:
            JobFailure: what the entrypoint raised, or ComputeTimeLimit, ComputeMemoryLimit,
                ComputeOutputLimit, ComputeStalled, ComputeCrashed.
            WorkerDiskUnavailable: the disk is full.
            SetupError: this machine lacks what computing needs.
        """
        self._log, self._said = get_logger().bind(**get_contextvars()), 0
        try:
            answer = await self._ask(await self._started(), request, on_progress)
        except BaseException:  # a cancel, too, leaves it starting or computing
            await self.kill()
            raise
        if isinstance(answer, Result):
            return answer.result
        error = _error_of(answer)
        if isinstance(error, ComputeMemoryLimit):
            await self.kill()  # it is ending by itself: the next request must not meet it
        raise error

    async def _ask(
        self, process: Process, request: dict[str, object], on_progress: OnProgress
    ) -> Result | Failed:
        watch = asyncio.create_task(self._watch(process))
        computed_s = _computed_s(process)
        try:
            async with asyncio.timeout(self._limits.time_s):
                return await _converse(process, request, on_progress, self._limits.reports)
        except TimeoutError:
            was_busy = _computed_s(process) - computed_s > BUSY_SHARE * self._limits.time_s
            raise (ComputeTimeLimit if was_busy else ComputeStalled) from None
        except (ConnectionError, ValueError) as error:
            raise (self._excess or ComputeCrashed) from error
        finally:
            watch.cancel()

    async def _started(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._excess = None
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment["CHILD_MEMORY_LIMIT_BYTES"] = str(KERNEL_LIMIT_FACTOR * self._limits.memory_bytes)
        environment["CHILD_FILE_LIMIT_BYTES"] = str(self._limits.file_bytes)
        environment["TMPDIR"] = str(self.folder)
        environment |= self._files
        if self._limits.with_devices:
            environment["CHILD_WITH_DEVICES"] = "1"
        environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = str(self._limits.threads)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "ascension.jobs.child",
            self._entrypoint,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            cwd=self.folder,
            limit=MAX_LINE_BYTES,
            start_new_session=True,
        )
        self._listening = asyncio.create_task(self._listen(self._process))
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                said = await _read(self._process)
        except (TimeoutError, ConnectionError, ValueError) as error:
            raise ComputeCrashed("The analysis program did not start.") from error
        if isinstance(said, Failed):
            raise _error_of(said)  # what it computes with does not load
        return self._process

    async def _watch(self, process: Process) -> None:
        """End the child when its resident memory or what it writes passes the limit."""
        allowed_bytes = _written_bytes(self.folder) + self._limits.file_bytes
        with suppress(psutil.NoSuchProcess, ProcessLookupError):  # it ended by itself
            watched = psutil.Process(process.pid)
            while self._excess is None:
                await asyncio.sleep(EXCESS_CHECK_S)
                if watched.memory_info().rss >= self._limits.memory_bytes:
                    self._excess = ComputeMemoryLimit
                elif _written_bytes(self.folder) > allowed_bytes:
                    self._excess = ComputeOutputLimit
            process.kill()

    async def _listen(self, process: Process) -> None:
        """Tell what the child prints; read on when that is too much."""
        assert process.stderr is not None  # noqa: S101 (started with a pipe)
        while said := await process.stderr.read(SAID_BYTES):
            self._said += 1
            if self._said <= SAID_TIMES:
                self._tell(said.decode(errors="replace").strip())

    def _log_said(self, text: str) -> None:
        """Under the ids of the job at hand."""
        self._log.warning("child_said", text=text)

    async def kill(self) -> None:
        """End the child at once; the next request starts a new one."""
        process, self._process = self._process, None
        listening, self._listening = self._listening, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                # with what it started, where the kernel could not keep it from that
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if listening is not None:
            await asyncio.wait([listening], timeout=LAST_WORDS_S)
            listening.cancel()  # a program that it started may hold the pipe

    async def ended(self) -> None:
        """Wait until the process that runs has ended."""
        if self._process is not None:
            await self._process.wait()

    async def discard(self) -> None:
        """End it for good, with its folder."""
        await self.kill()
        await asyncio.to_thread(shutil.rmtree, self.folder, True)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _error_of(answer: Failed) -> AscensionError:
    """What a child may say of its end; a crash where it says anything else."""
    error = catalogue().get(answer.failure)
    if error is None or not issubclass(error, JobFailure | WorkerDiskUnavailable | SetupError):
        return ComputeCrashed()
    return error(answer.detail)


def _computed_s(process: Process) -> float:
    """The computing time of a child so far; 0 when it has ended."""
    with suppress(psutil.NoSuchProcess):
        times = psutil.Process(process.pid).cpu_times()
        return times.user + times.system
    return 0.0


def _written_bytes(folder: Path) -> float:
    """How much lies there; infinity when it is more than any job makes, or cannot be read.

    Read entry by entry: of a folder that a child fills all the while, a whole listing would never end.
    """
    total_bytes = count = 0
    folders = [str(folder)]
    try:
        while folders:
            with suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:  # removed meanwhile
                for entry in entries:
                    count += 1
                    if count > MAX_ENTRIES:
                        return math.inf
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        with suppress(FileNotFoundError):
                            total_bytes += entry.stat(follow_symlinks=False).st_size
    except OSError:
        return math.inf
    return total_bytes


async def _converse(
    process: Process, request: dict[str, object], on_progress: OnProgress, most_reports: int
) -> Result | Failed:
    """Send the request; pass on what the child says until its answer."""
    assert process.stdin is not None  # noqa: S101 (started with a pipe)
    process.stdin.write(json.dumps(request).encode() + b"\n")
    await process.stdin.drain()
    for _ in range(most_reports):
        said = await _read(process)
        if isinstance(said, Result | Failed):
            return said
        if isinstance(said, Said):
            on_progress(said.stage, max(0, min(said.progress_pct, 100)), said.figures)
    raise ValueError("the child reports without end")


async def _read(process: Process) -> Ready | Said | Result | Failed:
    """Raises ConnectionError when the child has ended, ValueError for a line that makes no sense."""
    assert process.stdout is not None  # noqa: S101 (started with a pipe)
    line = await process.stdout.readline()
    if not line:
        await process.wait()
        raise ConnectionError("the child ended")
    return _LINE.validate_json(line)
