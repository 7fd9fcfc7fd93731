"""Pictures of every screen, phone and desktop, for looking at: `make pictures` writes them to build/pictures.

With `--seeded` only those that need no analysis. Nothing is asserted here.
The picture of the README is one of these.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from ascension.analyses.result import Caution
from ascension.embedded.stack import Stack
from tests.analyses import outcomes
from tests.conftest import Engines, describe, new_home, remove_home, unused_port
from tests.platform import EXAMPLE, ROOT, Climber, Programs, seeded_climber
from tests.web import seeds
from tests.web.conftest import ARGUMENTS, browser_program
from tests.web.steps import open_climb, register, throttle, until
from tests.web.test_operator import fill_queue, make_operator

SIZES = {"phone": (390, 844, 2), "desktop": (1280, 800, 1)}
MOMENTS_S = (1.5, 4.5, 8.0)
ANALYSIS_S = 180
REMARKS = (
    Caution(code="dark", detail="The picture is dark (12 % of white). Switch on more light."),
    Caution(
        code="body_cut_off",
        detail="The whole body is in view in 61 % of the frames only; limbs outside are guessed. "
        "Step back to 4 to 6 m (13 to 20 ft) or follow the climber.",
    ),
)


@dataclass(frozen=True)
class Camera:
    """Takes pictures of one page, named by size and screen."""

    page: Page
    prefix: Path

    async def take(self, name: str) -> None:
        await self.page.screenshot(path=f"{self.prefix}-{name}.png")


async def walk(browser: Browser, url: str, size: str, out: Path) -> None:
    """From the start page to the player, one picture a screen: what everybody sees."""
    async with _open(browser, size) as page:
        camera = Camera(page, out / size)
        await page.goto(url)
        await page.get_by_test_id("account-email").wait_for()
        await camera.take("1-start")
        await register(page, url)
        await page.get_by_test_id("empty").wait_for()
        await camera.take("2-empty")
        session = await page.context.new_cdp_session(page)
        await throttle(session, upload_bytes_per_s=200_000)
        await page.get_by_test_id("choose").set_input_files(EXAMPLE)
        await page.get_by_test_id("upload").wait_for()
        await page.wait_for_timeout(2500)
        await camera.take("3-upload")
        await throttle(session, upload_bytes_per_s=-1)
        climb = page.get_by_test_id("climb")
        await climb.wait_for()
        await until(
            climb, "c => (c.querySelector('[data-percent]')?.dataset.percent ?? 100) > 35", ANALYSIS_S
        )
        await camera.take("4-progress")
        await until(climb, "c => c.dataset.state === 'completed'", ANALYSIS_S)
        await camera.take("5-list")
        await climb.get_by_role("link").first.click()
        await _player(page, take_at=out / f"{size}-6-player")


async def visit(browser: Browser, engines: Engines, url: str, size: str, out: Path) -> None:
    """The screens between: failures, questions, large text, turned phones, expired videos."""
    async with (
        _open(browser, size, "light") as page,
        seeds.logged_in(page, await seeded_climber(engines, url)) as climber,
    ):
        camera = Camera(page, out / f"{size}-light")
        ready = await seeds.ready_climb(engines, climber)
        await seeds.failed_climb(engines, climber)
        await page.goto(url)
        await page.get_by_test_id("climb").nth(1).wait_for()
        await camera.take("list")
        await page.get_by_test_id("delete").first.click()
        await camera.take("dialog")
        await page.keyboard.press("Escape")
        await page.get_by_test_id("account-menu").click()
        await camera.take("account")
        await page.keyboard.press("Escape")
        await page.route("**/parts", lambda route: route.abort())
        await page.get_by_test_id("choose").set_input_files(EXAMPLE)
        await page.get_by_text("Trying again").first.wait_for()
        await camera.take("upload-trouble")
        await page.get_by_test_id("upload-pause").click()
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await until(page.get_by_test_id("upload"), "u => u.dataset.state === 'unfinished'")
        await camera.take("upload-resume")
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await camera.take("large-text-list")
        await page.evaluate("window.scrollTo(0, 700)")
        await camera.take("large-text-list-2")
        await open_climb(page, url, ready["id"])
        await page.keyboard.press("a")
        await page.get_by_test_id("video").evaluate("v => { v.currentTime = 4.5; }")
        await page.wait_for_timeout(400)
        await camera.take("angles")
        await _odd_shapes(camera, size)
        await _coach(camera)
        await _correction(camera, engines, url, climber, ready["id"])
        wide = await seeds.landscape_climb(engines, climber)
        await open_climb(page, url, wide["id"])
        await camera.take("landscape")
        if size == "phone":
            await page.set_viewport_size({"width": 844, "height": 390})
            await camera.take("landscape-turned")
            await page.set_viewport_size({"width": 390, "height": 844})
        await page.goto(f"{url}/climbs/{ready['id']}")
        await seeds.expire_videos(engines, climber.email)
        await page.reload()
        await page.get_by_test_id("skeleton-alone").wait_for()
        await page.get_by_test_id("overlay").wait_for()
        await page.get_by_test_id("play").click()
        await until(page.get_by_test_id("overlay"), "c => Number(c.dataset.frame) > 30")
        await page.get_by_test_id("play").click()
        await camera.take("expired")
        await _used_up(camera, engines, url, climber)
        await _operations(camera, engines, url, climber)


async def _used_up(camera: Camera, engines: Engines, url: str, climber: Climber) -> None:
    """A month whose analyses are used up, in both languages."""
    page = camera.page
    await seeds.use_up_quota(engines, climber)
    for language in ("en", "fr"):
        await page.goto(url)
        await page.get_by_test_id("account-menu").click()
        await page.get_by_test_id("language").select_option(language)
        await page.reload()
        await page.get_by_test_id("quota-used-up").wait_for()
        await camera.take(f"quota-{language}")


async def _operations(camera: Camera, engines: Engines, url: str, climber: Climber) -> None:
    """A queue with work and dead jobs, in French as the page is by now, then in English."""
    page = camera.page
    await make_operator(engines, climber)
    await fill_queue(engines, climber)
    for language in ("fr", "en"):
        await page.goto(f"{url}/operator")
        await page.get_by_test_id("account-menu").click()
        await page.get_by_test_id("language").select_option(language)
        await page.reload()
        await page.get_by_test_id("job").nth(4).wait_for()
        await page.screenshot(path=f"{camera.prefix}-operator-{language}.png", full_page=True)


async def _correction(camera: Camera, engines: Engines, url: str, climber: Climber, climb_id: str) -> None:
    """Remarks, the wall, somebody else pointed out, the time until it is there, nobody found."""
    page = camera.page
    await seeds.store_result(engines, climb_id, seeds.example_result(warnings=REMARKS))
    await seeds.store_wall_picture(engines, climber, climb_id)
    overlay = await open_climb(page, url, climb_id)
    for _ in range(5):
        await page.keyboard.press("ArrowRight")
    await until(overlay, "c => c.dataset.frame === '150'")
    await page.screenshot(path=f"{camera.prefix}-remarks.png", full_page=True)
    await page.keyboard.press("w")
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await camera.take("wall")
    await _known_length(camera)
    await page.get_by_test_id("not-the-climber").click()
    await page.get_by_test_id("person-2").wait_for()
    await camera.take("who-climbs")
    await page.get_by_test_id("person-2").click()
    await page.get_by_test_id("correction-send").wait_for()
    await camera.take("analyze-again")
    await page.get_by_test_id("correction-send").click()
    await page.get_by_test_id("under-way").wait_for()
    await camera.take("under-way")
    failed = await climber.analyze(EXAMPLE.read_bytes())
    await outcomes.fail(engines, failed)
    await page.goto(f"{url}/climbs/{failed['id']}")
    await page.get_by_test_id("point-out").click()
    await page.get_by_test_id("picking").wait_for()
    await camera.take("nobody-found")


async def _coach(camera: Camera) -> None:
    """Everything that is said of the climb, with the measures unfolded."""
    page = camera.page
    await page.get_by_test_id("advice").wait_for()
    for summary in await page.get_by_test_id("measures").locator("summary").all():
        await summary.click()
    await page.evaluate("window.scrollTo(0, 0)")
    await page.screenshot(path=f"{camera.prefix}-coach.png", full_page=True)


async def _known_length(camera: Camera) -> None:
    """Two points set, the second still held; then how long it is. Left as it was."""
    page = camera.page
    await page.get_by_test_id("known-length").click()
    await page.get_by_test_id("marking").wait_for()
    for place in ((0.2, 0.3), (0.7, 0.35)):
        stage = await page.get_by_test_id("stage").bounding_box()
        assert stage is not None
        await page.mouse.move(stage["x"] + place[0] * stage["width"], stage["y"] + place[1] * stage["height"])
        await page.mouse.down()
        await camera.take("mark-length")
        await page.mouse.up()
    await page.get_by_test_id("mark-next").click()
    await camera.take("how-long")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")


async def _odd_shapes(camera: Camera, size: str) -> None:
    """Text at 200 %, and on a phone: turned on its side, and a screen that the browser's bars make short."""
    page = camera.page
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await camera.take("large-text-player")
    await page.evaluate("document.documentElement.style.fontSize = ''")
    if size == "phone":
        for name, width, height in (("turned", 844, 390), ("short", 390, 664), ("narrow", 320, 568)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.wait_for_timeout(200)
            await camera.take(name)
        await page.set_viewport_size({"width": 390, "height": 844})


@asynccontextmanager
async def _open(
    browser: Browser, size: str, scheme: Literal["dark", "light"] = "dark"
) -> AsyncGenerator[Page]:
    width, height, scale = SIZES[size]
    is_phone = size == "phone"
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        has_touch=is_phone,
        is_mobile=is_phone,
        color_scheme=scheme,
    )
    yield await context.new_page()
    await context.close()


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


async def take_pictures(out: Path, *, only_visits: bool) -> None:
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
            async with async_playwright() as playwright:
                program = browser_program()
                browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
                for size in SIZES:
                    await visit(browser, programs.engines, url, size, out)
                if not only_visits:
                    await asyncio.to_thread(programs.worker)
                    for size in SIZES:
                        await walk(browser, url, size, out)
                await browser.close()
        finally:
            await asyncio.to_thread(programs.end)
            stack.kill()
            remove_home(home)


if __name__ == "__main__":
    folder = (
        Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] != "--seeded" else ROOT / "build" / "pictures"
    )
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_pictures(folder, only_visits="--seeded" in sys.argv))
