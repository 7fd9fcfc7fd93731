"""The player: exact frames, speeds, layers, what it does where the video or the result does not come."""

import asyncio
import gzip
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route

from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.seeds import FPS, FRAMES
from tests.web.steps import open_climb, recorded, until

PAINTED = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """A climb of the page's account that is ready."""
    return (await seeds.ready_climb(engines, owner))["id"]


async def test_every_frame_is_reached_by_keys(page: Page, web_url: str, climb_id: str) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await _steps_land_on_their_frame(page, overlay)
    await _keys_set_speed_and_layers(page)
    await page.keyboard.press("End")
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Pause").wait_for()
    await until(overlay, f"c => Number(c.dataset.frame) < {FRAMES - 1}")  # it starts over
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Play", exact=True).wait_for()


async def _steps_land_on_their_frame(page: Page, overlay: Locator) -> None:
    frame = 0
    for key, step in ((".", 1), (".", 1), ("ArrowRight", FPS), (",", -1), ("End", FRAMES), (",", -1)):
        frame = max(0, min(FRAMES - 1, frame + step))
        await page.keyboard.press(key)
        await until(overlay, f"c => c.dataset.frame === '{frame}'")
        shown_s = float(await overlay.get_attribute("data-media-time") or -1)
        assert shown_s == pytest.approx(frame / FPS, abs=0.002)
        assert f"{frame + 1} / {FRAMES}" in await page.get_by_test_id("frame-number").inner_text()


async def _keys_set_speed_and_layers(page: Page) -> None:
    video, speed = page.get_by_test_id("video"), page.get_by_test_id("speed")
    await page.keyboard.press("[")
    await page.keyboard.press("[")
    assert await video.evaluate("v => v.playbackRate") == 0.25
    assert await speed.input_value() == "0.25"
    await speed.select_option("1")
    assert await video.evaluate("v => v.playbackRate") == 1
    await speed.blur()
    angles = page.get_by_test_id("layer-angles")
    before = await angles.get_attribute("aria-pressed")
    await page.keyboard.press("a")
    await until(angles, f"b => b.ariaPressed !== '{before}'")
    overlay = page.get_by_test_id("overlay")
    assert await overlay.evaluate(PAINTED)
    for key in ("a", "s", "p", "h"):
        await page.keyboard.press(key)
    await until(overlay, f"c => !({PAINTED})(c)")


