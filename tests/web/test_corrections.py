"""What was read wrong is put right on the player: contacts, holds, points, sent, worked in, taken back."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.conftest import Engines
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs
from tests.rows import sql
from tests.web import seeds
from tests.web.conftest import PHONE
from tests.web.seeds import FPS, FRAMES, UNSEEN_FRAME
from tests.web.steps import open_climb, tab_to, until
from tests.web.test_accessibility import AUDIT, AXE, STICKING_OUT
from tests.web.test_correction import assert_it_fits, corners

AT_S = 3


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """The example with what its climber did, and a picture of its wall."""
    analysis = await seeds.ready_climb(engines, owner)
    await seeds.store_wall_picture(engines, owner, analysis["id"])
    return analysis["id"]


async def begin(page: Page, url: str, climb_id: str) -> None:
    """The workbench, at three seconds: the left hand is between hold 1 and hold 5."""
    overlay = await open_climb(page, url, climb_id)
    for _ in range(AT_S):
        await page.keyboard.press("ArrowRight")
    await until(overlay, f"c => c.dataset.frame === '{AT_S * FPS}'")
    await page.get_by_test_id("put-right").click()
    await page.get_by_test_id("work").wait_for()


async def told(climber: Climber, climb_id: str) -> list[dict[str, Any]]:
    """The edits of every correction that the API has."""
    items = (await climber.get(f"/api/v1/analyses/{climb_id}/corrections")).json()["items"]
    return [item["edits"] for item in items]


async def test_a_contact_is_corrected_worked_in_and_taken_back(
    page: Page, web_url: str, owner: Climber, climb_id: str, programs: Programs
) -> None:
    await begin(page, web_url, climb_id)
    await page.get_by_test_id("contact-limb").select_option("left_foot")
    words = page.get_by_test_id("work-words")
    await page.get_by_test_id("contact-next").tap()
    await until(words, "w => w.innerText.includes('Left foot touches nothing')")
    await page.get_by_test_id("contact-previous").tap()
    await until(words, "w => w.innerText.includes('Left foot on hold')")
    coaching = (await owner.get(f"/api/v1/analyses/{climb_id}/coaching")).json()
    moves = len(coaching["attempts"][0]["moves"])
    await page.get_by_test_id("contact-kind").select_option("none")
    await page.get_by_test_id("strip-start").focus()
    for _ in range(3):
        await page.keyboard.press("ArrowRight")
    begun = int(await page.get_by_test_id("strip-start").get_attribute("aria-valuenow") or -1)
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{begun}'")
    await page.get_by_test_id("undo").tap()
    await until(page.get_by_test_id("strip-start"), f"h => h.ariaValueNow === '{begun - 3}'")
    await page.get_by_test_id("work-send").tap()
    await page.get_by_test_id("deriving").wait_for()
    (edits,) = await told(owner, climb_id)
    (contact,) = edits["contacts"]
    assert (contact["limb"], contact["kind"], contact["place"]) == ("left_foot", "none", None)
    assert contact["start_frame"] == begun - 3

    programs.worker(**QUICK)
    await page.get_by_test_id("derived").wait_for()
    await until(page.get_by_test_id("moves"), f"m => m.querySelectorAll('li').length !== {moves}")
    await page.get_by_test_id("show-original").tap()
    await until(page.get_by_test_id("moves"), f"m => m.querySelectorAll('li').length === {moves}")
    assert await page.get_by_test_id("put-right").count() == 0
    assert not await page.evaluate(STICKING_OUT)
    await page.get_by_test_id("show-corrected").tap()
    await until(page.get_by_test_id("moves"), f"m => m.querySelectorAll('li').length !== {moves}")
    await page.locator(".corrections-list summary").tap()
    await page.get_by_test_id("take-back").tap()
    await page.get_by_test_id("correction-item").wait_for(state="detached")
    await page.get_by_test_id("original-switch").wait_for(state="detached")
    await until(page.get_by_test_id("corrections"), "c => !c.innerText.includes('worked in')")
    assert await told(owner, climb_id) == []


async def test_holds_are_moved_taken_away_and_made_on_the_wall(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await begin(page, web_url, climb_id)
    await page.get_by_test_id("work-wall").tap()
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await page.get_by_test_id("tool-hold").tap()
    box = await page.get_by_test_id("hold-9").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.move(*middle)
    await page.mouse.down()
    await page.mouse.move(middle[0] - 40, middle[1], steps=4)
    await page.get_by_test_id("magnifier").wait_for()
    await page.mouse.up()
    await page.get_by_test_id("hold-4").press("Enter")
    await page.get_by_text("Hold 4 is chosen").wait_for()
    await page.get_by_test_id("hold-remove").tap()
    await page.get_by_text("Hold 4 is taken away").wait_for()
    await page.mouse.click(middle[0] - 60, middle[1] - 70)
    await page.get_by_test_id("hold-who").tap()
    await until(page.get_by_test_id("work-words"), "w => w.innerText.includes('on a new hold')")
    await page.get_by_test_id("work-send").tap()
    await page.get_by_test_id("deriving").wait_for()
    (edits,) = await told(owner, climb_id)
    moved, removed = sorted(edits["holds"], key=lambda hold: hold["to"] is None)
    assert removed["to"] is None
    assert moved["to"][0] < moved["at"][0] - 0.1
    assert moved["to"][1] == pytest.approx(moved["at"][1], abs=0.05)
    (contact,) = edits["contacts"]
    assert contact["kind"] == "hold"
    assert contact["place"][0] < moved["at"][0]
    assert contact["place"][1] > moved["at"][1], "up on the screen is up on the wall"


async def test_a_point_goes_with_the_finger_and_with_the_keys_in_pixels_of_the_frame(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await begin(page, web_url, climb_id)
    await page.get_by_test_id("tool-point").tap()
    await page.get_by_test_id("landmark").select_option("right_knee")
    (place,) = await corners(page.get_by_test_id("stage"), (60, 80))
    await page.mouse.click(*place)
    await until(page.get_by_test_id("joint-right_knee"), "p => p === document.activeElement")
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("ArrowDown")
    await page.get_by_test_id("work-send").tap()
    await page.get_by_test_id("deriving").wait_for()
    (edits,) = await told(owner, climb_id)
    (point,) = edits["keypoints"]
    assert (point["frame"], point["landmark"]) == (AT_S * FPS, "right_knee")
    assert (point["x_px"], point["y_px"]) == pytest.approx((70, 81), abs=2)


async def test_what_does_not_fit_is_named_and_taken_back(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str, programs: Programs
) -> None:
    """It was sent before the API looked at holds; the work on it fails."""
    path = f"/api/v1/analyses/{climb_id}/corrections"
    fits = {"limb": "left_foot", "start_frame": 0, "end_frame": FRAMES, "kind": "none"}
    nose = {"frame": 5, "landmark": "nose", "x_px": 10, "y_px": 10}
    await owner.post(path, {"keypoints": [nose]})
    await owner.post(path, {"contacts": [fits]})
    await sql(
        engines,
        "update corrections set edits = jsonb_set(edits, '{keypoints,0,frame}', %s::jsonb)"
        " where analysis_id = %s and jsonb_array_length(edits->'keypoints') > 0",
        str(UNSEEN_FRAME),
        climb_id,
    )
    programs.worker(**QUICK)
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("derivation-stopped").wait_for(timeout=60_000)
    odd = page.locator("[data-testid=correction-item][data-odd=true]")
    assert await odd.count() == 1
    assert "Nose at" in await odd.inner_text()
    await odd.get_by_test_id("take-back").tap()
    await page.get_by_test_id("derived").wait_for()
    assert await told(owner, climb_id) == [
        {"contacts": [{**fits, "place": None}], "holds": [], "keypoints": []}
    ]
    await page.locator(".corrections-list summary").tap()
    await page.get_by_test_id("take-all-back").tap()
    await page.get_by_test_id("confirm").tap()
    await page.get_by_test_id("correction-item").wait_for(state="detached")


async def test_what_is_not_sent_is_asked_for_before_it_is_gone(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await begin(page, web_url, climb_id)
    await page.get_by_test_id("work-send").press("Enter")
    await page.get_by_text("Nothing has been put right yet").wait_for()
    await page.keyboard.press("Escape")
    await until(page.get_by_test_id("put-right"), "b => b === document.activeElement")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("contact-kind").select_option("hold")
    await page.keyboard.press("Escape")
    dialog = page.get_by_test_id("confirm-dialog")
    await dialog.wait_for()
    assert "1 correction was not sent" in await dialog.inner_text()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    assert await page.get_by_test_id("work").count() == 1
    await page.get_by_test_id("work-close").tap()
    await page.get_by_test_id("confirm").tap()
    await page.get_by_test_id("put-right").wait_for()
    assert await told(owner, climb_id) == []


async def test_the_workbench_fits_and_has_no_finding_of_the_audit(
    page: Page, web_url: str, climb_id: str
) -> None:
    await page.context.add_init_script(path=AXE)
    await begin(page, web_url, climb_id)
    for tool in ("contact", "hold", "point"):
        await page.get_by_test_id(f"tool-{tool}").tap()
        assert not await page.evaluate(AUDIT), tool
        await assert_it_fits(page, PHONE["width"], PHONE["height"])
    await tab_to(page, "work-send")
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    for tool in ("contact", "hold", "point"):
        await page.get_by_test_id(f"tool-{tool}").tap()
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], tool
