"""The picture from near: fingers, wheel, keys, buttons; what is drawn over it stays in place and sharp."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, cast

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.steps import open_climb, until

LOOK = """(stage) => {
    const box = stage.getBoundingClientRect();
    const at = (name) => parseFloat(getComputedStyle(stage).getPropertyValue(name));
    return [at("--zoom"), at("--pan-x") / 100, at("--pan-y") / 100, box.x, box.y, box.width, box.height];
}"""
DRAWN = """(canvas) => {
    const {width, height, clientWidth} = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1)
            if (pixels[4 * (y * width + x) + 3] > 128) {
                left = Math.min(left, x); right = Math.max(right, x);
                top = Math.min(top, y); bottom = Math.max(bottom, y);
            }
    return {box: [left / width, right / width, top / height, bottom / height], dots: width / clientWidth};
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """A climb of the page's account that is ready."""
    return (await seeds.ready_climb(engines, owner))["id"]


STEPS = 6
Touch = dict[str, float]


class Fingers:
    """Two fingers on the stage, in shares of its size."""

    def __init__(self, page: Page, stage: Locator) -> None:
        self.page, self.stage = page, stage

    async def move(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Down at the beginning of each way, all together to their ends, and up."""
        await self._send(
            *(("touchStart", self._points(ways[:count], 0)) for count in range(1, len(ways) + 1)),
            *(("touchMove", self._points(ways, step / STEPS)) for step in range(1, STEPS + 1)),
            ("touchEnd", []),
        )

    async def tap(self, at: tuple[float, float], times: int = 1) -> None:
        """So quickly that two belong together."""
        nobody: list[Touch] = []
        once = ("touchStart", self._points([(at, at)], 0)), ("touchEnd", nobody)
        await self._send(*(once * times), apart_s=0.04)

    @staticmethod
    def _points(ways: Sequence[tuple[tuple[float, float], tuple[float, float]]], share: float) -> list[Touch]:
        return [
            {
                "x": from_[0] + share * (to[0] - from_[0]),
                "y": from_[1] + share * (to[1] - from_[1]),
                "id": number,
            }
            for number, (from_, to) in enumerate(ways)
        ]

    async def _send(self, *events: tuple[str, list[Touch]], apart_s: float | None = None) -> None:
        """`apart_s`: by their own clock, however slow this machine is."""
        box = await self.stage.bounding_box()
        assert box is not None
        session = await self.page.context.new_cdp_session(self.page)
        send = cast(Any, session).send  # its parameters are untyped
        began_s = time.time()
        for number, (kind, points) in enumerate(events):
            placed = [
                {
                    **point,
                    "x": box["x"] + box["width"] * point["x"],
                    "y": box["y"] + box["height"] * point["y"],
                }
                for point in points
            ]
            at = {} if apart_s is None else {"timestamp": began_s + number * apart_s}
            await send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": placed, **at})
        await session.detach()

    async def pinch(self, at: tuple[float, float], from_: float, to: float) -> None:
        """Apart around a place, along the picture's width."""
        x, y = at
        await self.move(((x - from_, y), (x - to, y)), ((x + from_, y), (x + to, y)))


async def still_at(page: Page, overlay: Locator, frame: int) -> None:
    await page.get_by_test_id("scrub").fill(str(frame))
    await until(overlay, f"c => c.dataset.frame === '{frame}'")


async def test_two_fingers_look_from_near_and_the_skeleton_goes_along_sharp(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await still_at(page, overlay, 100)
    for layer in ("p", "h"):
        await page.keyboard.press(layer)  # a click would scroll the page
    await until(page.get_by_test_id("layer-contacts"), "b => b.ariaPressed === 'false'")
    stage = page.get_by_test_id("stage")
    whole = await overlay.evaluate(DRAWN)
    left, right, top, bottom = whole["box"]
    middle = ((left + right) / 2, (top + bottom) / 2)
    await Fingers(page, stage).pinch(middle, 0.1, 0.17)
    zoom, pan_x, pan_y, *_ = await stage.evaluate(LOOK)
    assert zoom == pytest.approx(1.7, abs=0.02)
    near = await overlay.evaluate(DRAWN)
    assert near["dots"] == whole["dots"] == 2, "as many dots as the screen has"
    wanted = [pan_x + zoom * left, pan_x + zoom * right, pan_y + zoom * top, pan_y + zoom * bottom]
    assert near["box"] == pytest.approx([max(0, min(1, at)) for at in wanted], abs=0.03)
    video = await page.get_by_test_id("video").bounding_box()
    box = await stage.bounding_box()
    assert video is not None
    assert box is not None
    assert video["width"] == pytest.approx(zoom * box["width"], rel=0.01)
    assert video["x"] - box["x"] == pytest.approx(pan_x * box["width"], abs=1)
    assert await page.get_by_test_id("video").evaluate("v => v.paused"), "a pinch is no tap"
    await Fingers(page, stage).move(((0.5, 0.5), (0.6, 0.55)))
    _, moved_x, moved_y, *_ = await stage.evaluate(LOOK)
    assert moved_x == pytest.approx(min(0, pan_x + 0.1), abs=0.01)
    assert moved_y == pytest.approx(min(0, pan_y + 0.05), abs=0.01)
    assert await page.get_by_test_id("video").evaluate("v => v.paused"), "nor is a drag"
    assert await page.evaluate("window.scrollY") == 0
    await Fingers(page, stage).pinch((0.5, 0.5), 0.3, 0.05)
    assert (await stage.evaluate(LOOK))[:3] == [1, 0, 0]


async def test_one_tap_plays_and_two_look_from_near(page: Page, web_url: str, climb_id: str) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await still_at(page, overlay, 60)
    stage, video = page.get_by_test_id("stage"), page.get_by_test_id("video")
    fingers = Fingers(page, stage)
    await fingers.tap((0.3, 0.3))
    await until(video, "v => !v.paused")
    await asyncio.sleep(0.5)  # two taps are farther apart than those of a double tap
    await fingers.tap((0.3, 0.3))
    await until(video, "v => v.paused")
    await asyncio.sleep(0.5)
    before = await page.get_by_test_id("frame-number").inner_text()
    await fingers.tap((0.3, 0.3), times=2)
    await until(stage, "s => s.dataset.zoomed === 'true'")
    assert await video.evaluate("v => v.paused")
    await until(page.get_by_test_id("frame-number"), f"f => f.innerText === {before!r}")
    await asyncio.sleep(0.5)
    await fingers.tap((0.3, 0.3), times=2)
    await until(stage, "s => s.dataset.zoomed === 'false'")


async def test_wheel_keys_and_buttons_do_the_same(page: Page, web_url: str, climb_id: str) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await still_at(page, overlay, 100)
    stage = page.get_by_test_id("stage")
    await page.get_by_test_id("tools").tap()
    await page.get_by_test_id("tool-zoom-in").tap()
    await until(stage, "s => s.style.getPropertyValue('--zoom') === '1.6'")
    assert "160" in await page.get_by_test_id("tool-zoom-whole").inner_text()
    await page.get_by_test_id("tool-zoom-whole").tap()
    await until(stage, "s => s.dataset.zoomed === 'false'")
    await page.keyboard.press("+")
    await until(stage, "s => s.dataset.zoomed === 'true'")
    before = (await stage.evaluate(LOOK))[1]
    await page.keyboard.press("Shift+ArrowRight")
    assert (await stage.evaluate(LOOK))[1] < before
    await page.keyboard.press("0")
    await until(stage, "s => s.dataset.zoomed === 'false'")
    box = await stage.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 50, box["y"] + 50)
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -60)
    await page.keyboard.up("Control")
    await until(stage, "s => s.dataset.zoomed === 'true'")