@pytest.mark.proves("M06")
async def test_while_playing_the_skeleton_belongs_to_the_picture_on_screen(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    measured = await page.get_by_test_id("video").evaluate(
        """async (video, fps) => {
            const overlay = document.querySelector("[data-testid=overlay]");
            const apart = [];
            const watch = (_, picture) => {
                apart.push(Math.abs(Number(overlay.dataset.frame) - Math.round(picture.mediaTime * fps)));
                video.requestVideoFrameCallback(watch);
            };
            video.requestVideoFrameCallback(watch);
            document.querySelector("[data-testid=play]").click();
            await new Promise((resolve) => setTimeout(resolve, 3000));
            video.pause();
            return apart;
        }""",
        FPS,
    )
    assert len(measured) > 30, "too few pictures to judge"
    assert max(measured) <= 1
    assert sum(apart == 0 for apart in measured) >= 0.95 * len(measured)
    await until(overlay, "c => Number(c.dataset.frame) > 40")


async def test_without_frame_callbacks_the_clock_of_the_video_leads(
    page: Page, web_url: str, climb_id: str
) -> None:
    await page.add_init_script("delete HTMLVideoElement.prototype.requestVideoFrameCallback")
    overlay = await open_climb(page, web_url, climb_id)
    assert await page.evaluate("'requestVideoFrameCallback' in HTMLVideoElement.prototype") is False
    await page.get_by_test_id("play").click()
    await until(overlay, "c => Number(c.dataset.frame) > 20")
    await page.get_by_test_id("play").click()
    await until(page.get_by_test_id("video"), "v => v.paused && !v.seeking")
    at_s = await page.get_by_test_id("video").evaluate("v => v.currentTime")
    assert int(await overlay.get_attribute("data-frame") or -1) == pytest.approx(at_s * FPS, abs=1.6)
    before = int(await overlay.get_attribute("data-frame") or -1)
    await page.get_by_test_id("step-back").click()
    await until(overlay, f"c => c.dataset.frame === '{before - 1}'")


@pytest.mark.parametrize("refusals", [1, 3])
async def test_an_address_that_is_refused_is_renewed(
    page: Page, web_url: str, engines: Engines, climb_id: str, refusals: int
) -> None:
    refused = 0

    async def refuse_first(route: Route) -> None:
        nonlocal refused
        if route.request.method == "GET" and refused < refusals:
            refused += 1
            await route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>")
        else:
            await route.continue_()

    await page.route(f"**//{urlsplit(engines.s3_endpoint).netloc}/**", refuse_first)
    with recorded(page, "GET", "/playback") as asked:
        overlay = await open_climb(page, web_url, climb_id)
    assert urlsplit(asked[0].url).path == f"/api/v1/analyses/{climb_id}/playback", "before the row is here"
    # how many of the refusals the element meets before the page looks for itself is the browser's timing
    assert len(asked) in ((2,) if refusals == 1 else (2, 3)), "asked for anew, and not without end"
    await page.keyboard.press("End")
    await until(overlay, f"c => c.dataset.frame === '{FRAMES - 1}'")


async def test_a_video_that_never_plays_leaves_the_skeleton_and_a_way_to_try_again(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    storage = f"**//{urlsplit(engines.s3_endpoint).netloc}/**"
    await page.route(storage, lambda route: route.abort())
    await page.goto(f"{web_url}/climbs/{climb_id}")
    await page.get_by_test_id("skeleton-alone").wait_for()
    await page.get_by_test_id("play").click()
    await until(page.get_by_test_id("overlay"), "c => Number(c.dataset.frame) > 5")
    await page.unroute(storage)
    await page.get_by_test_id("again").click()
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")
    await page.keyboard.press("End")
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{FRAMES - 1}'")


async def test_an_expired_video_leaves_its_skeleton_on_the_wall(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    await seeds.expire_videos(engines, owner.email)
    await seeds.store_wall_picture(engines, owner, climb_id)
    await page.goto(f"{web_url}/climbs/{climb_id}")
    assert "skeleton is kept" in await page.get_by_test_id("skeleton-alone").inner_text()
    assert await page.get_by_test_id("video").count() == 0
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await page.get_by_test_id("play").click()
    await until(page.get_by_test_id("overlay"), "c => Number(c.dataset.frame) > 10")


async def test_nothing_jumps_when_the_skeleton_arrives(page: Page, web_url: str, climb_id: str) -> None:
    async def late(route: Route) -> None:
        await asyncio.sleep(0.6)
        await route.continue_()

    await page.route("**/result", late)
    await page.goto(f"{web_url}/climbs/{climb_id}")
    parts = [page.get_by_test_id("stage"), page.locator(".controls"), page.locator(".layers")]
    await page.get_by_text("Fetching the skeleton").wait_for()
    before = [await part.bounding_box() for part in parts]
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")
    await page.get_by_test_id("summary").wait_for()
    assert [await part.bounding_box() for part in parts] == before


async def test_on_a_phone_the_picture_is_wide_and_the_controls_lie_under_the_thumb(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    for height_px, least_width_px in ((844, 285), (664, 270)):
        await page.set_viewport_size({"width": 390, "height": height_px})
        stage = await page.get_by_test_id("stage").bounding_box()
        controls = await page.locator(".controls").bounding_box()
        assert stage is not None
        assert controls is not None
        assert stage["width"] >= least_width_px
        assert controls["y"] + controls["height"] == height_px
        assert stage["height"] + controls["height"] <= height_px, "picture and controls do not fit together"
    await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    below = await page.get_by_test_id("summary").bounding_box()
    assert below is not None
    assert below["y"] + below["height"] <= controls["y"], "the controls hide the end of the page"
    assert await page.get_by_test_id("play").is_visible()


async def test_a_damaged_result_is_named_in_a_sentence(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    good = seeds.example_result()
    unpacked = gzip.decompress(good)
    damaged = {
        "not a result file": gzip.compress(b"another file"),
        "the header is not JSON": gzip.compress(unpacked[:20] + b"\xff" + unpacked[21:]),
        "reaches beyond the end": gzip.compress(unpacked[:-50]),
        "did not arrive whole": bytes(500),
    }
    for words, stored in damaged.items():
        await seeds.store_result(engines, climb_id, stored)
        await page.goto(f"{web_url}/climbs/{climb_id}")
        failed = page.get_by_test_id("result-failed")
        await failed.wait_for()
        assert words in await failed.inner_text()
        assert await page.get_by_test_id("delete").is_visible()
    await seeds.store_result(engines, climb_id, good)
    await page.get_by_test_id("again").click()
    await page.get_by_test_id("overlay").wait_for()


async def test_a_mistake_of_the_page_leaves_a_sentence_and_a_way_on(
    page: Page, web_url: str, climb_id: str
) -> None:
    async def without_its_video(route: Route) -> None:
        answer = await route.fetch()
        row = await answer.json()
        await route.fulfill(
            response=answer, json={**row, "items": [{**item, "video": None} for item in row["items"]]}
        )

    await page.route("**/api/v1/analyses?**", without_its_video)
    await page.route("**/ws-tickets", lambda route: route.abort())
    await page.goto(web_url)
    await page.get_by_test_id("broken").wait_for()
    await page.unroute_all()
    await page.get_by_role("button", name="Load it again").click()
    assert climb_id == await page.get_by_test_id("climb").get_attribute("data-id")
