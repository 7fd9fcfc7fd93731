"""Chaos: a load of real jobs while workers, the API, the queue and its contents are taken away at random.

Run: `make chaos` or `python -m tests.chaos --jobs 120 --seed 7`. Prints one table; exit 1 if anything was
lost, done twice or left stuck. The seed fixes the order and targets of the faults, not the machine's timing.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
from rich.console import Console
from rich.table import Table

from ascension.embedded.stack import Stack
from ascension.infra.streams import Streams
from tests.clips import short_climb
from tests.conftest import describe, flush_all, new_home, remove_home
from tests.jobs.conftest import children_of, run_sql
from tests.platform import Climber, Process, Programs, new_climber

SETTINGS = {
    "JOB_LEASE_S": "6",
    "JOB_HEARTBEAT_S": "1.5",
    "JOB_REDELIVER_S": "8",
    "JOB_RETRY_DELAY_S": "1",
    "JOB_MAX_ATTEMPTS": "10",
    "WORKER_COMPUTE_THREADS": "1",
    "DATABASE_POOL_SIZE": "5",
}
WORKERS, APIS, CLIMBERS, POISONED = 3, 2, 6, 2
FAULT_EVERY_S = 3.0
DRAIN_S = 300
AUDIT = """
create table chaos_log (job_id uuid, state text, attempt int, at timestamptz default clock_timestamp());
create function chaos_note() returns trigger language plpgsql security definer as $$
begin
    if new.state is distinct from old.state then
        insert into public.chaos_log (job_id, state, attempt) values (new.id, new.state, new.attempt);
    end if;
    return new;
