"""One supervised process: started under an account, asked until it is ready, stopped by its own signal."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ascension.embedded.layout import Account
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import explain

POLL_S = 0.02
# PostgreSQL says "pre-existing shared memory block is still in use" for a moment after a kill -9.
RETRY_S = 0.25
# in the environment of every part: whose starter was killed is known by them
PART, PART_OF = "ASCENSION_PART", "ASCENSION_PART_OF"


@dataclass(frozen=True)
class Program:
    """How one part is run. `is_ready` answers False as long as the part does not serve."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    directory: Path
    log: Path
    is_ready: Callable[[], Awaitable[bool]]
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 20.0
    start_timeout_s: float = 60.0
    start_attempts: int = 20


class Engine:
    """One part, running or not.

    `make_program` is asked before every start, so that each start gets fresh configuration files.
    `on_change` is called after every start and end, to keep the record.
    """

    def __init__(
        self, make_program: Callable[[], Program], on_change: Callable[[], None], *, home: Path
    ) -> None:
        self.program = make_program()
        self._make_program = make_program
        self._on_change = on_change
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def exit_status(self) -> int | None:
        """What the last process returned; negative: the signal that ended it."""
        return self._process.poll() if self._process else None

    async def start(self) -> float:
        """Start and wait until ready; seconds it took. Raises SetupError with the last log line."""
        began = time.monotonic()
        self.program = self._make_program()
        for _ in range(self.program.start_attempts):
            self._spawn()
            if await self._becomes_ready(began + self.program.start_timeout_s):
                return time.monotonic() - began
            await asyncio.sleep(RETRY_S)
        self._on_change()
        raise SetupError(f"{self.name} does not start: {self._last_words()}")

    def _spawn(self) -> None:
        program = self.program
        switch = program.account is not None and program.account.switch
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.directory,
                env={**program.environment, PART: program.name, PART_OF: str(self._home)},
                start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone
                user=program.account.uid if program.account and switch else None,
                group=program.account.gid if program.account and switch else None,
                extra_groups=[] if switch else None,
            )
        self._on_change()

    async def _becomes_ready(self, deadline: float) -> bool:
        while self.pid is not None:
            if await self.program.is_ready():
                return True
            if time.monotonic() > deadline:
                await self.stop(timeout_s=1)
                raise SetupError(
                    f"{self.name} was not ready within {self.program.start_timeout_s:.0f} s: "
                    f"{self._last_words()}"
                )
            await asyncio.sleep(POLL_S)
        return False

    async def wait(self) -> int:
        """Wait until the process ends; its exit status."""
        while (status := self.exit_status) is None:  # noqa: ASYNC110 (a process tells no event of ours)
            await asyncio.sleep(POLL_S)
        self._on_change()
        return status

    async def stop(self, timeout_s: float | None = None) -> bool:
        """Ask to end, then insist after the timeout. False where it had to be killed."""
        if self._process is None or self.pid is None:
            return True
        self._process.send_signal(self.program.stop_signal)
        try:
            async with asyncio.timeout(self.program.stop_timeout_s if timeout_s is None else timeout_s):
                await self.wait()
        except TimeoutError:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """End it at once with all it started, as a power cut would (kill -9)."""
        # Only while it runs: the number of a process that ended may belong to somebody else by now.
        if self._process is not None and self.pid is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._on_change()

    def _last_words(self) -> str:
        return f"{explain(read_tail(self.program.log))} (see {self.program.log})."


async def together(*work: Coroutine[object, object, object]) -> None:
    """Run side by side to the end; the first failure cancels the others and is raised as it is."""
    tasks = [asyncio.create_task(part) for part in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def read_tail(log: Path, limit_bytes: int = 20_000) -> str:
    """The end of a log file; empty if there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - limit_bytes))
        return stream.read().decode(errors="replace")


def base_environment(home: Path) -> dict[str, str]:
    """What every engine gets of an environment: nothing of the caller's."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
