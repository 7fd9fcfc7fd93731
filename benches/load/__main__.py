"""`make load`: the documented shape on /health and on whole journeys; then live sockets, and a browser.

Two real API processes, one worker whose jobs take a second without computing, and the real engines. k6 asks
the API processes in turn. The exit status is 1 where a threshold is missed.
"""

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table

from ascension.infra.security import PasswordHasher
from benches import environment
from benches.engines import own_programs
from benches.load import browser, generator, sockets
from benches.load.generator import LOCK, Load, Run, running
from benches.load.processor import Processor, machine_load
from tests.platform import Programs

Part = Literal["health", "journey"]
PARTS = ["health", "journey", "sockets", "browser"]
ALL = "all"  # an empty list is no choice before Python 3.12
SLOTS = 4
EVENTS_PER_S = 100
NEWS_TARGET_MS = 100
REPLICAS = 2
STATISTICS = ("count", "med", "p(95)", "p(99)", "max")
PASSWORDS = ("register", "log in")
NAMED = (
    *(
        "health",
        *PASSWORDS,
        "log out",
        "me",
        "list",
        "open upload",
        "sign part",
        "part to storage",
        "complete",
    ),
    *("ticket", "ask for analysis", "analysis", "result", "result again", "coaching", "playback"),
)
ALL_OF = {"all reads": "kind:read", "all writes": "kind:write"}
HEARD = {"progress to client": "progress_ms", "end to client": "completed_ms"}
WHOLE = {"asked to result": "asked_to_result_ms"}


@dataclass(frozen=True)
class Site:
    """What is under load: addresses, and the process ids behind each name."""

    programs: Programs
    urls: tuple[str, ...]
    pids: dict[str, list[int]]


def start(programs: Programs, *, patient: bool) -> Site:
    """APIs and a worker. `patient`: they shed no load for being late, for machines that others keep busy."""
    patience = {"API_WAIT_S": "30", "API_REQUEST_LIMIT_S": "60"}
    settings = patience if patient else {"API_LAG_LIMIT_S": "0.5"}
    apis = [programs.api(**settings) for _ in range(REPLICAS)]
    program = str(programs.folder / "child")
    worker = programs.worker(
        "tests.chaos.worker", program, WORKER_CONCURRENCY=str(SLOTS), WORKER_COMPUTE_THREADS="1"
    )
    engines = {one.name: [one.pid] for one in programs.engines.stack.engines if one.pid is not None}
    pids = {"API": [process.popen.pid for process, _ in apis], "worker": [worker.popen.pid], **engines}
    return Site(programs, tuple(url for _, url in apis), pids)


async def load(site: Site, part: Part, told: argparse.Namespace) -> bool:
    """One script in the documented shape, and what it measured as a table; did every threshold hold?"""
    wanted = Load(part, told.users, told.short, told.think, site.urls, judges_latency=not told.errors_only)
    console = Console(width=120)
    at_start = machine_load()
    async with running(wanted, site.programs.folder) as run:
        processor = Processor({**site.pids, "k6": [run.process.pid]})
        shares: dict[str, float] = {}
        while run.process.returncode is None:
            shares = processor.shares_pct()
            await asyncio.sleep(1)
    console.print(_table(part, wanted, run))
    console.print(f"{at_start} at the start, {machine_load()} at the end; % of a core, over the whole run:")
    console.print(", ".join(f"{name} {share:.0f}" for name, share in shares.items()))
    if part == "journey":
        console.print(await _passwords(run, shares["API"]))
    for one in run.missed():
        console.print(f"MISSED {one}", style="bold")
    return not run.missed()


def _table(part: Part, wanted: Load, run: Run) -> Table:
    table = Table(title=f"{part}: {wanted.users} users, {'short' if wanted.is_short else 'documented'} form")
    for column in ("what", "times", "p50 ms", "p95 ms", "p99 ms", "max ms"):
        table.add_column(column, justify="left" if column == "what" else "right")
    rows = {name: f"http_req_duration{{name:{name}}}" for name in NAMED}
    rows |= {name: f"http_req_duration{{{tag}}}" for name, tag in ALL_OF.items()} | HEARD | WHOLE
    for name, metric in rows.items():
        figures = [run.figure(metric, one) for one in STATISTICS]
        if figures[0]:
            table.add_row(
                name, f"{figures[0]:.0f}", *(f"{one:.1f}" for one in figures[1:] if one is not None)
            )
    failed = run.figure("http_req_failed", "passes")
    table.add_row("failed requests", f"{failed:.0f}")
    table.add_row("failed checks", f"{run.figure('checks', 'fails'):.0f}")
    return table


