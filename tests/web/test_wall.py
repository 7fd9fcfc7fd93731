"""The wall in place of the video: the camera stands still, the ways of the whole climb are seen."""

from urllib.parse import urlsplit

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Page

from ascension.biomechanics.wall import frame_corners_px, maps_of_four_points
from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.seeds import FPS, OFF_WALL_FRAME, SIZE_PX, TRUTH, WALL_MARGIN_PX
from tests.web.steps import open_climb, until
from tests.web.test_accessibility import SMALL_TARGETS, STICKING_OUT
from tests.web.test_player import PAINTED

# The middle of the orange that marks the center of mass, as shares of the picture.
MARKED = """c => {
    const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
    let [count, x, y] = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
        if (data[at] !== 255 || data[at + 1] !== 122 || data[at + 2] !== 61 || data[at + 3] !== 255) continue;
        count += 1;
        x += (at / 4) % c.width;
        y += Math.floor(at / 4 / c.width);
    }
    return [x / count / c.width, y / count / c.height];
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """The example, every frame where it truly lies on the wall, with a picture of it."""
    analysis = await seeds.ready_climb(engines, owner)
    await seeds.store_wall_picture(engines, owner, analysis["id"])
    return analysis["id"]


async def test_the_skeleton_stands_on_the_wall_and_goes_with_the_same_time_bar(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("view-wall").tap()
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await until(page.get_by_test_id("ways"), PAINTED)
    for _ in range(6):
        await page.keyboard.press("ArrowRight")
    frame = 6 * FPS
    await until(overlay, f"c => c.dataset.frame === '{frame}'")
    shown = await overlay.evaluate(MARKED)
    assert shown == pytest.approx(expected_share(frame), abs=0.012)

    await page.keyboard.press("w")
    await page.get_by_test_id("wall-picture").wait_for(state="detached")
    await until(overlay, f"c => c.dataset.frame === '{frame}'")
    await page.keyboard.press("w")
    await page.get_by_test_id("play").tap()
    await until(overlay, f"c => Number(c.dataset.frame) > {frame + 10}")  # the covered video is the clock


def expected_share(frame: int) -> list[float]:
    """Where the center of mass of the made-up result lies in the wall's picture."""
    with np.load(TRUTH) as truth:
        corners = seeds.wall_corners_px(truth["wall_to_frame"])[frame : frame + 1]
        center = truth["landmarks_px"][frame, 23:25].mean(axis=0)
    matrix = maps_of_four_points(frame_corners_px(*SIZE_PX), corners)[0]
    x, y, depth = matrix @ np.array([*center, 1.0])
    left, top = WALL_MARGIN_PX
    return [(x / depth + left) / (SIZE_PX[0] + 2 * left), (y / depth + top) / (SIZE_PX[1] + 2 * top)]


async def test_a_moment_without_a_place_says_so_and_the_ruler_is_a_meter_long(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("view-wall").tap()
    await page.keyboard.press("ArrowRight")
    await until(overlay, f"c => c.dataset.frame === '{OFF_WALL_FRAME}'")
    await page.get_by_text("no place on the wall").wait_for()
    await until(overlay, f"c => !({PAINTED})(c)")
    stage = await page.get_by_test_id("stage").bounding_box()
    ruler = await page.get_by_test_id("ruler").bounding_box()
    assert stage is not None
    assert ruler is not None
    px_per_m = 1 / 0.005
    assert ruler["width"] / stage["width"] == pytest.approx(
        px_per_m / (SIZE_PX[0] + 2 * WALL_MARGIN_PX[0]), abs=0.01
    )


async def test_pointing_out_returns_to_the_video(page: Page, web_url: str, climb_id: str) -> None:
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("view-wall").tap()
    await page.get_by_test_id("ways").wait_for()
    await page.get_by_test_id("not-the-climber").tap()
    await page.get_by_test_id("picking").wait_for()
    assert await page.get_by_test_id("ways").count() == 0


async def test_without_a_wall_the_reason_is_said(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    await seeds.store_result(engines, climb_id, seeds.example_result(with_wall=False))
    await open_climb(page, web_url, climb_id)
    assert "could not be followed" in await page.get_by_test_id("no-wall").inner_text()
    await page.get_by_test_id("view-wall").tap(force=True)
    await page.keyboard.press("w")
    assert await page.get_by_test_id("view-wall").get_attribute("aria-pressed") == "false"
    await page.set_viewport_size({"width": 360, "height": 640})
    assert not await page.evaluate(STICKING_OUT)
    assert not await page.evaluate(SMALL_TARGETS)


async def test_a_picture_that_does_not_come_is_asked_for_again_and_then_named(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    await page.route(
        f"**//{urlsplit(engines.s3_endpoint).netloc}/**/wall.webp**", lambda route: route.abort()
    )
    await page.get_by_test_id("view-wall").tap()
    await page.get_by_text("The picture of the wall does not come").wait_for()
    await until(page.get_by_test_id("ways"), PAINTED)
