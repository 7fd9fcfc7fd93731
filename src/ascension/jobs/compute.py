"""The parent's handle on a compute child: start, ask, limit, replace."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from ascension.errors import (
    ComputeCrashed,
    ComputeMemoryLimit,
    ComputeTimeLimit,
    JobFailure,
    catalogue,
)

START_TIMEOUT_S = 60
MEMORY_CHECK_S = 0.1
# the kernel's wall stands behind ours: a sudden burst hits it, a slow growth is stopped with its reason
KERNEL_LIMIT_FACTOR = 2
MAX_LINE_BYTES = 4 * 1024 * 1024
# what a child may know of this machine; everything else in the environment stays with the parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")

OnProgress = Callable[[str, int, dict[str, float]], None]


@dataclass(frozen=True)
class Limits:
    time_s: float
    memory_bytes: int
    threads: int


class Child:
    """One long-lived child running one entrypoint. Not for concurrent use: a slot owns it."""

    def __init__(self, entrypoint: str, limits: Limits) -> None:
        self._entrypoint = entrypoint
        self._limits = limits
        self._process: Process | None = None
        self._out_of_memory = False

    async def run(self, request: dict[str, object], on_progress: OnProgress) -> dict[str, Any]:
        """Send one request and wait for its answer.

        Raises:
            JobFailure: what the entrypoint raised, or ComputeTimeLimit, ComputeMemoryLimit, ComputeCrashed.
        """
        process = await self._started()
        watch = asyncio.create_task(self._watch_memory(process))
        answered = False
        try:
            async with asyncio.timeout(self._limits.time_s):
                answer = await self._ask(process, request, on_progress)
                answered = True
        except TimeoutError:
            raise ComputeTimeLimit from None
        except (ConnectionError, ValueError) as error:
            raise (ComputeMemoryLimit if self._out_of_memory else ComputeCrashed) from error
        finally:
            watch.cancel()
            if not answered:  # stopped in the middle: it may still be computing
                await self.kill()
        if "result" in answer:
            return answer["result"]
        error = catalogue().get(answer["failure"])
        if error is None or not issubclass(error, JobFailure):
            raise ComputeCrashed
        raise error(answer["detail"])

    async def _ask(
        self, process: Process, request: dict[str, object], on_progress: OnProgress
    ) -> dict[str, Any]:
        """The final message: {"result": ...} or {"failure": code, "detail": text}."""
        assert process.stdin is not None  # noqa: S101 (started with a pipe)
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        while True:
            answer = await _read(process)
            if "result" in answer or "failure" in answer:
                return answer
            on_progress(answer["stage"], answer["progress_pct"], answer["figures"])

    async def _started(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._out_of_memory = False
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment["CHILD_MEMORY_LIMIT_BYTES"] = str(KERNEL_LIMIT_FACTOR * self._limits.memory_bytes)
        environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = str(self._limits.threads)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "ascension.jobs.child",
            self._entrypoint,
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
            limit=MAX_LINE_BYTES,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await _read(self._process)
        except (TimeoutError, ConnectionError, ValueError) as error:
            await self.kill()
            raise ComputeCrashed("The analysis program did not start.") from error
        return self._process

    async def _watch_memory(self, process: Process) -> None:
        """End the child when its resident memory passes the limit."""
        with suppress(psutil.NoSuchProcess):
            watched = psutil.Process(process.pid)
            while watched.memory_info().rss < self._limits.memory_bytes:  # noqa: ASYNC110 (no event tells)
                await asyncio.sleep(MEMORY_CHECK_S)
            self._out_of_memory = True
            process.kill()

    async def kill(self) -> None:
        """End the child at once; the next request starts a new one."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _read(process: Process) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101 (started with a pipe)
    line = await process.stdout.readline()
    if not line:
        await process.wait()
        raise ConnectionError("the child ended")
    return json.loads(line)
