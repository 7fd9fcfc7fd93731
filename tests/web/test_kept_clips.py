"""Clips that stay in the browser: played without a download, bounded, listed, gone when they have to be."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from tests.conftest import Engines
from tests.platform import EXAMPLE, Climber, new_climber
from tests.web import seeds
from tests.web.steps import log_in, open_climb, recorded, until

HERE = """() => new Promise((resolve) => {
    const request = indexedDB.open("ascension.uploads");
    request.onsuccess = () => {
        const database = request.result;
        if (database.objectStoreNames.length < 2) { database.close(); resolve([]); return; }
        const asked = database.transaction("clips").objectStore("clips").getAll();
        asked.onsuccess = () => {
            database.close();
            resolve(asked.result.map(({ name, videoId }) => [name, videoId]));
        };
    };
})"""


async def send(page: Page, engines: Engines, climber: Climber, path: Path = EXAMPLE) -> str:
    """Send a clip by the page, and let it be analyzed as the example is; its analysis."""
    before = {one["id"] for one in (await climber.get("/api/v1/analyses")).json()["items"]}
    await page.get_by_test_id("choose").set_input_files(path)
    await until(
        page.get_by_test_id("climb").first,
        f"c => document.querySelectorAll('[data-testid=climb]').length > {len(before)}",
    )
    rows = (await climber.get("/api/v1/analyses")).json()["items"]
    (analysis,) = [one for one in rows if one["id"] not in before]
    await seeds.finish_example(engines, analysis)
    await until(
        page.locator("body"),
        f"async () => (await ({HERE})()).some(([, id]) => id === '{analysis['video']['id']}')",
    )
    return str(analysis["id"])


async def test_a_clip_sent_from_here_plays_without_a_byte_from_storage(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    analysis_id = await send(page, engines, owner)
    storage = urlsplit(engines.s3_endpoint).netloc
    with recorded(page, "GET", storage) as fetched, recorded(page, "GET", "/playback") as asked:
        await open_climb(page, web_url, analysis_id)
        video = page.get_by_test_id("video")
        await video.evaluate("v => v.play()")
        await until(video, "v => v.currentTime > 1")
        await video.evaluate("v => { v.pause(); v.currentTime = 8; }")
        await until(video, "v => !v.seeking && v.readyState >= 2")
    assert not [one for one in fetched if "wall" not in one.url], "the video was downloaded"
    assert not asked
    assert str(await video.evaluate("v => v.currentSrc")).startswith("blob:")


async def test_the_copy_outlives_the_video_of_the_platform(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    analysis_id = await send(page, engines, owner)
    await seeds.expire_videos(engines, owner.email)
    await open_climb(page, web_url, analysis_id)


async def test_without_a_copy_it_is_downloaded(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    analysis_id = await send(page, engines, owner)
    await page.goto(f"{web_url}/account")
    clip = page.get_by_test_id("device-clips").get_by_role("listitem")
    assert "climb.mp4" in await clip.inner_text()
    await clip.get_by_test_id("device-clip-remove").click()
    await page.get_by_test_id("device-clips-none").wait_for()
    assert await page.evaluate(HERE) == []
    with recorded(page, "GET", urlsplit(engines.s3_endpoint).netloc) as fetched:
        await open_climb(page, web_url, analysis_id)
    assert fetched


async def test_a_deleted_climb_takes_its_copy_along_also_from_another_device(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    await send(page, engines, owner)
    climb = page.get_by_test_id("climb")
    await climb.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm-other").click()
    await page.get_by_test_id("empty").wait_for()
    await until(page.locator("body"), f"async () => (await ({HERE})()).length === 0")

    analysis_id = await send(page, engines, owner)
    row = (await owner.get(f"/api/v1/analyses/{analysis_id}")).json()
    again = await page.context.new_page()
    await page.close()
    for_good = f"/api/v1/videos/{row['video']['id']}?for_good=true"
    assert (await owner.delete(for_good)).status_code == 204
    await again.goto(web_url)
    await again.get_by_test_id("empty").wait_for()
    await until(again.locator("body"), f"async () => (await ({HERE})()).length === 0")


async def test_who_logs_out_or_follows_finds_nothing(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    await send(page, engines, owner)
    # the session ends by itself: somebody else logs in
    await seeds.end_sessions(engines, owner.email)
    await page.context.clear_cookies()
    await page.reload()
    other = await new_climber(web_url)
    try:
        await log_in(page, other.email)
        await page.get_by_test_id("account-menu").wait_for()
        await until(page.locator("body"), f"async () => (await ({HERE})()).length === 0")
        await send(page, engines, other)
        await page.get_by_test_id("account-menu").click()
        await page.get_by_test_id("log-out").click()
        await page.get_by_test_id("account-submit").wait_for()
        await until(page.locator("body"), f"async () => (await ({HERE})()).length === 0")
    finally:
        await other.http.aclose()


async def test_the_clips_unseen_for_longest_make_room(
    page: Page, web_url: str, engines: Engines, owner: Climber, tmp_path: Path
) -> None:
    size = EXAMPLE.stat().st_size
    # half of what the browser gives holds two and a half of them
    await page.add_init_script(
        f"StorageManager.prototype.estimate = () => Promise.resolve({{ quota: {5 * size}, usage: 0 }})"
    )
    await page.goto(web_url)
    for number in range(3):
        path = tmp_path / f"climb-{number}.mp4"
        path.write_bytes(_with_a_note(EXAMPLE.read_bytes(), number))
        await send(page, engines, owner, path)
    await until(page.locator("body"), f"async () => (await ({HERE})()).length === 2")
    assert sorted(name for name, _ in await page.evaluate(HERE)) == ["climb-1.mp4", "climb-2.mp4"]


def _with_a_note(clip: bytes, number: int) -> bytes:
    """The same pictures; another file, already in its first MiB."""
    note = b"free" + bytes([number]) * 8
    brand = int.from_bytes(clip[:4], "big")
    return clip[:brand] + (4 + len(note)).to_bytes(4, "big") + note + clip[brand:]


@pytest.mark.parametrize("off_by_days", [-1, 1])
async def test_a_device_whose_clock_is_wrong_by_a_day_sends_resumes_and_plays(
    page: Page, web_url: str, engines: Engines, owner: Climber, off_by_days: int
) -> None:
    await page.add_init_script(
        """(() => {
            const Real = Date;
            const off = Number(sessionStorage.getItem("off") ?? "OFF") * 86_400_000;
            globalThis.Date = class extends Real {
                constructor(...given) { given.length === 0 ? super(Real.now() + off) : super(...given); }
                static now() { return Real.now() + off; }
            };
        })()""".replace("OFF", str(off_by_days))
    )
    await page.goto(web_url)
    storage = urlsplit(engines.s3_endpoint).netloc
    await page.route(f"**//{storage}/**", lambda route: route.abort())
    await page.get_by_test_id("choose").set_input_files(EXAMPLE)
    await until(page.get_by_test_id("upload"), "u => u.innerText.includes('broke off')")
    await page.evaluate("sessionStorage.setItem('off', '0')")  # the network has set the clock right
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.unroute_all()
    await page.get_by_test_id("climb").wait_for()
    (analysis,) = (await owner.get("/api/v1/analyses")).json()["items"]
    await seeds.finish_example(engines, analysis)
    await page.evaluate(f"sessionStorage.setItem('off', '{off_by_days}')")
    await open_climb(page, web_url, analysis["id"])
    assert await page.locator(".climb-page-when").inner_text() in (
        "just now",
        "1 minute ago",
        "2 minutes ago",
    )
