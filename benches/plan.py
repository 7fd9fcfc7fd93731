"""Is the simulator right? 200 jobs on real engines and workers, and the same 200 jobs simulated.

`python -m benches.plan [--jobs 200] [--seed 1] [--load 0.95]`. The jobs sleep for a drawn time, so that two
cores are enough; everything else is real: rows, streams, claims, turns between tiers, admission, children.
The simulator is given when each job came and how long it kept its slot, and has to say how long each waited.
Ends with 1 where the p95 of the waits differ by more than 15 %.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from uuid_utils.compat import uuid7

from ascension.analyses.service import KIND
from ascension.capacity.demand import Jobs
from ascension.capacity.fleet import FleetSettings
from ascension.capacity.scaling import FixedRule
from ascension.capacity.simulation import simulate
from ascension.embedded.stack import Stack
from ascension.infra.database.primary import Database
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs import service
from ascension.jobs.service import JobQueue
from benches.plan_worker import subject_of
from tests.conftest import Engines, describe, new_home, remove_home
from tests.jobs.conftest import run_sql
from tests.platform import Programs

WORKERS, SLOTS = 2, 6
TIERS = {"infinity": 0.1, "premium": 0.3, "free": 0.6}
USERS = 80
MEAN_SLEEP_S, SPREAD, LONGEST_SLEEP_S = 5.0, 0.6, 20.0
CALIBRATION_JOBS, CALIBRATION_SLEEP_S = 144, (0.5, 1.5)
MOST_DIFFERENT = 0.15
PATIENCE_S = 300


@dataclass(frozen=True)
class Real:
    """What the rows say, one entry a job, in the order of arrival. Seconds since the first arrival."""

    created_s: NDArray[np.float64]
    started_s: NDArray[np.float64]
    finished_s: NDArray[np.float64]
    attempts: NDArray[np.int64]


def drawn(count: int, seed: int, load: float) -> Jobs:
    """Poisson arrivals that keep this share of the slots at work; log-normal sleeps; users of all tiers."""
    rng = np.random.default_rng(seed)
    arrive_s = np.cumsum(rng.exponential(MEAN_SLEEP_S / (WORKERS * SLOTS) / load, count))
    user = rng.integers(0, USERS, count)
    bounds = np.cumsum(list(TIERS.values()))
    index: list[int] = np.searchsorted(bounds, (user + 0.5) / USERS).tolist()
    sleep_s = rng.lognormal(np.log(MEAN_SLEEP_S) - SPREAD**2 / 2, SPREAD, count)
    tier = tuple(list(TIERS)[one] for one in index)
    return Jobs(arrive_s, user, tier, np.minimum(sleep_s, LONGEST_SLEEP_S), sleep_s)


def one_after_the_other() -> Jobs:
    """Jobs of as many users that come at once: every slot is at work until the end.

    Of unlike lengths, or all slots would end, and want the database, at the same moment.
    """
    count = CALIBRATION_JOBS
    sleep_s = np.random.default_rng(0).uniform(*CALIBRATION_SLEEP_S, count)
    return Jobs(np.zeros(count), np.arange(count), ("free",) * count, sleep_s, sleep_s)


@dataclass(frozen=True)
class Fleet:
    """Real workers on real engines."""

    engines: Engines
    database: Database
    queue: JobQueue

    async def serve(self, jobs: Jobs) -> Real:
        """Enqueue each job at its time, wait until all are done, read their rows."""
        users = {user: uuid7() for user in sorted(set(jobs.user.tolist()))}
        tiers = dict(zip(jobs.user.tolist(), jobs.tier, strict=True))
        for user, user_id in users.items():
            run_sql(
                self.engines,
                """
                insert into users (id, email, display_name, password_hash, tier) values (%s, %s, '', '', %s)
                """,
                user_id,
                f"{user_id}@example.org",
                tiers[user],
            )
        loop = asyncio.get_running_loop()
        began = loop.time()
        ids: list[object] = []
        for number in range(len(jobs)):
            await asyncio.sleep(max(began + float(jobs.arrive_s[number]) - loop.time(), 0))
            async with self.database.transaction() as tx:
                job_id = await service.enqueue(
                    tx,
                    self.queue,
                    kind=KIND,
                    subject_id=subject_of(float(jobs.service_s[number])),
                    user_id=users[int(jobs.user[number])],
                    tier=jobs.tier[number],
                )
            ids.append(job_id)
        await self._all_done(ids)
        return self._read(ids)

    async def _all_done(self, ids: Sequence[object]) -> None:
        waiting = "select count(*) as n from jobs where id = any(%s) and state in ('queued', 'processing')"
        async with asyncio.timeout(PATIENCE_S):
            while run_sql(self.engines, waiting, ids)[0]["n"]:
                await asyncio.sleep(0.2)

    def _read(self, ids: Sequence[object]) -> Real:
        rows = run_sql(
            self.engines,
            """
            select state, attempt, extract(epoch from created_at)::float8 as created,
                extract(epoch from started_at)::float8 as started,
                extract(epoch from finished_at)::float8 as finished
            from jobs where id = any(%s) order by created_at, id
            """,
            ids,
        )
        assert len(rows) == len(ids)
        assert all(row["state"] == "done" for row in rows), {row["state"] for row in rows}
        table = {name: np.array([row[name] for row in rows]) for name in ("created", "started", "finished")}
        first = table["created"][0]
        return Real(
            table["created"] - first,
            table["started"] - first,
            table["finished"] - first,
            np.array([row["attempt"] for row in rows], dtype=np.int64),
        )


@dataclass(frozen=True)
class Overhead:
    """What a job keeps its slot beside its sleep: within its run, and from its end to the next start.

    Medians, because a machine has better and worse seconds.
    """

    within_s: float
    between_s: float

    @classmethod
    def of(cls, jobs: Jobs, real: Real) -> Self:
        return cls(
            within_s=float(np.median(real.finished_s - real.started_s - jobs.service_s)),
            between_s=float(np.median(_gaps_s(real))),
        )


def _gaps_s(real: Real) -> list[float]:
    """From each end at which somebody waited to the start that it made room for."""
    created_s, starts_s = np.sort(real.created_s), np.sort(real.started_s)
    gaps_s: list[float] = []
    following = 0
    ends_s: list[float] = np.sort(real.finished_s).tolist()
    for end_s in ends_s:
        started = int(np.searchsorted(starts_s, end_s, side="left"))
        following = max(following, started)
        if following < len(starts_s) and np.searchsorted(created_s, end_s, side="right") > following:
            gaps_s.append(float(starts_s[following]) - end_s)
            following += 1
    return gaps_s or [0.0]


def simulated_waits(jobs: Jobs, real: Real, service_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same jobs at the times at which they really came."""
    same = replace(jobs, arrive_s=real.created_s, service_s=service_s)
    fleet = FleetSettings(slots=SLOTS, boot_s=0, admitted_per_user=JobSettings().job_admitted_per_user)
    until_s = float(real.created_s[-1])
    outcome = simulate(same, fleet, FixedRule(WORKERS), until_s=until_s, rng=np.random.default_rng(0))
    return outcome.started_s - same.arrive_s