async def test_what_is_put_right_from_near_lands_where_the_finger_is(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await still_at(page, overlay, 100)
    await page.get_by_test_id("put-right").click()
    await page.get_by_test_id("tool-point").click()
    points = page.get_by_test_id("points")
    await points.wait_for()
    stage = page.get_by_test_id("stage")
    await Fingers(page, stage).pinch((0.5, 0.5), 0.1, 0.2)
    zoom, *_ = await stage.evaluate(LOOK)
    assert zoom == pytest.approx(2, abs=0.05)
    assert await page.get_by_test_id("undo").is_disabled(), "two fingers put nothing right"
    joint = points.locator("[data-testid=joint-left_hip]")
    before = await joint.bounding_box()
    assert before is not None
    assert before["width"] == pytest.approx(48, abs=1), "as large for a thumb as ever"
    at = (before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    box = await stage.bounding_box()
    assert box is not None
    start = ((at[0] - box["x"]) / box["width"], (at[1] - box["y"]) / box["height"])
    await Fingers(page, stage).move((start, (start[0] + 0.1, start[1])))
    after = await joint.bounding_box()
    assert after is not None
    assert after["x"] - before["x"] == pytest.approx(0.1 * box["width"], abs=3)
    assert await page.get_by_test_id("undo").is_enabled()
