"""Filming on the page: a camera that shows the example climb, cutting, what is found again, refusals."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import av
import httpx2 as httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.clips import read_pictures
from tests.conftest import Engines
from tests.platform import EXAMPLE, Climber, Programs, new_climber
from tests.web import seeds
from tests.web.conftest import ARGUMENTS, PHONE, browser_program, is_forbidden
from tests.web.steps import fill_up, open_climb, recorded, tab_to, until
from tests.web.test_accessibility import AUDIT, AXE, DOUBLE_IDS, SMALL_TARGETS

pytestmark = pytest.mark.usefixtures("owner")
FILMED_FRAMES = 240
LEFT_BEHIND = """() => new Promise((resolve) => {
    const request = indexedDB.open("ascension.filming");
    request.onsuccess = () => {
        const database = request.result;
        const names = [...database.objectStoreNames];
        if (names.length === 0) { database.close(); resolve(0); return; }
        const asked = database.transaction("pieces").objectStore("pieces").count();
        asked.onsuccess = () => { database.close(); resolve(asked.result); };
    };
})"""
TURNED = """([beta, gamma]) => {
    window.dispatchEvent(new DeviceOrientationEvent("deviceorientation", { alpha: 0, beta, gamma }));
}"""
DARK_CAMERA = """(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [540, 960];
    const context = canvas.getContext("2d");
    globalThis.shade = 8;
    setInterval(() => {
        context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
        context.fillRect(0, 0, 540, 960);
        for (let spot = 0; spot < 600; spot += 1) {
            context.fillStyle = `rgb(${shade * 2}, ${shade * 2}, ${shade * 2})`;
            context.fillRect((spot * 97) % 540, (spot * 61) % 960, 6, 6);
        }
    }, 40);
    const stream = () => Promise.resolve(canvas.captureStream(25));
    MediaDevices.prototype.getUserMedia = stream;
})()"""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example climb, as Chromium's camera of tests plays it over and over."""
    path = tmp_path_factory.mktemp("film") / "climb.mjpeg"
    made: Any = av.open(path, "w", format="mjpeg")
    with made:
        stream: Any = None
        for picture in read_pictures(EXAMPLE, FILMED_FRAMES):
            if stream is None:
                stream = made.add_stream("mjpeg", rate=30, options={"q:v": "3"})
                stream.height, stream.width, stream.pix_fmt = picture.shape[0], picture.shape[1], "yuvj420p"
            made.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(stream.encode(None))
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def filming_browser(film: Path) -> AsyncIterator[Browser]:
    """Chromium with a camera that shows the example."""
    program = browser_program(whole=True)  # cameras are not the shell's
    async with async_playwright() as playwright:
        camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
        browser = await playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *camera])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(filming_browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone whose camera is allowed; script errors and what the policies forbid fail the test."""
    context = await filming_browser.new_context(
        viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True, permissions=["camera"]
    )
    context.set_default_timeout(30_000)
    errors: list[str] = []
    context.on("console", lambda said: errors.append(said.text) if is_forbidden(said) else None)
    context.on("page", lambda page: page.on("pageerror", lambda error: errors.append(str(error))))
    yield context
    await context.close()
    # of the empty page before the first one, where nothing may be remembered
    assert not [error for error in errors if "localStorage" not in error], errors


@pytest_asyncio.fixture(loop_scope="session")
async def page(phone: BrowserContext) -> Page:
    return await phone.new_page()


async def film_for(page: Page, seconds: float) -> None:
    """Film without a countdown, and stop."""
    await page.get_by_test_id("film-wait-0").check(force=True)
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("film-clock").wait_for()
    await page.wait_for_timeout(int(1000 * seconds))
    await page.get_by_test_id("film-stop").click()
    await page.get_by_test_id("review").wait_for()


async def only_climb(climber: Climber) -> dict[str, Any]:
    (analysis,) = (await climber.get("/api/v1/analyses")).json()["items"]
    return cast("dict[str, Any]", analysis)


async def stored(climber: Climber, analysis: dict[str, Any], path: Path) -> Path:
    """The clip as it lies in storage."""
    link = (await climber.get(f"/api/v1/videos/{analysis['video']['id']}/playback")).json()["url"]
    async with httpx.AsyncClient(timeout=60) as storage:
        content = (await storage.get(link)).content
    await asyncio.to_thread(path.write_bytes, content)
    return path


def frames_of(path: Path) -> tuple[int, float]:
    """How many frames can be decoded, and how long the file says it is."""
    with av.open(path) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        count = sum(1 for _ in container.decode(video=0))
        return count, float((container.duration or 0) / av.time_base)


@pytest.mark.parametrize("kind", [pytest.param("mp4", marks=pytest.mark.thorough), "webm"])
async def test_filmed_cut_sent_analyzed_and_played_from_the_phone(
    page: Page, web_url: str, engines: Engines, owner: Climber, programs: Programs, tmp_path: Path, kind: str
) -> None:
    programs.worker()
    if kind == "webm":
        await page.add_init_script("MediaRecorder.isTypeSupported = (type) => type.startsWith('video/webm')")
    await page.goto(web_url)
    await page.get_by_test_id("film").click()
    await until(page.get_by_test_id("film-video"), "v => v.videoWidth > 0")
    if kind == "mp4" and not await page.evaluate("MediaRecorder.isTypeSupported('video/mp4')"):
        pytest.skip("this Chromium films no MP4")
    await film_for(page, 4)
    begin = page.get_by_test_id("strip-begin")
    await begin.wait_for()
    length_s = float(await begin.get_attribute("max") or 0)
    assert 3 < length_s < 6
    await begin.focus()
    for _ in range(10):
        await page.keyboard.press("ArrowRight")  # one second
    await page.get_by_test_id("strip-end").focus()
    for _ in range(10):
        await page.keyboard.press("ArrowLeft")
    part = page.get_by_test_id("review-part")
    await until(part, "p => p.dataset.real !== ''")
    real_s = float(await part.get_attribute("data-real") or -1)
    assert real_s <= 1.05
    await page.get_by_test_id("review-use").click()
    await page.get_by_test_id("takes-send").click()
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'completed'", timeout_s=120)
    assert await page.evaluate(LEFT_BEHIND) == 0, "the film stays twice"

    analysis = await only_climb(owner)
    assert analysis["video"]["file_name"].endswith(f".{kind}")
    count, declared_s = frames_of(await stored(owner, analysis, tmp_path / f"sent.{kind}"))
    assert declared_s == pytest.approx(length_s - 1 - real_s, abs=0.7), "no length, or another part"
    assert count > 10
    with recorded(page, "GET", urlsplit(engines.s3_endpoint).netloc) as fetched:
        overlay = await open_climb(page, web_url, analysis["id"])
        frame = await overlay.get_attribute("data-frame")
        await page.get_by_test_id("step-forward").click()
        await until(overlay, f"c => c.dataset.frame !== '{frame}'")
    assert not [one for one in fetched if kind in one.url], "the clip was downloaded"


@pytest.mark.thorough
async def test_a_film_as_the_browser_writes_it_is_analyzed_and_can_be_scrubbed(
    page: Page, web_url: str, owner: Climber, programs: Programs, tmp_path: Path
) -> None:
    programs.worker()
    await page.add_init_script(
        "MediaRecorder.isTypeSupported = (type) => type.startsWith('video/webm');"
        "delete FileSystemFileHandle.prototype.createWritable"  # nothing can write it anew
    )
    await page.goto(f"{web_url}/film")
    await film_for(page, 4)
    await page.get_by_text("cannot cut clips").wait_for()
    await page.get_by_test_id("review-use").click()
    await page.get_by_test_id("takes-send").click()
    await until(page.get_by_test_id("climb"), "c => c.dataset.state === 'completed'", timeout_s=120)
    analysis = await only_climb(owner)
    _, declared_s = frames_of(await stored(owner, analysis, tmp_path / "sent.webm"))
    assert declared_s <= 0, "it was written anew"
    await page.goto(f"{web_url}/account")
    await page.get_by_test_id("device-clip-remove").click()  # from storage
    await page.get_by_test_id("device-clips-none").wait_for()
    overlay = await open_climb(page, web_url, analysis["id"])
    assert str(await page.get_by_test_id("video").evaluate("v => v.currentSrc")).startswith("http")
    timeline = page.get_by_test_id("timeline")
    await timeline.focus()
    await page.keyboard.press("End")
    await until(overlay, "c => Number(c.dataset.mediaTime) > 3")
    await page.keyboard.press("Home")
    await until(overlay, "c => Number(c.dataset.frame) === 0")


async def test_a_film_broken_off_by_a_crash_is_found_again_and_sent_or_discarded(
    page: Page, phone: BrowserContext, web_url: str, owner: Climber, tmp_path: Path
) -> None:
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("film-wait-0").check(force=True)
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("film-clock").wait_for()
    await page.wait_for_timeout(4500)
    await page.close(run_before_unload=False)
    again = await phone.new_page()
    await again.goto(f"{web_url}/film")
    await again.get_by_test_id("takes-found").wait_for()
    take = again.get_by_test_id("take")
    assert float((await take.inner_text()).split(" s")[0].split("\n")[-1]) >= 3
    await again.get_by_test_id("takes-send").click()
    await again.get_by_test_id("climb").wait_for()
    count, _ = frames_of(await stored(owner, await only_climb(owner), tmp_path / "found"))
    assert count > 20


async def test_several_attempts_go_up_together_in_order(page: Page, web_url: str, owner: Climber) -> None:
    await page.goto(f"{web_url}/film")
    await film_for(page, 1.5)
    await page.get_by_test_id("review-next").click()
    await film_for(page, 1.5)
    await page.get_by_test_id("review-again").click()
    await film_for(page, 1.5)
    await page.get_by_test_id("review-use").click()
    await page.get_by_test_id("film-choose").set_input_files(EXAMPLE)
    takes = page.get_by_test_id("take")
    assert await takes.count() == 3
    names = [await takes.nth(number).locator("strong").inner_text() for number in range(3)]
    assert names == sorted(names)
    await page.get_by_test_id("takes-send").click()
    await page.get_by_test_id("climb").nth(2).wait_for()
    rows = (await owner.get("/api/v1/analyses")).json()["items"]
    sent = [row["video"]["file_name"] for row in reversed(rows)]
    assert [Path(name).stem for name in sent] == [Path(name).stem for name in names]
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("viewfinder").wait_for()
    assert await page.get_by_test_id("take").count() == 0


async def test_a_chosen_clip_is_cut_before_it_is_sent(
    page: Page, web_url: str, owner: Climber, tmp_path: Path
) -> None:
    await page.goto(f"{web_url}/film?cut")
    await page.get_by_test_id("film-choose").set_input_files(EXAMPLE)
    await page.get_by_test_id("take-review").click()
    await page.get_by_test_id("strip-begin").fill("6")
    await page.get_by_test_id("strip-end").fill("8")
    part = page.get_by_test_id("review-part")
    await until(part, "p => p.dataset.real !== ''")
    real_s = float(await part.get_attribute("data-real") or -1)
    assert await part.inner_text() != ""
    await page.get_by_test_id("review-use").click()
    await page.get_by_test_id("takes-send").click()
    await page.get_by_test_id("climb").wait_for()
    analysis = await only_climb(owner)
    sent = await stored(owner, analysis, tmp_path / "sent.mp4")
    count, declared_s = frames_of(sent)
    wanted = round((8 - real_s) * 30)
    assert wanted <= count <= wanted + 3, (
        "pictures after the end are there only where one before it needs them"
    )
    assert declared_s == pytest.approx(8 - real_s, abs=0.15)
    whole = read_pictures(EXAMPLE)
    assert (read_pictures(sent, 1)[0] == whole[round(real_s * 30)]).all(), "another picture, or coded anew"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "allow the camera"),
        ("NotFoundError", "No camera was found"),
        ("NotReadableError", "Another app"),
    ],
)
async def test_a_camera_that_does_not_come_says_what_to_do_and_files_are_the_way_out(
    page: Page, web_url: str, name: str, words: str
) -> None:
    await page.add_init_script(
        "const real = MediaDevices.prototype.getUserMedia;"
        f"MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException('', '{name}'));"
        "globalThis.giveBack = () => { MediaDevices.prototype.getUserMedia = real; }"
    )
    await page.goto(f"{web_url}/film")
    trouble = page.get_by_test_id("camera-trouble")
    await trouble.wait_for()
    assert words in await trouble.inner_text()
    await page.get_by_test_id("film-choose").wait_for(state="attached")
    await page.evaluate("giveBack()")
    await page.get_by_test_id("camera-again").click()
    await page.get_by_test_id("viewfinder").wait_for()


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("delete MediaDevices.prototype.getUserMedia", "getUserMedia is missing"),
        ("delete window.MediaRecorder", "MediaRecorder is missing"),
        ("StorageManager.prototype.estimate = () => Promise.resolve({ quota: 9e6, usage: 0 })", "no room"),
    ],
)
async def test_what_the_browser_lacks_is_named(page: Page, web_url: str, missing: str, words: str) -> None:
    await page.add_init_script(missing)
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("camera-trouble").get_by_text(words).wait_for()
    await page.get_by_test_id("film-choose").set_input_files(EXAMPLE)
    await page.get_by_test_id("takes-send").click()
    await page.get_by_test_id("climb").wait_for()


async def test_a_browser_that_keeps_nothing_films_nothing_and_says_so(page: Page, web_url: str) -> None:
    await page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('refused') }")
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("film-wait-0").check(force=True)
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("camera-trouble").get_by_text("IndexedDB").wait_for()


@pytest.mark.thorough
async def test_a_device_that_fills_up_while_filming_keeps_what_was_filmed(page: Page, web_url: str) -> None:
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("film-wait-0").check(force=True)
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("film-clock").wait_for()
    await page.wait_for_timeout(2500)
    await fill_up(page, web_url)
    ending = page.get_by_test_id("film-ending")
    await ending.wait_for()
    assert "no more room" in await ending.inner_text()
    await page.get_by_test_id("review").wait_for()


async def test_a_film_stays_in_the_list_where_the_device_has_no_room_for_a_second_copy(
    page: Page, web_url: str
) -> None:
    await page.goto(f"{web_url}/film")
    await film_for(page, 1.5)
    await page.get_by_test_id("review-use").click()
    await page.evaluate("StorageManager.prototype.estimate = async () => ({ quota: 1000, usage: 0 })")
    await page.get_by_test_id("takes-send").click()
    await page.get_by_text("stays in this list").first.wait_for()
    await page.get_by_test_id("climb").wait_for()
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("take").wait_for()


async def test_the_phone_may_be_laid_down_first_and_the_start_may_be_taken_back(
    page: Page, web_url: str
) -> None:
    await page.goto(f"{web_url}/film")
    await page.get_by_test_id("film-wait-3").check(force=True)
    await page.get_by_test_id("film-start").click()
    count = page.get_by_test_id("film-count")
    await until(count, "c => c.innerText.trim() === '2'")
    await page.get_by_test_id("film-stop").click()
    await until(page.get_by_test_id("viewfinder"), "v => v.dataset.phase === 'ready'")
    await page.reload()
    assert await page.get_by_test_id("film-wait-3").is_checked(), "the wait is remembered"
    await page.get_by_test_id("film-start").click()
    await page.get_by_test_id("film-clock").wait_for()
    await page.get_by_test_id("film-stop").click()
    await page.get_by_test_id("review").wait_for()


async def test_hints_say_what_is_too_dark_and_that_the_phone_is_tilted(page: Page, web_url: str) -> None:
    await page.add_init_script(DARK_CAMERA)
    await page.goto(f"{web_url}/film")
    view, hint = page.get_by_test_id("viewfinder"), page.get_by_test_id("film-hint")
    await until(view, "v => v.dataset.hints.includes('dark')")
    assert "Too dark" in await hint.inner_text()
    await page.evaluate("shade = 90")
    await until(view, "v => !v.dataset.hints.includes('dark')")
    level = page.get_by_test_id("film-level")
    await page.evaluate(TURNED, [60, -30])
    await until(level, "l => l.dataset.level === 'false'")
    await until(view, "v => v.dataset.hints.includes('tilted')")
    await page.evaluate(TURNED, [88, 0])
    await until(level, "l => l.dataset.level === 'true'")


async def press(page: Page, test_id: str) -> None:
    """As somebody without a mouse does."""
    await page.get_by_test_id(test_id).wait_for()
    await tab_to(page, test_id)
    await page.keyboard.press("Enter")


NARROW, PHONE_SIZE, DESKTOP = (320, 640), (390, 844), (1280, 900)
LOOKS = [(*NARROW, "light"), (*PHONE_SIZE, "dark")]
MORE_LOOKS = [(*NARROW, "dark"), (*PHONE_SIZE, "light"), (*DESKTOP, "light"), (*DESKTOP, "dark")]


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [*LOOKS, *(pytest.param(*look, marks=pytest.mark.thorough) for look in MORE_LOOKS)],
)
async def test_no_screen_of_filming_has_a_finding_of_the_audit_or_a_small_target(
    filming_browser: Browser, web_url: str, scheme: Literal["light", "dark"], width: int, height: int
) -> None:
    context = await filming_browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        permissions=["camera"],
        service_workers="block",
    )
    context.set_default_timeout(30_000)
    await context.add_init_script(path=AXE)
    page = await context.new_page()
    found: dict[str, Any] = {}

    async def look(name: str) -> None:
        found[name] = []
        for question in (AUDIT, SMALL_TARGETS, DOUBLE_IDS):
            found[name] += await page.evaluate(question)
        for text_pct in (200, 100):
            await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[name].append(f"wider than the screen with text at {text_pct} %")

    async with seeds.logged_in(page, await new_climber(web_url)):
        await page.goto(f"{web_url}/film")
        await until(page.get_by_test_id("film-video"), "v => v.videoWidth > 0")
        await page.evaluate(TURNED, [60, -30])
        await look("viewfinder")
        await page.get_by_test_id("film-wait-0").check(force=True)
        await press(page, "film-start")
        await page.get_by_test_id("film-clock").wait_for()
        await look("filming")
        await page.wait_for_timeout(1500)
        await press(page, "film-stop")
        await page.get_by_test_id("strip").wait_for()
        await look("review")
        await press(page, "review-use")
        await page.get_by_test_id("takes").wait_for()
        await look("clips to send")
    await context.close()
    assert not any(found.values()), found
