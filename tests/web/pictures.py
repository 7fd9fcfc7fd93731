"""Pictures of every screen, phone and desktop, for looking at: `make pictures` writes them to build/pictures.

Nothing is asserted here. The picture of the README is one of these.
"""

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from ascension.embedded.stack import Stack
from tests.conftest import describe, new_home, remove_home, unused_port
from tests.platform import EXAMPLE, ROOT, Programs
from tests.web.conftest import ARGUMENTS
from tests.web.steps import register, until

SIZES = {"phone": (390, 844, 2), "desktop": (1280, 800, 1)}
MOMENTS_S = (1.5, 4.5, 8.0)
ANALYSIS_S = 180


async def walk(browser: Browser, url: str, size: str, out: Path) -> None:
    """From the start page to the player, one picture a screen."""
    width, height, scale = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        has_touch=size == "phone",
        color_scheme="dark",
    )
    page = await context.new_page()

    async def take(name: str) -> None:
        await page.screenshot(path=out / f"{size}-{name}.png")

    await page.goto(url)
    await page.get_by_test_id("account-email").wait_for()
    await take("1-start")
    await register(page, url)
    await page.get_by_test_id("empty").wait_for()
    await take("2-empty")
    session = await context.new_cdp_session(page)
    await _throttle(session, upload_bytes_per_s=200_000)
    await page.get_by_test_id("choose").set_input_files(EXAMPLE)
    await page.get_by_test_id("upload").wait_for()
    await page.wait_for_timeout(2500)
    await take("3-upload")
    await _throttle(session, upload_bytes_per_s=-1)
    climb = page.get_by_test_id("climb")
    await climb.wait_for()
    await until(climb, "c => (c.querySelector('[data-percent]')?.dataset.percent ?? 100) > 35", ANALYSIS_S)
    await take("4-progress")
    await until(climb, "c => c.dataset.state === 'completed'", ANALYSIS_S)
    await take("5-list")
    await climb.get_by_role("link").first.click()
    await _player(page, take_at=out / f"{size}-6-player")
    await context.close()


async def _throttle(session: CDPSession, upload_bytes_per_s: int) -> None:
    """A slow way up, so that an upload can be looked at; -1: as fast as it goes."""
    network = {
        "offline": False,
        "latency": 20,
        "downloadThroughput": -1,
        "uploadThroughput": upload_bytes_per_s,
    }
    send = cast(Any, session).send  # its parameters are untyped
    await send("Network.enable")
    await send("Network.emulateNetworkConditions", network)


async def _player(page: Page, take_at: Path) -> None:
    video = page.get_by_test_id("video")
    await until(video, "v => v.readyState >= 2")
    for number, moment_s in enumerate(MOMENTS_S, start=1):
        await video.evaluate("(v, s) => { v.pause(); v.currentTime = s; }", moment_s)
        await until(
            page.get_by_test_id("overlay"),
            f"c => Math.abs(Number(c.dataset.mediaTime) - {moment_s}) < 0.05",
        )
        await page.wait_for_timeout(300)
        await page.screenshot(path=f"{take_at}-{number}.png")
    await page.screenshot(path=f"{take_at}-whole.png", full_page=True)


async def take_pictures(out: Path) -> None:
    """Start everything, walk through it at both sizes, end everything."""
    port = unused_port()
    url = f"http://localhost:{port}"
    home = new_home()
    stack = Stack(home, [url], durable=False)
    await stack.start()
    with TemporaryDirectory() as folder:
        programs = Programs(describe(stack), Path(folder))
        try:
            served = {"WEB_ROOT": str(ROOT / "web" / "dist"), "EXAMPLES_ROOT": str(ROOT / "examples")}
            await asyncio.to_thread(lambda: programs.api_at(port, **served, WEB_ORIGINS=f'["{url}"]'))
            await asyncio.to_thread(programs.worker)
            async with async_playwright() as playwright:
                program = shutil.which("chromium") or shutil.which("google-chrome")
                browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
                for size in SIZES:
                    await walk(browser, url, size, out)
                await browser.close()
        finally:
            await asyncio.to_thread(programs.end)
            stack.kill()
            remove_home(home)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_pictures(folder))
