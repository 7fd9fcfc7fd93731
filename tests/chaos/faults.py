"""How each kind of fault is thrown and mended. Every one is mended, also when the run is canceled."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil

from ascension.infra.streams import Streams, StreamsUnavailable
from tests.chaos.clock import Clock
from tests.chaos.disks import Disk
from tests.chaos.fleet import Fleet, Seat
from tests.chaos.plan import Fault, Kind
from tests.conftest import Engines, flush_all
from tests.rows import sql

ENGINE_NAMES = {"postgres": "postgres", "valkey": "valkey", "s3": "seaweedfs"}


@dataclass
class Struck:
    """A fault as it came: when it began and when it was mended (seconds since the epoch)."""

    fault: Fault
    struck_at: float
    mended_at: float = 0.0
    worker_pid: int | None = None
    """Who sits in the worker's seat that it was thrown at, after the mending."""

    def touches(self, seat: str) -> bool:
        """Is this process, or an engine that it needs, at fault?"""
        target = self.fault.target
        return target in (seat, "all") or (
            target in ENGINE_NAMES and self.fault.kind not in ("flush valkey", "deliver twice")
        )


@dataclass
class Faults:
    """Throws what the plan says at the fleet and its engines."""

    engines: Engines
    fleet: Fleet
    disks: dict[str, Disk]
    struck: list[Struck] = field(default_factory=list[Struck])
    active: list[Struck] = field(default_factory=list[Struck])

    async def throw(self, fault: Fault) -> None:
        """One fault, from its beginning to its mending."""
        found = Struck(fault, time.time())
        self.active.append(found)
        try:
            async with self._kinds()[fault.kind](fault):
                await asyncio.sleep(fault.length_s)
        finally:
            found.mended_at = time.time()
            seat = self.fleet.seats.get(fault.target)
            found.worker_pid = seat.pids[-1] if seat is not None and seat.is_worker else None
            self.active.remove(found)
            self.struck.append(found)

    def _kinds(self) -> dict[Kind, Callable[[Fault], AbstractAsyncContextManager[None]]]:
        engine_kinds: dict[Kind, Callable[[Fault], AbstractAsyncContextManager[None]]] = {
            "kill postgres": self._engine_away,
            "kill valkey": self._engine_away,
            "kill s3": self._engine_away,
            "restart postgres": self._engine_away,
            "restart valkey": self._engine_away,
            "restart s3": self._engine_away,
            "freeze postgres": self._frozen_engine,
            "freeze valkey": self._frozen_engine,
            "freeze s3": self._frozen_engine,
            "full disk postgres": self._full_disk,
            "full disk valkey": self._full_disk,
            "full disk s3": self._full_disk,
            "full disk scratch": self._full_disk,
        }
        others: dict[Kind, Callable[[Fault], AbstractAsyncContextManager[None]]] = {
            "kill worker": self._killed,
            "kill api": self._killed,
            "kill child": self._killed_child,
            "freeze worker": self._frozen,
            "freeze api": self._frozen,
            "stop worker": self._stopped,
            "stop api": self._stopped,
            "flush valkey": self._flushed,
            "deliver twice": self._delivered_twice,
            "clock of a worker": self._wrong_clock,
            "clock of an api": self._wrong_clock,
            "cut off": self._cut_off,
            "cut off for all": self._cut_off,
        }
        return engine_kinds | others

    @asynccontextmanager
    async def _killed(self, fault: Fault) -> AsyncGenerator[None]:
        seat = self.fleet.seats[fault.target]
        await seat.kill()
        try:
            yield
        finally:
            await seat.start()

    @asynccontextmanager
    async def _stopped(self, fault: Fault) -> AsyncGenerator[None]:
        seat = self.fleet.seats[fault.target]
        await seat.stop()
        try:
            yield
        finally:
            await seat.start()

    @asynccontextmanager
    async def _killed_child(self, fault: Fault) -> AsyncGenerator[None]:
        for process in self.fleet.seats[fault.target].family()[1:]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        yield

    @asynccontextmanager
    async def _frozen(self, fault: Fault) -> AsyncGenerator[None]:
        async with _suspended(self.fleet.seats[fault.target].family()):
            yield

    @asynccontextmanager
    async def _frozen_engine(self, fault: Fault) -> AsyncGenerator[None]:
        pid = self.engines.stack.engine(ENGINE_NAMES[fault.target]).pid
        assert pid is not None, f"{fault.target} does not run"
        process = psutil.Process(pid)
        async with _suspended([process, *process.children(recursive=True)]):
            yield

    @asynccontextmanager
    async def _engine_away(self, fault: Fault) -> AsyncGenerator[None]:
        engine = self.engines.stack.engine(ENGINE_NAMES[fault.target])
        if fault.kind.startswith("kill"):
            await asyncio.to_thread(engine.kill)
        else:
            await engine.stop()
        try:
            yield
        finally:
            await engine.start()

    @asynccontextmanager
    async def _full_disk(self, fault: Fault) -> AsyncGenerator[None]:
        name = fault.kind.removeprefix("full disk ")
        disk = self.disks[name]
        await asyncio.to_thread(disk.fill)
        try:
            yield
        finally:
            await asyncio.to_thread(disk.free)
            await self._start_again(name)

    async def _start_again(self, name: str) -> None:
        """What a full disk has ended, as a supervisor does; and SeaweedFS, as an operator must.

        Its metadata (goleveldb) refuses every write after one that found no room, until it is started again.
        """
        if name not in ENGINE_NAMES:
            return
        engine = self.engines.stack.engine(ENGINE_NAMES[name])
        if name == "s3":
            await engine.stop()
        if engine.pid is None:
            await engine.start()

    @asynccontextmanager
    async def _flushed(self, _fault: Fault) -> AsyncGenerator[None]:
        await flush_all(self.engines.stack)
        yield

    @asynccontextmanager
    async def _delivered_twice(self, _fault: Fault) -> AsyncGenerator[None]:
        """Ids of waiting, running and ended jobs, once more."""
        streams = Streams(self.engines.redis_admin_url)
        with suppress(*StreamsUnavailable):
            for job_id, tier in await sql(
                self.engines, "select id, tier from jobs order by created_at desc limit 30"
            ):
                await streams.add(f"jobs:{tier}", {"id": str(job_id)}, max_length=10_000)
        await streams.close()
        yield

    @asynccontextmanager
    async def _wrong_clock(self, fault: Fault) -> AsyncGenerator[None]:
        clock = self.fleet.seats[fault.target].clock
        assert isinstance(clock, Clock)
        clock.set(fault.step_s)
        try:
            yield
        finally:
            clock.set(0)

    @asynccontextmanager
    async def _cut_off(self, fault: Fault) -> AsyncGenerator[None]:
        seats: list[Seat] = (
            list(self.fleet.seats.values()) if fault.target == "all" else [self.fleet.seats[fault.target]]
        )
        doors = [seat.doors[fault.engine] for seat in seats]
        if fault.target == "all" and fault.engine == "s3" and self.fleet.public is not None:
            doors.append(self.fleet.public)
        await asyncio.gather(*(door.switch(fault.mode) for door in doors))
        try:
            yield
        finally:
            await asyncio.gather(*(door.switch("pass") for door in doors))


@asynccontextmanager
async def _suspended(family: list[psutil.Process]) -> AsyncGenerator[None]:
    """SIGSTOP for all of them, SIGCONT at the end."""
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.resume()
