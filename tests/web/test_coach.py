"""What the climber did and what a coach would say of it: contacts, moves, advice, each a way to its frame."""

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route

from ascension.analyses.result import decode
from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.seeds import FRAMES
from tests.web.steps import open_climb, tab_to, until
from tests.web.test_player import PAINTED

SECOND_MOVE_FRAME = 87
"""The left hand leaves its hold: the second move of the example, as its truth file says it."""
TOP_FRAME = 292


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """The example with what its climber did."""
    analysis = await seeds.ready_climb(engines, owner)
    await seeds.store_wall_picture(engines, owner, analysis["id"])
    return analysis["id"]


async def test_the_contacts_lead_to_their_frames_by_thumb_and_by_keys(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    lanes = page.get_by_test_id("lanes")
    box = await lanes.bounding_box()
    assert box is not None
    await lanes.tap(position={"x": box["width"] * 200.5 / FRAMES, "y": box["height"] / 2})
    await until(overlay, "c => Math.abs(Number(c.dataset.frame) - 200) <= 1")
    assert "Left hand on hold" in (await lanes.get_attribute("aria-valuetext") or "")

    await tab_to(page, "lanes")
    await page.keyboard.press("Home")
    await until(overlay, "c => c.dataset.frame === '0'")
    seen: list[int] = []
    for _ in range(5):
        before = await overlay.get_attribute("data-frame")
        await page.keyboard.press("ArrowRight")
        await until(overlay, f"c => c.dataset.frame !== '{before}'")
        seen.append(int(await overlay.get_attribute("data-frame") or -1))
    assert seen == sorted(set(seen))
    assert SECOND_MOVE_FRAME in seen
    await page.keyboard.press("ArrowLeft")
    await until(overlay, f"c => c.dataset.frame === '{seen[-2]}'")
    share = (seen[-2] + 0.5) / FRAMES
    assert await _left_share(page.get_by_test_id("playhead"), lanes) == pytest.approx(share, abs=0.01)


async def _left_share(part: Locator, whole: Locator) -> float:
    inner, outer = await part.bounding_box(), await whole.bounding_box()
    assert inner is not None
    assert outer is not None
    return (inner["x"] + inner["width"] / 2 - outer["x"]) / outer["width"]


async def test_holds_are_ringed_on_the_video_and_numbered_on_the_wall(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    await page.keyboard.press("End")
    await until(overlay, f"c => c.dataset.frame === '{FRAMES - 1}'")
    await page.keyboard.press("s")
    await page.keyboard.press("p")
    await until(overlay, PAINTED)  # the rings are left
    await page.keyboard.press("h")
    await until(overlay, f"c => !({PAINTED})(c)")
    await page.get_by_test_id("view-wall").tap()
    assert await page.get_by_test_id("holds").count() == 0
    await page.get_by_test_id("layer-contacts").tap()
    await until(page.get_by_test_id("holds"), PAINTED)
    climb = decode(seeds.example_result()).facts.climb
    assert climb is not None
    assert await page.get_by_role("img", name=f"{len(climb.holds)} holds").count() == 1


async def test_advice_and_moves_lead_to_their_frames(page: Page, web_url: str, climb_id: str) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    moment = page.get_by_test_id("moment").first
    frame = await moment.get_attribute("data-frame")
    assert frame == str(TOP_FRAME)
    await moment.tap()
    await until(overlay, f"c => c.dataset.frame === '{frame}'")
    stage = await page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    assert stage["y"] >= -1, "the picture is not in sight"

    move = page.get_by_test_id("move").nth(1)
    await move.tap()
    await until(overlay, f"c => c.dataset.frame === '{SECOND_MOVE_FRAME}'")
    await until(move, "m => m.ariaCurrent === 'step'")
    assert "Left hand" in await move.inner_text()


async def test_every_axis_and_measure_has_a_value_or_a_reason(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    axes = page.get_by_test_id("axes")
    await axes.wait_for()
    assert await axes.locator("li").count() == 6
    measures = page.get_by_test_id("measures")
    for summary in await measures.locator("summary").all():
        await summary.tap()
    pace = measures.locator("[data-measure=pace]")
    assert "per min" in await pace.inner_text()
    assert "Taylor 2020" in await pace.inner_text()
    assert "side view or depth" in await measures.locator("[data-measure=hip_to_wall]").inner_text()


async def test_advice_that_does_not_come_is_named_and_asked_for_again(
    page: Page, web_url: str, climb_id: str
) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=404, json={"error": "not_found", "detail": "There is nothing here."})

    await page.route("**/coaching*", refuse)
    await open_climb(page, web_url, climb_id)
    assert "There is nothing here." in await page.get_by_test_id("coach-failed").inner_text()
    assert await page.get_by_test_id("move").count() > 0
    await page.unroute("**/coaching*")
    await page.get_by_role("button", name="Try again").tap()
    await page.get_by_test_id("advice").wait_for()


async def test_a_result_without_a_climb_says_so(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    await seeds.store_result(engines, climb_id, seeds.example_result(is_read=False))
    await open_climb(page, web_url, climb_id)
    assert "contacts are not known" in await page.get_by_test_id("timeline").inner_text()
    assert await page.get_by_test_id("coach").count() == 0
