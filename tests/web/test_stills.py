"""Drawing on a frame: fingers, taps and keys; undo; saved with video, skeleton and drawing in the picture."""

import asyncio
from pathlib import Path

import cv2
import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from ascension.biomechanics.poses import FloatArray
from tests.clips import read_pictures
from tests.conftest import Engines
from tests.platform import EXAMPLE, Climber
from tests.web import seeds
from tests.web.seeds import SIZE_PX
from tests.web.steps import open_climb, until
from tests.web.test_zoom import Fingers, still_at

FRAME = 100
ROPE_BGR = (0x3D, 0x7A, 0xFF)


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """A climb of the page's account that is ready, and its wall."""
    analysis = await seeds.ready_climb(engines, owner)
    await seeds.store_wall_picture(engines, owner, analysis["id"])
    return analysis["id"]


async def begin(page: Page, url: str, climb_id: str, *, on_wall: bool = False) -> Locator:
    """Drawing, at FRAME; where fingers draw."""
    overlay = await open_climb(page, url, climb_id)
    await still_at(page, overlay, FRAME)
    if on_wall:
        await page.get_by_test_id("view-wall").tap()
        await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await page.get_by_test_id("tools").tap()
    await page.get_by_test_id("tool-draw").tap()
    still = page.get_by_test_id("still")
    await still.wait_for()
    return still


async def tap_at(still: Locator, x: float, y: float) -> None:
    box = await still.bounding_box()
    assert box is not None
    await still.tap(position={"x": x * box["width"], "y": y * box["height"]})