async def _passwords(run: Run, api_pct: float) -> str:
    """What of the APIs' processor time went into passwords: one is hashed here, alone."""
    hasher = PasswordHasher()
    before_s = time.process_time()
    await hasher.hash("correct horse battery")
    one_s = time.process_time() - before_s
    times = sum(run.figure(f"http_req_duration{{name:{name}}}", "count") or 0 for name in PASSWORDS)
    took_s = run.summary["state"]["testRunDurationMs"] / 1000
    share = 100 * one_s * times / (api_pct / 100 * took_s)
    return f"{times:.0f} passwords of {1000 * one_s:.0f} ms are {share:.0f} % of the APIs' processor time"


async def live(programs: Programs, told: argparse.Namespace) -> bool:
    """Live sockets; True where events and ends come in time."""
    before = machine_load()
    found = await sockets.measure(programs, told.sockets, EVENTS_PER_S, 10 if told.short else 30)
    table = Table(title=f"{found.sockets} sockets, {EVENTS_PER_S} events/s; {before}")
    for column in ("what", "p50", "p95", "p99"):
        table.add_column(column, justify="left" if column == "what" else "right")
    rows = {"event to client, ms": found.event_ms, "end of a job to client, ms": found.end_ms}
    for name, values in rows.items():
        table.add_row(name, *(f"{sockets.percentile(values, pct):.1f}" for pct in (50, 95, 99)))
    table.add_row("memory per socket, KB", f"{found.bytes_per_socket / 1000:.1f}")
    table.add_row("API, % of a core, idle", f"{found.idle_cpu_pct:.1f}")
    table.add_row("API, % of a core, with events", f"{found.busy_cpu_pct:.1f}")
    Console(width=120).print(table)
    return told.errors_only or all(sockets.percentile(one, 95) <= NEWS_TARGET_MS for one in rows.values())


async def seen(programs: Programs, told: argparse.Namespace) -> bool:
    """The end of a job in a real browser; True where it is shown in time."""
    before = machine_load()
    shown_ms = await browser.measure(programs)
    p50, p95 = sockets.percentile(shown_ms, 50), sockets.percentile(shown_ms, 95)
    sys.stdout.write(
        f"{len(shown_ms)} jobs, commit to the page that shows it: p50 {p50:.1f} ms, p95 {p95:.1f} ms,"
        f" target p95 <= {NEWS_TARGET_MS}; {before}, {machine_load()} at the end\n"
    )
    return told.errors_only or p95 <= NEWS_TARGET_MS


async def measure(told: argparse.Namespace) -> bool:
    """The parts asked for, one after the other, each on engines of its own."""
    good = True
    minutes = dict.fromkeys(PARTS, 1.0) | ({} if told.short else {"health": 9.0, "journey": 9.0})
    alone = {"sockets": live, "browser": seen}
    for part in told.parts:
        ends = time.strftime("%H:%M", time.localtime(time.time() + 60 * minutes[part]))
        sys.stderr.write(f"{part}: until about {ends}\n")
        async with own_programs() as programs:
            if part in alone:
                good = await alone[part](programs, told) and good
                continue
            site = await asyncio.to_thread(start, programs, patient=told.errors_only)
            good = await load(site, part, told) and good
    return good


def main() -> None:
    """Parse the arguments and measure; LOAD_SHORT=1 is --short."""
    parser = argparse.ArgumentParser(prog="benches.load", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, ALL), default=ALL)
    parser.add_argument("--short", action="store_true", default=os.environ.get("LOAD_SHORT") == "1")
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--think", type=float, help="times the pauses of a visit (short form: 0.1)")
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--errors-only", action="store_true", help="judge errors, not latencies")
    parser.add_argument("--lock", action="store_true", help="write the generator's lock anew")
    told = parser.parse_args()
    told.parts = PARTS if ALL in told.parts else told.parts
    told.think = told.think or (0.1 if told.short else 1.0)
    try:
        if told.lock:
            environment.write_lock(LOCK)
        generator.make()
        sys.exit(0 if asyncio.run(measure(told)) else 1)
    except (environment.EnvironmentMissing, browser.BrowserMissing) as error:
        sys.exit(f"load: {error}")


if __name__ == "__main__":
    main()
