"""A tab that dies in any phase from filming to the end of an upload: nothing is lost or comes twice."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2 as httpx
from playwright.async_api import BrowserContext, Page, Route

from tests.conftest import Engines
from tests.like_a_clip import like_a_clip
from tests.platform import EXAMPLE, Climber
from tests.web.steps import recorded, throttle, until

MADE_UP_CAMERA = """(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [180, 320];
    const context = canvas.getContext("2d");
    let shade = 0;
    setInterval(() => {
        context.fillStyle = `hsl(${(shade += 7) % 360} 80% 50%)`;
        context.fillRect(0, 0, 180, 320);
    }, 40);
    MediaDevices.prototype.getUserMedia = () => Promise.resolve(canvas.captureStream(25));
})()"""


async def crash(page: Page) -> Page:
    """The phone ends the tab's process; an empty tab of the same browser."""
    session = await page.context.new_cdp_session(page)
    async with page.expect_event("crash"):
        dying = asyncio.create_task(cast(Any, session).send("Page.crash"))  # no answer comes
    dying.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await dying
    await page.close()
    return await page.context.new_page()


@asynccontextmanager
async def lost_answer(context: BrowserContext, address: str) -> AsyncGenerator[asyncio.Event]:
    """Requests to this address reach the platform, and their answers nobody; the event: one was answered."""
    answered = asyncio.Event()

    async def lose(route: Route) -> None:
        if route.request.method != "POST":
            await route.continue_()
            return
        await route.fetch()
        answered.set()
        await asyncio.Event().wait()

    await context.route(address, lose)
    async with asyncio.timeout(30):
        yield answered
    await context.unroute_all(behavior="ignoreErrors")


async def film(page: Page, seconds: float) -> None:
    await page.get_by_test_id("film-wait-0").check(force=True)
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("film-clock").wait_for()
    await page.wait_for_timeout(int(1000 * seconds))


async def through_filming(page: Page, web_url: str) -> Page:
    # while it films
    await page.goto(f"{web_url}/film")
    await film(page, 4.5)
    page = await crash(page)
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("takes-found").wait_for()

    # with a part chosen
    await page.get_by_test_id("take-review").click()
    await page.get_by_test_id("strip-begin").fill("1")
    await page.get_by_test_id("review-use").click()
    row = page.get_by_test_id("take")
    await until(row, "t => t.innerText.includes('part from')")
    page = await crash(page)
    await page.goto(f"{web_url}/film")
    await until(page.get_by_test_id("take"), "t => t.innerText.includes('part from')")

    # while the part is written
    await page.evaluate(
        "() => { FileSystemFileHandle.prototype.createWritable = () => new Promise(() => {}); }"
    )
    await page.get_by_test_id("takes-send").click()
    await page.get_by_text("Preparing").wait_for()
    page = await crash(page)
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("take").wait_for()
    return page


async def through_waiting(page: Page, web_url: str, storage: str) -> Page:
    context = page.context
    # one is being sent, another waits for its turn
    await context.route(f"**//{storage}/**", lambda route: asyncio.Event().wait())
    await page.get_by_test_id("film-choose").set_input_files(EXAMPLE)
    async with page.expect_request(lambda r: r.method == "PUT"):
        await page.get_by_test_id("takes-send").click()
    await page.get_by_test_id("upload").nth(1).wait_for()
    page = await crash(page)
    await context.unroute_all(behavior="ignoreErrors")
    await page.goto(web_url)
    uploads = page.get_by_test_id("upload")
    await uploads.nth(1).wait_for()
    assert await uploads.count() == 2
    return page


async def through_the_end(page: Page, web_url: str, storage: str) -> Page:
    context = page.context
    # all has arrived, and nobody heard so; then the analysis was asked for, and nobody heard so
    chosen = page.get_by_test_id("upload").filter(has_text=EXAMPLE.name)
    async with lost_answer(context, "**/complete") as answered:
        await chosen.get_by_test_id("upload-go-on").click()
        await answered.wait()
        page = await crash(page)
    async with lost_answer(context, "**/api/v1/analyses") as answered:
        with recorded(page, "PUT", storage) as sent:
            await page.goto(web_url)  # the rest costs no data: nobody has to ask for it
            await answered.wait()
        page = await crash(page)
        assert not sent, "what had arrived was sent again"
    await page.goto(web_url)
    await page.get_by_test_id("climb").wait_for()
    uploads = page.get_by_test_id("upload")
    await until(page.locator("body"), "b => b.querySelectorAll('[data-testid=upload]').length === 1")
    await uploads.get_by_test_id("upload-go-on").click()
    await page.get_by_test_id("climb").nth(1).wait_for()
    await uploads.wait_for(state="detached")
    return page


async def test_a_tab_that_dies_in_any_phase_loses_nothing_and_sends_nothing_twice(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    storage = urlsplit(engines.s3_endpoint).netloc
    await page.context.add_init_script(MADE_UP_CAMERA)
    page = await through_filming(page, web_url)
    page = await through_waiting(page, web_url, storage)
    page = await through_the_end(page, web_url, storage)
    rows = (await owner.get("/api/v1/analyses")).json()["items"]
    assert len(rows) == 2
    assert len({row["video"]["file_name"] for row in rows}) == 2
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("viewfinder").wait_for()
    assert await page.get_by_test_id("take").count() == 0


async def test_a_network_cut_at_60_percent_and_a_new_tab_bring_the_clip_whole(
    page: Page, web_url: str, owner: Climber, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(like_a_clip(os.urandom(10_500_000)))
    await page.goto(web_url)
    network = await page.context.new_cdp_session(page)
    await throttle(network, upload_bytes_per_s=1_500_000)
    await page.get_by_test_id("choose").set_input_files(clip)
    upload = page.get_by_test_id("upload")
    await until(upload, "u => Number(u.dataset.percent) >= 60")
    await throttle(network, upload_bytes_per_s=1_500_000, is_cut=True)
    assert 60 <= int(await upload.get_attribute("data-percent") or 0) < 80
    await until(upload, "u => u.innerText.includes('You are offline')")
    page = await crash(page)
    await page.goto(web_url)
    await page.get_by_test_id("upload-go-on").click()
    await page.get_by_test_id("climb").wait_for()
    [analysis] = (await owner.get("/api/v1/analyses")).json()["items"]
    link = (await owner.get(f"/api/v1/videos/{analysis['video']['id']}/playback")).json()["url"]
    async with httpx.AsyncClient() as storage:
        assert (await storage.get(link)).content == clip.read_bytes()