async def drag(fingers: Fingers, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw, and rest: the browser takes a touch right after a quick drag for the end of that."""
    await fingers.move((begin, end))
    await fingers.page.wait_for_timeout(500)


async def shapes(still: Locator, count: int) -> None:
    await until(still, f"s => s.dataset.shapes === '{count}'")


async def saved(page: Page, folder: Path) -> tuple[str, FloatArray]:
    """The file's name, and its picture."""
    async with page.expect_download() as download:
        await page.get_by_test_id("still-save").tap()
    file = folder / "still.png"
    await (await download.value).save_as(file)
    picture = cv2.imread(str(file))
    assert picture is not None
    return (await download.value).suggested_filename, picture.astype(float)


async def test_everything_is_drawn_taken_back_and_saved(
    page: Page, web_url: str, climb_id: str, tmp_path: Path
) -> None:
    still = await begin(page, web_url, climb_id)
    fingers = Fingers(page, page.get_by_test_id("stage"))
    await drag(fingers, (0.1, 0.1), (0.3, 0.1))  # the pen is at hand
    await shapes(still, 1)
    await page.get_by_test_id("still-arrow").tap()
    await drag(fingers, (0.5, 0.8), (0.7, 0.6))
    await shapes(still, 2)
    await page.get_by_test_id("still-line").tap()
    await tap_at(still, 0.2, 0.2)
    await tap_at(still, 0.2, 0.5)
    await shapes(still, 3)
    await page.get_by_test_id("still-circle").tap()
    await drag(fingers, (0.8, 0.2), (0.9, 0.2))
    await shapes(still, 4)
    await page.get_by_test_id("still-text").tap()
    await tap_at(still, 0.1, 0.9)
    await page.get_by_test_id("still-words").fill("hips in")
    await page.get_by_test_id("still-write").tap()
    await shapes(still, 5)
    assert await still.locator("[data-tool=text]").text_content() == "hips in"
    await page.get_by_test_id("still-undo").tap()
    await shapes(still, 4)
    await page.get_by_test_id("still-redo").tap()
    await shapes(still, 5)
    await page.get_by_test_id("still-clear").tap()
    await shapes(still, 0)
    await page.get_by_test_id("still-undo").tap()
    await shapes(still, 5)

    name, picture = await saved(page, tmp_path)
    assert name.endswith("0-03-33.png")
    height, width = picture.shape[:2]
    enlargement = width / SIZE_PX[0]
    assert enlargement == pytest.approx(2)
    assert height > SIZE_PX[1] * enlargement, "below it what it is of"
    at = picture[int(0.1 * SIZE_PX[1] * enlargement), int(0.2 * width)]
    assert at == pytest.approx(ROPE_BGR, abs=30), "the pen's line"
    true = read_pictures(EXAMPLE, FRAME + 1)[-1][..., ::-1]
    shown = cv2.resize(picture[: int(SIZE_PX[1] * enlargement)], SIZE_PX, interpolation=cv2.INTER_AREA)
    corner = (slice(600, 840), slice(0, 60))
    assert np.median(np.abs(shown[corner] - true[corner])) < 8, "the video's own picture"
    over = np.abs(shown - true).max(axis=2) > 60
    assert 0.01 < over.mean() < 0.4, "with the skeleton over it"


async def test_an_angle_takes_three_taps_and_says_that_it_is_of_the_picture(
    page: Page, web_url: str, climb_id: str
) -> None:
    still = await begin(page, web_url, climb_id)
    await page.get_by_test_id("still-angle").tap()
    box = await still.bounding_box()
    assert box is not None
    aspect = box["width"] / box["height"]
    for number, (x, y) in enumerate(((0.3, 0.5), (0.5, 0.5), (0.5, 0.5 - 0.2 * aspect))):
        hint = page.get_by_test_id("still-panel").locator("[aria-live]")
        if number == 2:
            assert "not of the body" in await hint.inner_text()
        await tap_at(still, x, y)
    await shapes(still, 1)
    assert await still.locator("[data-tool=angle] text").text_content() == "90°"


async def test_keys_alone_draw_too(page: Page, web_url: str, climb_id: str) -> None:
    still = await begin(page, web_url, climb_id)
    await page.get_by_test_id("still-line").focus()
    await page.keyboard.press("Enter")
    await still.focus()
    await page.keyboard.press("Shift+ArrowUp")
    await page.get_by_test_id("still-cross").wait_for()
    await page.keyboard.press("Enter")
    for _ in range(5):
        await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Enter")
    await shapes(still, 1)
    frame = await page.get_by_test_id("overlay").get_attribute("data-frame")
    assert frame == str(FRAME), "arrow keys moved the cross alone"
    await page.keyboard.press("Escape")
    await page.get_by_test_id("play").wait_for()
    await page.keyboard.press("d")
    await shapes(page.get_by_test_id("still"), 1)


async def test_from_near_it_is_drawn_where_the_finger_is_and_two_fingers_draw_nothing(
    page: Page, web_url: str, climb_id: str
) -> None:
    still = await begin(page, web_url, climb_id)
    fingers = Fingers(page, page.get_by_test_id("stage"))
    await fingers.pinch((0.5, 0.5), 0.1, 0.2)
    await asyncio.sleep(0.3)
    await shapes(still, 0)
    await page.get_by_test_id("still-line").tap()
    await drag(fingers, (0.25, 0.5), (0.75, 0.5))
    await shapes(still, 1)
    drawn = await still.locator("[data-tool=line] path").last.bounding_box()
    stage = await page.get_by_test_id("stage").bounding_box()
    assert drawn is not None
    assert stage is not None
    assert drawn["x"] + drawn["width"] / 2 == pytest.approx(stage["x"] + stage["width"] / 2, abs=4)


async def test_the_wall_is_saved_with_its_ways(
    page: Page, web_url: str, climb_id: str, tmp_path: Path
) -> None:
    await begin(page, web_url, climb_id, on_wall=True)
    _, picture = await saved(page, tmp_path)
    assert picture.shape[1] / picture.shape[0] == pytest.approx(620 / (934 * 25 / 24), abs=0.03)
    assert picture.std() > 20


async def test_it_is_handed_on_where_the_device_can(page: Page, web_url: str, climb_id: str) -> None:
    await page.add_init_script(
        """
        navigator.canShare = () => true;
        navigator.share = async ({files: [file]}) => { window.shared = [file.name, file.type, file.size]; };
        """
    )
    await begin(page, web_url, climb_id)
    await page.get_by_test_id("still-share").tap()
    await until(page.get_by_test_id("still-panel"), "() => window.shared !== undefined")
    name, kind, size = await page.evaluate("window.shared")
    assert (name.endswith(".png"), kind) == (True, "image/png")
    assert size > 10_000


async def test_a_video_that_the_page_may_not_read_is_said(page: Page, web_url: str, climb_id: str) -> None:
    await begin(page, web_url, climb_id)
    await page.evaluate(
        "void (HTMLCanvasElement.prototype.toBlob = () => { throw new DOMException('no', 'SecurityError'); })"
    )
    await page.get_by_test_id("still-save").tap()
    await page.get_by_test_id("still-refused").wait_for()
