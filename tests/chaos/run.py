"""One chaos run: engines on small disks, a fleet behind doors, a crowd, the faults, then the audit."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import httpx2 as httpx

from ascension.embedded.stack import Stack
from ascension.jobs.worker import SILENT_S, TIDY_S
from tests.chaos import audit, report
from tests.chaos.audit import Finding
from tests.chaos.clock import Clock
from tests.chaos.disks import Disk
from tests.chaos.faults import ENGINE_NAMES, Faults
from tests.chaos.fleet import LEASE_S, Fleet
from tests.chaos.journeys import Crowd, outcomes
from tests.chaos.plan import Fault, Kind, Shape, make_plan
from tests.chaos.report import Probe, Summary
from tests.conftest import Engines, describe, new_home, remove_home
from tests.rows import sql

DISK_MB = {"postgres": 768, "valkey": 64, "s3": 1024, "scratch": 96}
PROBE_EVERY_S = 0.5
Disks = tuple[dict[str, Disk], dict[Kind, str]]
READY_WITHIN_S = 10.0
RECOVERY_PATIENCE_S = 15.0
WORK_PATIENCE_S = 8.0
DRAIN_S = 150
CONSUMER_SILENT_S = SILENT_S + TIDY_S + 30
SETTLE_S = 40
ASSERTED = (
    "lost",
    "stuck",
    "done twice",
    "results stored once",
    "failures have a typed reason",
    "each ends as it must",
    "no clip kills a third time",
    "results are their own",
    "leases by the database's clock",
    "quota",
    "no object without a row",
    "no row without its object",
    "removals are done",
    "no lost upload",
    "nothing is left of erased accounts",
    "streams are empty",
    "no consumers of dead workers",
    "all parts ready within 10 s of the last fault",
    "clients",
    "processes end only when told",
    "unexpected errors",
)


@dataclass
class Run:
    """A run under way."""

    engines: Engines
    fleet: Fleet
    faults: Faults
    crowd: Crowd
    probes: list[Probe] = field(default_factory=list[Probe])
    kills: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    at_work: list[bool] = field(default_factory=list[bool])
    """Of every kill, whether it came in the middle of work."""
    findings: list[Finding] = field(default_factory=list[Finding])

    async def go(self, plan: Sequence[Fault], people: int) -> None:
        """Throw the plan at the fleet while the crowd is at it; then wait until all is quiet."""
        beside = [asyncio.create_task(self._probe()), asyncio.create_task(self._keep())]
        crowd = asyncio.create_task(self.crowd.run(people))
        try:
            await self._throw(plan)
            await self._heal()
            await crowd
            await self._drain()
        finally:
            crowd.cancel()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, crowd, return_exceptions=True)

    async def _throw(self, plan: Sequence[Fault]) -> None:
        """At its second, or later where the one before took longer; single cuts run beside the others.

        When time is up, only what has not come yet is thrown.
        """
        began = time.monotonic()
        thrown: set[tuple[str, str]] = set()

        async def track(faults: Sequence[Fault]) -> None:
            for fault in faults:
                await asyncio.sleep(max(0.0, began + fault.at_s - time.monotonic()))
                if time.monotonic() - began > self.crowd.seconds and (fault.kind, fault.engine) in thrown:
                    continue
                thrown.add((fault.kind, fault.engine))
                if fault.kind.startswith("kill"):
                    self.at_work.append(await self._wait_for_work(fault.target))
                if fault.kind == "kill worker":
                    self.kills.append((time.time(), str(self.fleet.seats[fault.target].pids[-1])))
                await self.faults.throw(fault)
                if fault.kind != "cut off":
                    await self._ready_again(time.time(), within_s=RECOVERY_PATIENCE_S)

        async with asyncio.TaskGroup() as group:
            group.create_task(track([fault for fault in plan if fault.kind != "cut off"]))
            for fault in plan:
                if fault.kind == "cut off":
                    group.create_task(track([fault]))

    async def _wait_for_work(self, target: str) -> bool:
        """Wait a little until this worker has a job under way, or anybody; whether it has one."""
        seat = self.fleet.seats.get(target)
        whose = f"%-{seat.pids[-1]}" if seat is not None and seat.is_worker else "%"
        under_way = "select 1 from jobs where state = 'processing' and worker_id like %s limit 1"
        deadline = time.monotonic() + WORK_PATIENCE_S
        while not (found := await sql(self.engines, under_way, whose)) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        return bool(found)

    async def _heal(self) -> None:
        """All parts are ready soon after the last fault."""
        if not await self._ready_again(time.time(), within_s=READY_WITHIN_S):
            self.findings.append(Finding("all parts ready within 10 s of the last fault", "not all were"))

    async def _ready_again(self, mended_at: float, *, within_s: float) -> bool:
        """Wait until every API that no fault touches has said so: faults of engines come one at a time."""
        while time.time() - mended_at < within_s:
            ready = {seat for at, seat, ok in self.probes[-200:] if ok and at > mended_at}
            touched = {
                seat.name
                for seat in self.fleet.apis
                if any(active.touches(seat.name) for active in self.faults.active)
            }
            if {seat.name for seat in self.fleet.apis} <= ready | touched:
                return True
            await asyncio.sleep(0.1)
        return False

    async def _drain(self) -> None:
        """Until nothing waits, runs, or is to be removed soon, and streams are empty; or time is up."""
        deadline = time.monotonic() + DRAIN_S
        active = (
            "select (select count(*) from jobs where state in ('queued', 'processing'))"
            " + (select count(*) from object_deletions where not_before < now() + interval '1 minute')"
            " + (select count(*) from erasures where finished_at is null)"
        )
        while (await sql(self.engines, active))[0][0] and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        deadline = time.monotonic() + SETTLE_S
        while await audit.check_streams(self.engines, CONSUMER_SILENT_S) and time.monotonic() < deadline:
            await asyncio.sleep(1)

    async def _probe(self) -> None:
        """Ask every API twice a second whether it is ready."""
        async with httpx.AsyncClient(timeout=4) as http:
            while True:
                await asyncio.gather(
                    *(self._probe_one(http, seat.name, seat.url) for seat in self.fleet.apis)
                )
                await asyncio.sleep(PROBE_EVERY_S)

    async def _probe_one(self, http: httpx.AsyncClient, name: str, url: str) -> None:
        try:
            ready = (await http.get(f"{url}/health/ready")).status_code == 200
        except httpx.HTTPError:
            ready = False
        self.probes.append((time.time(), name, ready))

    async def _keep(self) -> None:
        """What ends by itself is started again, as a supervisor does, and reported."""
        while True:
            await asyncio.sleep(1)
            for seat in self.fleet.seats.values():
                await seat.keep()

    async def judge(self, seed: int, seconds: float, impossible: dict[Kind, str]) -> Summary:
        """Every check, and the figures."""
        left = await audit.read(self.engines, self.crowd.owed, LEASE_S)
        logs = [path for seat in self.fleet.seats.values() for path in seat.logs]
        in_storage, explained = await audit.check_storage(self.engines)
        in_logs, told = await asyncio.to_thread(audit.check_logs, logs)
        self.findings += [
            *audit.check_jobs(left),
            *await audit.check_quota(self.engines, self.crowd.owed, self.crowd.erased),
            *in_storage,
            *await audit.check_erased(self.engines, self.crowd.erased),
            *await audit.check_streams(self.engines, CONSUMER_SILENT_S),
            *(Finding("clients", what) for what in self.crowd.notes.wrong),
            *(
                Finding("processes end only when told", what)
                for seat in self.fleet.seats.values()
                for what in seat.ended_alone
            ),
            *in_logs,
        ]
        recovery = report.recoveries(self.faults.struck, self.probes, left)
        return Summary(
            seed=seed,
            seconds=round(seconds, 1),
            faults=dict(Counter(report.kind_of(one) for one in self.faults.struck)),
            impossible={str(kind): why for kind, why in impossible.items()},
            outcomes=dict(outcomes(self.crowd.owed)),
            figures=self._figures(left, seconds) | {f"left: {name}": str(n) for name, n in explained.items()},
            recovery=report.recovery_rows(recovery),
            timeline=self._timeline(),
            findings=report.describe(self.findings),
            history=audit.history(left, self.findings)[:400],
            told=dict(told),
        )

    def _timeline(self) -> list[str]:
        """Every fault as it came, in seconds since the first."""
        struck = sorted(self.faults.struck, key=lambda one: one.struck_at)
        return [
            f"{one.struck_at - struck[0].struck_at:.1f} to {one.mended_at - struck[0].struck_at:.1f}"
            f" {report.kind_of(one)}: {one.fault.target}"
            for one in struck
        ]

    def _figures(self, left: audit.Left, seconds: float) -> dict[str, str]:
        to_start, to_end = report.waits(left)
        claims = Counter(one["job_id"] for one in left.log if one["state"] == "processing")
        held = report.takeovers(left, self.kills)
        notes = self.crowd.notes
        return {
            "seconds in all": f"{seconds:.0f}",
            "faults": str(len(self.faults.struck)),
            "kills in the middle of work": f"{sum(self.at_work)} of {len(self.at_work)}",
            "analyses asked for (acknowledged)": str(len(self.crowd.owed)),
            "real clips among them": str(sum(one.clip == "real" for one in self.crowd.owed)),
            "results stored": str(sum(left.results.values())),
            "runs in all / most of one job": f"{sum(claims.values())} / {max(claims.values(), default=0)}",
            "request to start, s (p50 / p99 / worst)": report.quantiles(to_start),
            "request to done, s (p50 / p99 / worst)": report.quantiles(to_end),
            f"jobs of killed workers taken over, lease {LEASE_S:.0f} s (p50 / p99 / worst)": (
                f"{report.quantiles(held)} ({len(held)})"
            ),
            "journeys": ", ".join(f"{name} {count}" for name, count in sorted(self.crowd.journeys.items())),
            "answers": ", ".join(f"{status}: {count}" for status, count in sorted(notes.answers.items())),
            "no answer": ", ".join(f"{name} {count}" for name, count in sorted(notes.no_answer.items())),
            "slowest answer, s": f"{notes.slowest_s:.1f}",
        }


@contextlib.asynccontextmanager
async def _small_disks(stack: Stack, folder: Path) -> AsyncGenerator[Disks]:
    """Disks below the engines' data and one worker's scratch; which kinds of fault cannot be, and why."""
    stack.home.create()
    paths = {name: stack.home.data(ENGINE_NAMES[name]) for name in ENGINE_NAMES} | {
        "scratch": folder / "scratch"
    }
    disks: dict[str, Disk] = {}
    impossible: dict[Kind, str] = {}
    kinds: tuple[Kind, ...] = get_args(Kind)
    try:
        for name, path in paths.items():
            disk = Disk(path, DISK_MB[name])
            if said := await asyncio.to_thread(disk.mount):
                impossible |= {kind: said for kind in kinds if kind == f"full disk {name}"}
            else:
                disks[name] = disk
        if not Clock.possible():
            why = "libfaketime is not installed"
            impossible |= {kind: why for kind in kinds if kind.startswith("clock")}
        yield disks, impossible
    finally:
        for disk in disks.values():
            await asyncio.to_thread(disk.unmount)


async def chaos(*, seed: int, shape: Shape, jobs: int, people: int, folder: Path) -> Summary:
    """One run on engines of its own."""
    home = new_home()
    stack = Stack(home, durable=True)
    try:
        async with _small_disks(stack, folder) as (disks, impossible):
            try:
                await stack.start()
                plan = make_plan(seed, shape, list(impossible))
                engines = describe(stack)
                await audit.install(engines)
                fleet = Fleet(engines, folder)
                try:
                    await fleet.open(shape.worker_seats, shape.api_seats, folder / "scratch")
                    urls = [seat.url for seat in fleet.apis]
                    crowd = Crowd(engines, urls, jobs, shape.seconds, shape.compute_s, seed)
                    run = Run(engines, fleet, Faults(engines, fleet, disks), crowd)
                    began = time.monotonic()
                    await run.go(plan, people)
                    return await run.judge(seed, time.monotonic() - began, impossible)
                finally:
                    await fleet.close()
            finally:
                stack.kill()
    finally:
        remove_home(home)