def report(jobs: Jobs, real: Real, before: Overhead) -> bool:
    """Print both beside each other; True where the p95 agree.

    Simulated twice: with the times that these very runs took, which is what is judged, for it is the queue
    that the simulator claims to know; and as a forecast, from the sleeps and what other jobs cost `before`.
    """
    wait_s, during = real.started_s - real.created_s, Overhead.of(jobs, real)
    simulated_s = simulated_waits(jobs, real, real.finished_s - real.started_s + during.between_s)
    forecast_s = simulated_waits(jobs, real, jobs.service_s + before.within_s + before.between_s)
    table = Table(title=f"{len(jobs)} jobs, {WORKERS} workers x {SLOTS} slots: seconds of waiting")
    for heading in ("", "real", "simulated", "simulated / real", "forecast"):
        table.add_column(heading, justify="right" if heading else "left")
    tier = np.array(jobs.tier)
    groups = {"all": np.ones(len(jobs), dtype=bool), **{name: tier == name for name in TIERS}}
    for name, chosen in groups.items():
        for share in (50, 95, 99):
            a = float(np.percentile(wait_s[chosen], share))
            b = float(np.percentile(simulated_s[chosen], share))
            c = float(np.percentile(forecast_s[chosen], share))
            shown = f"{b / a:.3f}" if a > 0.1 else "-"
            table.add_row(f"{name} ({chosen.sum()}), p{share}", f"{a:.2f}", f"{b:.2f}", shown, f"{c:.2f}")
    Console().print(table)
    for when, cost in (("in this run", during), (f"before it, {CALIBRATION_JOBS} other jobs", before)):
        print(
            f"beside its sleep a job took {cost.within_s * 1000:.0f} ms, and the next started "
            f"{cost.between_s * 1000:.0f} ms later ({when})"
        )
    print(f"most attempts of one job: {real.attempts.max()}")
    ratio, forecast_ratio = (
        float(np.percentile(one, 95) / np.percentile(wait_s, 95)) for one in (simulated_s, forecast_s)
    )
    agrees = abs(ratio - 1) <= MOST_DIFFERENT
    print(f"p95 simulated / real: {ratio:.3f}, {'within' if agrees else 'NOT within'} {MOST_DIFFERENT:.0%}")
    print(f"p95 forecast / real: {forecast_ratio:.3f}")
    return agrees


async def run(engines: Engines, folder: Path, jobs: Jobs) -> tuple[Real, Overhead]:
    """Calibrate, then serve the jobs; the rows, and what a job costs beside its sleep."""
    programs = Programs(engines, folder)
    settings = JobSettings()
    streams = Streams(engines.redis_url)
    try:
        for _ in range(WORKERS):
            await asyncio.to_thread(
                programs.worker,
                "benches.plan_worker",
                str(folder),
                WORKER_CONCURRENCY=str(SLOTS),
                WORKER_COMPUTE_THREADS="1",
            )
        async with Database(engines.api_url, pool_size=2, application="bench-plan") as database:
            fleet = Fleet(engines, database, JobQueue(streams, settings))
            await fleet.serve(one_after_the_other())  # the children start
            calibration = one_after_the_other()
            overhead = Overhead.of(calibration, await fleet.serve(calibration))
            return await fleet.serve(jobs), overhead
    finally:
        await streams.close()
        programs.end()


async def bench(jobs: Jobs) -> bool:
    """The whole comparison on engines of its own."""
    home = new_home()
    stack = Stack(home, durable=False)
    await stack.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            real, overhead = await run(describe(stack), Path(folder), jobs)
    finally:
        stack.kill()
        remove_home(home)
    return report(jobs, real, overhead)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benches.plan")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", type=float, default=0.95, help="share of the slots at work")
    told = parser.parse_args()
    sys.exit(0 if asyncio.run(bench(drawn(told.jobs, told.seed, told.load))) else 1)


if __name__ == "__main__":
    main()
