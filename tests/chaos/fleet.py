"""The processes of a run: each in a seat of its own, behind doors of its own to every engine."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import psutil

from tests.chaos.clock import Clock
from tests.chaos.proxy import Door
from tests.conftest import Engines, unused_port
from tests.platform import ROOT, START_S, Process

SETTINGS = {
    "JOB_LEASE_S": "6",
    "JOB_HEARTBEAT_S": "1.5",
    "JOB_REDELIVER_S": "4",
    "JOB_RETRY_DELAY_MAX_S": "15",
    "JOB_RETRY_DELAY_S": "1",
    "WORKER_COMPUTE_THREADS": "1",
    "WORKER_CONCURRENCY": "2",
    "DATABASE_POOL_SIZE": "5",
    "ACCOUNT_GRACE_S": "0",
    "HOUSEKEEPING_S": "5",
    "MOVED_OBJECT_GRACE_S": "5",
    "ERASURE_SETTLE_S": "5",
    "WORKER_DRAIN_S": "5",
}
LEASE_S = float(SETTINGS["JOB_LEASE_S"])
STOP_TIMEOUT_S = 45


@dataclass
class Seat:
    """A place for one worker or API: what sits there may be killed and replaced, the address stays."""

    name: str
    doors: dict[str, Door]
    command: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    folder: Path
    url: str = ""
    clock: Clock | None = None
    process: Process | None = None
    logs: list[Path] = field(default_factory=list[Path])
    pids: list[int] = field(default_factory=list[int])
    stopped_by_us: bool = False
    ended_alone: list[str] = field(default_factory=list[str])

    @property
    def is_worker(self) -> bool:
        return self.name.startswith("worker")

    async def start(self) -> None:
        """Start a process here and wait until it says that it is ready; engines may be away."""
        log_path = self.folder / f"{self.name.replace(' ', '-')}-{len(self.logs)}.log"
        self.process = await asyncio.to_thread(self._spawn, log_path)
        self.logs.append(log_path)
        self.pids.append(self.process.popen.pid)
        self.stopped_by_us = False
        deadline = time.monotonic() + START_S
        while not await self._is_ready():
            assert time.monotonic() < deadline, f"{self.name} does not start: {self.process.log()}"
            if self.process.popen.poll() is not None:
                return  # killed by the next fault, or by itself: the keeper of seats sees which
            await asyncio.sleep(0.1)

    def _spawn(self, log_path: Path) -> Process:
        with log_path.open("wb") as log:
            popen = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment, cwd=ROOT, start_new_session=True
            )
        return Process(popen, log_path)

    async def _is_ready(self) -> bool:
        assert self.process is not None
        if self.is_worker:
            return "worker_ready" in await asyncio.to_thread(self.process.log)
        try:
            async with httpx.AsyncClient(timeout=2, verify=False) as http:  # there is no TLS
                return (await http.get(f"{self.url}/health")).status_code == 200
        except httpx.TransportError:
            return False

    async def kill(self) -> None:
        """End it as kill -9 does. Its children end by themselves: nobody helps."""
        assert self.process is not None
        self.stopped_by_us = True
        await asyncio.to_thread(self.process.kill)

    async def stop(self) -> None:
        """As a deploy does; after a limit, as an impatient one does."""
        assert self.process is not None
        self.stopped_by_us = True
        self.process.popen.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self.process.popen.wait, STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.ended_alone.append(f"{self.name} did not stop within {STOP_TIMEOUT_S} s")
            await self.kill()

    async def keep(self) -> None:
        """Start again what ended by itself, and remember that it did."""
        if self.process is None or self.stopped_by_us or self.process.popen.poll() is None:
            return
        self.ended_alone.append(f"{self.name} ended by itself with {self.process.popen.poll()}")
        await self.start()

    def family(self) -> list[psutil.Process]:
        """The process and its children, as far as they live."""
        if self.process is None or self.process.popen.poll() is not None:
            return []
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.process.popen.pid)
            return [process, *process.children(recursive=True)]
        return []


@dataclass
class Fleet:
    """All seats of a run, and the door through which clients reach storage."""

    engines: Engines
    folder: Path
    seats: dict[str, Seat] = field(default_factory=dict[str, Seat])
    public: Door | None = None

    async def open(self, workers: Sequence[str], apis: Sequence[str], scratch: Path) -> None:
        """Build the doors and start everybody side by side. `scratch`: of the last worker alone."""
        self.public = await self._door("s3")
        for name in (*workers, *apis):
            await self._add(name, scratch if name == workers[-1] else None, name in (workers[0], apis[-1]))
        await asyncio.gather(*(seat.start() for seat in self.seats.values()))

    async def _door(self, engine: str) -> Door:
        stack = self.engines.stack
        ports = {
            "postgres": stack.postgres.port,
            "valkey": stack.valkey.port,
            "s3": stack.seaweedfs.ports.s3,
        }
        door = Door(ports[engine])
        await door.open()
        return door

    async def _add(self, name: str, scratch: Path | None, with_clock: bool) -> None:
        assert self.public is not None
        role = name.split(maxsplit=1)[0]
        doors = {engine: await self._door(engine) for engine in ("postgres", "valkey", "s3")}
        stack = self.engines.stack
        environment = self.engines.environment(role, **SETTINGS)
        for setting, engine, port in (
            ("DATABASE_URL", "postgres", stack.postgres.port),
            ("REDIS_URL", "valkey", stack.valkey.port),
            ("S3_ENDPOINT", "s3", stack.seaweedfs.ports.s3),
        ):
            environment[setting] = environment[setting].replace(f":{port}", f":{doors[engine].port}")
        environment["PYTHONFAULTHANDLER"] = "1"  # one that ends by itself says where
        environment["S3_PUBLIC_ENDPOINT"] = f"http://127.0.0.1:{self.public.port}"
        environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'src'}"
        seat = Seat(name, doors, (), environment, self.folder)
        if role == "worker":
            own = scratch or self.folder / f"scratch-{name.split()[1]}"
            environment["WORKER_SCRATCH"] = str(own)
            seat.command = (sys.executable, "-m", "tests.chaos.worker", str(self.folder / "child.py"))
        else:
            port = unused_port()
            environment |= {"API_PORT": str(port), "ENVIRONMENT": "test", "RATE_LIMIT_FACTOR": "10000"}
            seat.url = f"http://127.0.0.1:{port}"
            seat.command = (sys.executable, "-m", "ascension.api")
        if with_clock and Clock.possible():
            seat.clock = Clock(self.folder / f"clock-{role}")
            environment |= seat.clock.environment()
        self.seats[name] = seat

    @property
    def workers(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.is_worker]

    @property
    def apis(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if not seat.is_worker]

    async def close(self) -> None:
        """End everybody, orderly where that is quick."""
        for seat in self.seats.values():
            for process in seat.family():
                with suppress(psutil.NoSuchProcess):
                    process.resume()
            if seat.process is not None and seat.process.popen.poll() is None:
                seat.stopped_by_us = True
                seat.process.popen.terminate()
        await asyncio.gather(*(self._end(seat) for seat in self.seats.values()))
        doors = [door for seat in self.seats.values() for door in seat.doors.values()]
        for door in (*doors, *([self.public] if self.public else [])):
            await door.close()

    async def _end(self, seat: Seat) -> None:
        if seat.process is None:
            return
        try:
            await asyncio.to_thread(seat.process.popen.wait, 20)
        except subprocess.TimeoutExpired:
            os.killpg(seat.process.popen.pid, signal.SIGKILL)
