"""`make bench-web`: three pages by Lighthouse, then what a result costs. 1 where a target is missed.

A platform of its own: real engines, API and worker, the example climb really analyzed. Longer climbs are the
example again and again, stored as a worker would.
"""

import argparse
import asyncio
import json
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from playwright.async_api import BrowserContext, async_playwright
from rich.console import Console

from benches import page as document
from benches.engines import own_programs
from benches.web import lighthouse, player
from tests.conftest import unused_port
from tests.platform import EXAMPLE, ROOT, Climber, Programs, new_climber, until
from tests.web.conftest import ARGUMENTS, PHONE, whole_browser
from tests.web.seeds import logged_in, ready_climb, store_result

TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100}
SCRIPT_KB, INTERACTIVE_S, DRAWN_MS, MEMORY_MB = 120, 2.0, 100, 150
FRAMES, LONG_FRAMES = 900, 18_000


@dataclass(frozen=True)
class Row:
    """One figure and its target: at most, or at least."""

    what: str
    value: float
    target: float
    unit: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        shown = f"{self.value:.0f}" if self.value >= 100 or self.at_least else f"{self.value:.2g}"
        verdict = "holds" if self.holds else "**missed**"
        return f"| {self.what} | {shown}{self.unit} | {sign} {self.target:g}{self.unit} | {verdict} |"


@asynccontextmanager
async def phone(folder: Path) -> AsyncGenerator[BrowserContext]:
    """A Chromium in hand, whose profile lies in this folder."""
    program = whole_browser()
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder,
            executable_path=program,
            args=list(ARGUMENTS),
            viewport=PHONE,
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
        )
        yield context
        await context.close()