end $$;
create trigger chaos_note after update on jobs for each row execute function chaos_note();
"""


@dataclass
class Run:
    """One chaos run: what is alive, what was done to it."""

    programs: Programs
    stack: Stack
    dice: random.Random
    workers: list[Process] = field(default_factory=list[Process])
    apis: list[tuple[Process, str]] = field(default_factory=list[tuple[Process, str]])
    climbers: list[Climber] = field(default_factory=list[Climber])
    asked_for: list[str] = field(default_factory=list[str])
    faults: Counter[str] = field(default_factory=Counter[str])

    async def begin(self) -> None:
        """Processes, accounts without a quota to speak of, the audit trigger."""
        await asyncio.to_thread(self._start_processes)
        run_sql(self.programs.engines, AUDIT)
        self.climbers = [await new_climber(self.apis[0][1]) for _ in range(CLIMBERS)]
        for number, tier in enumerate(("free", "premium", "infinity") * (CLIMBERS // 3)):
            climber = self.climbers[number]
            run_sql(
                self.programs.engines, "update users set tier = %s where id = %s", tier, climber.user["id"]
            )

    def _start_processes(self) -> None:
        self.apis = [self.programs.api(**SETTINGS) for _ in range(APIS)]
        self.workers = [self.programs.worker(**SETTINGS) for _ in range(WORKERS)]

    async def submit(self, jobs: int) -> None:
        """One upload per climber, then `jobs` analyses of it, each requested through a random API."""
        videos = [await climber.upload(short_climb(4)) for climber in self.climbers]
        for number in range(jobs):
            chosen = number % CLIMBERS
            run_sql(self.programs.engines, "delete from quota_uses")  # quotas are not what is tried here
            await self._request(self.climbers[chosen], videos[chosen]["id"], f"chaos-run-{number:06}")
            await asyncio.sleep(self.dice.uniform(0, 0.3))

    async def _request(self, climber: Climber, video_id: str, key: str) -> None:
        """Ask until an answer comes: the key makes repeating safe. One analysis per video at a time: wait."""
        deadline = time.monotonic() + DRAIN_S
        while time.monotonic() < deadline:
            _, url = self.dice.choice(self.apis)
            try:
                answer = await climber.http.post(
                    f"{url}/api/v1/analyses",
                    json={"video_id": video_id},
                    headers=climber.headers | {"Idempotency-Key": key},
                )
            except httpx.TransportError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code == 201:
                self.asked_for.append(answer.json()["id"])
                return
            if answer.status_code not in (409, 503):
                raise AssertionError(answer.text)
            await asyncio.sleep(0.2)
        raise AssertionError("an analysis could not be requested")

    async def break_things(self, enough: asyncio.Event) -> None:
        """One fault every few seconds, each mended before the end."""
        while not enough.is_set():
            await asyncio.sleep(FAULT_EVERY_S)
            fault = self.dice.choice(
                (
                    self._kill_worker,
                    self._kill_worker,
                    self._kill_child,
                    self._flush,
                    self._restart_queue,
                    self._kill_api,
                    self._deliver_twice,
                )
            )
            await fault()
            self.faults[fault.__name__.removeprefix("_").replace("_", " ")] += 1

    async def _kill_worker(self) -> None:
        victim = self.dice.randrange(WORKERS)
        self.workers[victim].kill()
        self.workers[victim] = await asyncio.to_thread(lambda: self.programs.worker(**SETTINGS))

    async def _kill_child(self) -> None:
        for child in children_of(self.dice.choice(self.workers)):
            child.kill()

    async def _kill_api(self) -> None:
        victim = self.dice.randrange(APIS)
        self.apis[victim][0].kill()
        self.apis[victim] = await asyncio.to_thread(lambda: self.programs.api(**SETTINGS))

    async def _flush(self) -> None:
        await flush_all(self.stack)

    async def _restart_queue(self) -> None:
        queue = self.stack.engine("valkey")
        queue.kill()
        await asyncio.sleep(self.dice.uniform(0, 2))
        await queue.start()

    async def _deliver_twice(self) -> None:
        streams = Streams(self.programs.engines.redis_admin_url)
        for row in run_sql(self.programs.engines, "select id, tier from jobs order by random() limit 20"):
            await streams.add(f"jobs:{row['tier']}", {"id": str(row["id"])}, max_length=10_000)
        await streams.close()

    async def drain(self) -> float:
        """Wait until nothing waits or runs; seconds it took."""
        began = time.monotonic()
        active = "select count(*) as n from jobs where state in ('queued', 'processing')"
        while run_sql(self.programs.engines, active)[0]["n"] and time.monotonic() - began < DRAIN_S:
            await asyncio.sleep(0.2)
        return time.monotonic() - began


def report(run: Run, seconds: float, drain_s: float) -> bool:
    """Print the table; True when nothing was lost, done twice, or left stuck."""
    engines = run.programs.engines
    states = {
        row["state"]: row["n"] for row in run_sql(engines, "select state, count(*) as n from jobs group by 1")
    }
    results = run_sql(engines, "select count(*) as n from analyses where result is not null")[0]["n"]
    twice = run_sql(
        engines,
        "select job_id from chaos_log where state = 'done' group by job_id having count(*) > 1",
    )
    known = {str(row["id"]) for row in run_sql(engines, "select id from analyses")}
    attempts = run_sql(engines, "select max(attempt) as most, sum(attempt) as total from jobs")[0]
    wait_s = run_sql(
        engines,
        """
        select percentile_cont(array[0.5, 0.99, 1]) within group
            (order by extract(epoch from finished_at - created_at)) as q from jobs where state = 'done'
        """,
    )[0]["q"]
    lost = [analysis_id for analysis_id in run.asked_for if analysis_id not in known]
    stuck = states.get("queued", 0) + states.get("processing", 0)
    done = states.get("done", 0)
    table = Table(title="Chaos run", show_header=False)
    for name, value in (
        ("jobs asked for (acknowledged)", len(run.asked_for)),
        ("done", done),
        ("results stored", results),
        ("ended otherwise", {k: v for k, v in states.items() if k != "done"} or 0),
        ("lost", len(lost)),
        ("done twice", len(twice)),
        ("stuck", stuck),
        ("attempts, most of one job / in all", f"{attempts['most']} / {attempts['total']}"),
        ("request to done, s (p50 / p99 / worst)", " / ".join(f"{value:.1f}" for value in wait_s)),
        ("faults", ", ".join(f"{name} {count}" for name, count in sorted(run.faults.items()))),
        ("seconds in all / to drain after the last request", f"{seconds:.0f} / {drain_s:.0f}"),
    ):
        table.add_row(name, str(value))
    Console(width=110).print(table)
    return not lost and not twice and not stuck and done == results == len(run.asked_for)


async def chaos(jobs: int, seed: int) -> bool:
    """One run on engines of its own; True when it holds."""
    home = new_home()
    stack = Stack(home, durable=True)
    await stack.start()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Programs(describe(stack), Path(folder)), stack, random.Random(seed))
        try:
            await run.begin()
            began = time.monotonic()
            enough = asyncio.Event()
            monkey = asyncio.create_task(run.break_things(enough))
            await run.submit(jobs)
            enough.set()
            await monkey
            drain_s = await run.drain()
            return report(run, time.monotonic() - began, drain_s)
        finally:
            for climber in run.climbers:
                await climber.http.aclose()
            await asyncio.to_thread(run.programs.end)
            stack.kill()
            remove_home(home)


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=120)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    sys.exit(0 if asyncio.run(chaos(arguments.jobs, arguments.seed)) else 1)


if __name__ == "__main__":
    main()
