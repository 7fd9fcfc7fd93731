"""What a user sees: from the commit that completes an analysis to the page that shows it, in a real Chromium.

The page is the built client, open on the list of climbs. It notes by its own observer when a climb's card
says "completed"; the row says when the transaction that completed it began, so the commit is included. Both
read the clock of this machine.
"""

import asyncio
import json
from collections.abc import Sequence

from playwright.async_api import Page, async_playwright

from benches.load.sockets import JOBS
from tests.chaos.compute import cheap_clip
from tests.conftest import unused_port
from tests.jobs.rows import run_sql
from tests.platform import ROOT, Climber, Programs, new_climber
from tests.web.conftest import ARGUMENTS, PHONE, whole_browser
from tests.web.seeds import logged_in

SECONDS = 1.0
"""Of a job: long enough that its climb is on the page before it ends."""
END_S = 60
_OBSERVE = """
() => {
  window.shown = {};
  const look = () => {
    const at = performance.timeOrigin + performance.now();
    for (const card of document.querySelectorAll("[data-testid=climb][data-state=completed]"))
      window.shown[card.dataset.id] ??= at;
  };
  new MutationObserver(look).observe(document, {attributes: true, childList: true, subtree: true});
}
"""


class BrowserMissing(Exception):
    """There is no Chromium: install it with `apt-get install -y chromium`."""


async def measure(programs: Programs) -> Sequence[float]:
    """Milliseconds of each of `JOBS` analyses, one after the other. Raises BrowserMissing."""
    program = whole_browser()
    if program is None:
        raise BrowserMissing(BrowserMissing.__doc__)
    port = unused_port()
    url = f"http://localhost:{port}"
    served = {"WEB_ROOT": str(ROOT / "web/dist"), "WEB_ORIGINS": json.dumps([url])}
    await asyncio.to_thread(lambda: programs.api_at(port, **served))
    child = str(programs.folder / "child-of-browser")
    await asyncio.to_thread(programs.worker, "tests.chaos.worker", child, WORKER_COMPUTE_THREADS="1")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        page = await browser.new_page(viewport=PHONE)
        try:
            async with logged_in(page, await new_climber(url)) as climber:
                run_sql(
                    programs.engines, "update users set tier = 'infinity' where id = %s", climber.user["id"]
                )
                return await _shown_ms(programs, climber, page, url)
        finally:
            await browser.close()


async def _shown_ms(programs: Programs, climber: Climber, page: Page, url: str) -> list[float]:
    await page.goto(url)
    await page.locator("[data-testid=connection][data-live=true]").wait_for(state="attached")
    await page.evaluate(_OBSERVE)
    shown: dict[str, float] = {}
    for number in range(JOBS):
        analysis = await climber.analyze(cheap_clip("computes", seconds=SECONDS, nonce=number))
        card = page.locator(f"[data-id='{analysis['id']}'][data-state=completed]")
        await card.wait_for(timeout=END_S * 1000)
        shown = await page.evaluate("window.shown")
    ended = run_sql(
        programs.engines,
        "select subject_id, extract(epoch from finished_at)::float8 as at from jobs where user_id = %s",
        climber.user["id"],
    )
    return [shown[str(row["subject_id"])] - 1000 * row["at"] for row in ended]