@asynccontextmanager
async def browser_alone(port: int, folder: Path) -> AsyncGenerator[str]:
    """The address of a Chromium on this profile that only Lighthouse looks at.

    Who holds a page in hand has scripts of their own in it, and hears of all it does: that takes its time.
    """
    program = whole_browser()
    assert program is not None
    options = (*ARGUMENTS, "--headless", f"--remote-debugging-port={port}", f"--user-data-dir={folder}")
    process = await asyncio.create_subprocess_exec(
        program, *options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def forget_app(context: BrowserContext, url: str) -> None:
    """Nothing of the app is on the device: no worker, no kept file, no cache."""
    page = await context.new_page()
    session = cast(Any, await context.new_cdp_session(page))  # its parameters are untyped
    await session.send("Network.clearBrowserCache")
    await session.send(
        "Storage.clearDataForOrigin", {"origin": url, "storageTypes": "service_workers,cache_storage"}
    )
    await page.close()


async def judged(pages: dict[str, str], profile: Path, reports: Path, rounds: int) -> list[Row]:
    """What Lighthouse says of each page; the median round counts for speed, the worst for the rest."""
    port = unused_port()
    async with browser_alone(port, profile) as address, async_playwright() as playwright:
        seen: dict[str, list[lighthouse.Verdict]] = {name: [] for name in pages}
        for name, url in pages.items():
            for number in range(rounds):
                browser = await playwright.chromium.connect_over_cdp(address)
                await forget_app(browser.contexts[0], url)
                await browser.close()  # lets go of it
                seen[name].append(await lighthouse.look(url, port, reports / f"{name}-{number}.json"))
    return [row for name, verdicts in seen.items() for row in rows_of(name, verdicts)]


def rows_of(name: str, seen: list[lighthouse.Verdict]) -> list[Row]:
    """The scores of one page; what they come from is printed."""
    rows: list[Row] = []
    for category, target in TARGETS.items():
        scores = [one.scores[category] for one in seen]
        score = player.middle(scores) if category == "performance" else min(scores)
        rows.append(Row(f"{name}: {category}", score, target, at_least=True))
    for one in seen:
        print(
            f"{name}: performance {one.scores['performance']}, first paint {one.first_paint_s:.1f} s,"
            f" largest {one.largest_paint_s:.1f} s, blocked {one.blocking_ms:.0f} ms, shift {one.shift:.3f},"
            f" script {one.script_kb:.0f} kB, not perfect: {', '.join(one.misses) or 'nothing'}"
        )
    if name == "start":
        rows.append(Row("start: script, compressed", seen[-1].script_kb, SCRIPT_KB, " kB"))
    return rows


async def climbed(programs: Programs, climber: Climber) -> dict[str, str]:
    """Ids: the example as a worker analyzed it, and two longer climbs."""
    await asyncio.to_thread(programs.worker)
    real = await climber.analyze(EXAMPLE.read_bytes())
    ended = await climber.wait(real["id"], timeout_s=600)
    assert ended["state"] == "completed", ended
    found = {"real": real["id"]}
    for name, frames in (("900", FRAMES), ("long", LONG_FRAMES)):
        made = await ready_climb(programs.engines, climber)
        await store_result(programs.engines, made["id"], player.long_result(frames))
        found[name] = made["id"]
    return found


async def costs(context: BrowserContext, url: str, ids: dict[str, str], rounds: int) -> list[Row]:
    """What a result costs once it is there."""
    slow = await player.openings(context, f"{url}/climbs/{ids['real']}", rounds, slow=True)
    quick = await player.openings(context, f"{url}/climbs/{ids['900']}", rounds, slow=False)
    throttled = await player.openings(context, f"{url}/climbs/{ids['900']}", rounds, slow=True)
    print(
        f"climb at 4x throttle on slow network, since the navigation: result"
        f" {player.middle([one.came for one in slow]):.0f} ms,"
        f" drawn {player.middle([one.drawn for one in slow]):.0f} ms,"
        f" at rest {player.middle([one.rest for one in slow]):.0f} ms; 900 frames drawn at 4x throttle after"
        f" {player.middle([one.drawn - one.came for one in throttled]):.0f} ms"
    )
    return [
        Row(
            "climb: result there to page at rest, 4x throttle, slow network",
            player.middle([one.rest - one.came for one in slow]) / 1000,
            INTERACTIVE_S,
            " s",
        ),
        Row(
            "900 frames: result there to first drawing",
            player.middle([one.drawn - one.came for one in quick]),
            DRAWN_MS,
            " ms",
        ),
        Row(
            "10 min clip: memory of the page's script",
            await player.memory_mb(context, f"{url}/climbs/{ids['long']}"),
            MEMORY_MB,
            " MB",
        ),
    ]


async def measure(rounds: int, kept: Path | None) -> list[Row]:
    """Everything, on engines that end with it. `kept`: where Lighthouse's reports stay."""
    lighthouse.install()
    port = unused_port()
    url = f"http://localhost:{port}"
    served = {
        "WEB_ROOT": str(ROOT / "web/dist"),
        "EXAMPLES_ROOT": str(ROOT / "examples"),
        "WEB_ORIGINS": json.dumps([url]),
    }
    async with own_programs(web_origins=[url]) as programs:
        await asyncio.to_thread(lambda: programs.api_at(port, **served))
        with TemporaryDirectory() as folder:
            profile, reports = Path(folder) / "profile", kept or Path(folder)
            rows = await judged({"start": url}, profile, reports, rounds)
            async with phone(profile) as context:
                page = context.pages[0]
                async with logged_in(page, await new_climber(url)) as climber:
                    ids = await climbed(programs, climber)
                    await page.goto(url)
                    await page.get_by_test_id("climb").first.wait_for()
                    await page.goto("about:blank")  # one page at a time renews the session
                    cost = await costs(context, url, ids, rounds)
            rows += await judged(
                {"list": url, "climb": f"{url}/climbs/{ids['real']}"}, profile, reports, rounds
            )
            return rows + cost


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-web")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--reports", type=Path, help="keep what Lighthouse says in this folder")
    told = parser.parse_args()
    rows = asyncio.run(measure(told.rounds, told.reports))
    head = "| what | measured | target | |\n|---|---|---|---|"
    table = "\n".join([document.provenance(told.rounds), "", head, *(row.line() for row in rows)])
    Console(width=140).print(table, markup=False, highlight=False)
    if told.write:
        document.put(table, "web table")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
