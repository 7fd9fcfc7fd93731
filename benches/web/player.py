"""What a result costs on a climb's page: until its first drawing, until the page is at rest, in memory."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np
from playwright.async_api import BrowserContext, Page

from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import decode, encode
from tests.web.seeds import example_result

QUIET_MS: Final = 1000
"""Without any long task the page is at rest, as Lighthouse counts it, only shorter."""
# Lighthouse's figures for a phone on a slow network; its own name for them was "fast 3G".
NETWORK: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 675_000 / 8,
}
THROTTLE: Final = 4

WATCH: Final = """
window.drawn = null;
window.long = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.long.push(startTime + duration);
}).observe({ type: "longtask", buffered: true });
new MutationObserver(() => {
  if (document.querySelector("[data-testid=overlay][data-frame]")) window.drawn ??= performance.now();
}).observe(document, { childList: true, subtree: true, attributeFilter: ["data-frame"] });
"""
READ: Final = """() => {
  const all = performance.getEntriesByType("resource");
  const results = all.filter(({ name }) => /[/]result([?]|$)/.test(name));
  const rest = Math.max(0, ...window.long);
  return { came: results.at(-1).responseEnd, drawn: window.drawn, rest, now: performance.now() };
}"""


@dataclass(frozen=True)
class Opening:
    """Milliseconds since the navigation began: the result's last byte, first drawing, the page at rest."""

    came: float
    drawn: float
    rest: float


def long_result(frames: int) -> bytes:
    """The example's climb again and again, as long as is asked, read like every climb."""
    one = decode(example_result(is_read=False))
    count = len(one.time_ticks)
    rounds = -(-frames // count)
    step = int(np.median(np.diff(one.time_ticks)))

    def tiled(values: Any) -> Any:
        return None if values is None else np.concatenate([values] * rounds)[:frames]

    person = tiled(one.person)
    numerator, denominator = one.facts.video.time_base
    duration_s = frames * step * numerator / denominator
    video = one.facts.video.model_copy(update={"frame_count": frames, "duration_s": duration_s})
    summary = one.facts.summary.model_copy(
        update={"frame_count": frames, "frames_with_person": int(person.sum()), "duration_s": duration_s}
    )
    long = replace(
        one,
        facts=one.facts.model_copy(update={"video": video, "summary": summary}),
        time_ticks=np.arange(frames, dtype=np.int64) * step,
        person=person,
        landmarks_px=tiled(one.landmarks_px),
        visibility=tiled(one.visibility),
        center_of_mass_px=tiled(one.center_of_mass_px),
        joint_angles_deg=tiled(one.joint_angles_deg),
        center_of_mass_seen_pct=tiled(one.center_of_mass_seen_pct),
        interpolated=tiled(one.interpolated),
        sides_repaired=tiled(one.sides_repaired),
        wall_corners_px=tiled(one.wall_corners_px),
    )
    return encode(with_climb(decode(encode(long)), Choices()))


async def opened(context: BrowserContext, url: str, *, slow: bool) -> tuple[Page, Any, Opening]:
    """A climb's page in a tab of its own, drawn and at rest. `slow`: a phone's processor and network."""
    page = await context.new_page()
    await page.add_init_script(WATCH)
    session = cast(Any, await context.new_cdp_session(page))  # its parameters are untyped
    if slow:
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", NETWORK)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    await page.goto(url)
    await page.locator("[data-testid=overlay][data-frame]").wait_for(timeout=60_000)
    while True:
        told = await page.evaluate(READ)
        settled = max(told["rest"], told["drawn"])
        if told["now"] - settled > QUIET_MS:
            return page, session, Opening(told["came"], told["drawn"], settled)
        await page.wait_for_timeout(200)


async def openings(context: BrowserContext, url: str, rounds: int, *, slow: bool) -> Sequence[Opening]:
    """Each in a new tab; nothing is left over from the one before but the session."""
    found: list[Opening] = []
    for _ in range(rounds):
        page, _, opening = await opened(context, url, slow=slow)
        found.append(opening)
        await page.close()
    return found


async def memory_mb(context: BrowserContext, url: str) -> float:
    """Everything that the page's script holds after a collection, arrays included, and its canvases."""
    page, session, _ = await opened(context, url, slow=False)
    await session.send("HeapProfiler.enable")
    await session.send("HeapProfiler.collectGarbage")
    heap = await session.send("Runtime.getHeapUsage")
    canvases = await page.evaluate(
        """() => [...document.querySelectorAll("canvas")]
            .reduce((sum, { width, height }) => sum + 4 * width * height, 0)"""
    )
    await page.close()
    parts = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
    return (sum(float(heap.get(part, 0)) for part in parts) + float(canvases)) / 1e6


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)
