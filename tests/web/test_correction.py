"""Somebody else climbs: picked by tap, by box, by keyboard; the height that gives lengths their meters."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from ascension.analyses.result import Caution
from tests.analyses import outcomes
from tests.conftest import Engines
from tests.platform import EXAMPLE, Climber
from tests.rows import sql
from tests.web import seeds
from tests.web.seeds import FPS, SIZE_PX, STANDING_PX
from tests.web.steps import open_climb, tab_to, until
from tests.web.test_accessibility import SMALL_TARGETS, STICKING_OUT

AT_FRAME = 4 * FPS


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """A climb in which somebody who stands at the right was taken for the climber."""
    return (await seeds.ready_climb(engines, owner))["id"]


async def open_at(page: Page, url: str, climb_id: str, frame: int = AT_FRAME) -> None:
    """The player, standing at a frame."""
    overlay = await open_climb(page, url, climb_id)
    for _ in range(frame // FPS):
        await page.keyboard.press("ArrowRight")
    await until(overlay, f"c => c.dataset.frame === '{frame}'")


async def sent(page: Page, climber: Climber, analysis_id: str) -> dict[str, Any]:
    """Ask for the analysis anew; what the API then knows."""
    await page.get_by_test_id("correction-send").click()
    await page.get_by_test_id("under-way").wait_for()
    choices = (await climber.get(f"/api/v1/analyses/{analysis_id}")).json()["choices"]
    return {name: value for name, value in choices.items() if value is not None}


async def corners(stage: Locator, *places_px: tuple[float, float]) -> list[tuple[float, float]]:
    """Where pixels of the frame lie on the screen."""
    box = await stage.bounding_box()
    assert box is not None
    return [
        (box["x"] + x / SIZE_PX[0] * box["width"], box["y"] + y / SIZE_PX[1] * box["height"])
        for x, y in places_px
    ]


async def test_another_person_is_tapped_and_the_old_skeleton_stays_until_the_new_one_is_there(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("play").click()
    await page.get_by_test_id("not-the-climber").tap()
    await until(page.get_by_test_id("video"), "v => v.paused")
    assert await page.get_by_test_id("person-1").get_attribute("aria-label") == "Person 1, followed until now"
    await page.get_by_test_id("person-2").tap()
    await page.get_by_role("heading", name="Person 2 is the climber").wait_for()
    await page.get_by_test_id("picked").wait_for()
    told = await sent(page, owner, climb_id)
    assert list(told) == ["climber"]
    climber = told["climber"]
    assert climber["at_s"] * FPS == pytest.approx(round(climber["at_s"]) * FPS), "not one of the boxes"
    assert 100 < climber["left_px"] + climber["width_px"] / 2 < 380
    await page.get_by_test_id("overlay").wait_for()
    assert await page.get_by_test_id("not-the-climber").count() == 0, "cannot be asked for twice"

    frame = await page.get_by_test_id("overlay").get_attribute("data-frame")
    await outcomes.complete(engines, {"id": climb_id})
    await seeds.store_result(engines, climb_id, seeds.example_result(model="looked-again"))
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await until(page.get_by_test_id("summary"), "s => s.innerText.includes('looked-again')")
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{frame}'")
    assert await page.get_by_test_id("under-way").count() == 0
    assert "by you, at 0:0" in await page.get_by_test_id("climber-facts").inner_text()


async def test_a_box_is_dragged_in_pixels_of_the_frame(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").click()
    await page.get_by_test_id("picking").wait_for()
    begin, end = await corners(
        page.get_by_test_id("stage"), (300, 700), (60, 120)
    )  # over person 2, backwards
    await page.mouse.move(*begin)
    await page.mouse.down()
    await page.mouse.move(*end, steps=4)
    await page.mouse.up()
    await page.get_by_role("heading", name="The climber is in your box").wait_for()
    climber = (await sent(page, owner, climb_id))["climber"]
    assert climber["at_s"] == pytest.approx(AT_FRAME / FPS, abs=0.001)
    expected = {"left_px": 60, "top_px": 120, "width_px": 240, "height_px": 580}
    for name, value in expected.items():
        assert climber[name] == pytest.approx(value, abs=2), name


async def test_the_keyboard_picks_a_person_and_escape_leads_back_step_by_step(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").focus()
    await page.keyboard.press("Enter")
    await until(page.get_by_test_id("person-2"), "b => b === document.activeElement")  # the leftmost
    await page.keyboard.press("Tab")
    await until(page.get_by_test_id("person-1"), "b => b === document.activeElement")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Person 1 is the climber").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_test_id("picking").wait_for()
    await page.keyboard.press("Escape")
    await until(page.get_by_test_id("not-the-climber"), "b => b === document.activeElement")
    await page.keyboard.press("Enter")
    await tab_to(page, "person-1")
    await page.keyboard.press("Enter")
    await tab_to(page, "correction-send")
    climber = (await sent(page, owner, climb_id))["climber"]
    assert [climber[name] for name in ("left_px", "top_px", "width_px", "height_px")] == list(STANDING_PX)


async def test_a_box_is_placed_and_moved_by_keys(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").click()
    # shown where there is a keyboard, which a phone-like page hides; its press is what is tested
    await page.get_by_test_id("begin-box").evaluate("b => b.click()")
    draft = page.get_by_test_id("draft")
    await until(draft, "b => b === document.activeElement")
    before = await draft.bounding_box()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowUp"):
        await page.keyboard.press(key)
    await until(draft, f"b => b.getBoundingClientRect().height > {(before or {})['height'] + 5}")
    after = await draft.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] < before["x"] - 5
    assert await page.get_by_test_id("overlay").get_attribute("data-frame") == str(AT_FRAME), (
        "the player moved"
    )
    await page.keyboard.press("Enter")
    climber = (await sent(page, owner, climb_id))["climber"]
    assert climber["height_px"] > climber["width_px"] > 100


async def test_a_tap_beside_everybody_begins_a_box_that_another_moment_does_not_have(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").tap()
    await page.get_by_test_id("picking").wait_for()
    [beside] = await corners(page.get_by_test_id("stage"), (60, 100))
    await page.touchscreen.tap(*beside)
    await page.get_by_test_id("draft").wait_for()
    await page.get_by_test_id("step-forward").tap()
    await page.get_by_test_id("draft").wait_for(state="detached")
    await page.touchscreen.tap(*beside)
    await page.get_by_test_id("draft").tap()
    await page.get_by_role("heading", name="The climber is in your box").wait_for()
    await page.get_by_test_id("correction-back").tap()
    await page.get_by_test_id("draft").wait_for()


async def test_a_height_in_feet_goes_out_in_meters_and_what_was_told_before_stays_told(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    told = {"climber": {"at_s": 1.0, "left_px": 10, "top_px": 20, "width_px": 90, "height_px": 200}}
    await sql(engines, "update analyses set choices = %s where id = %s", outcomes.Jsonb(told), climb_id)
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("your-height").tap()
    await page.get_by_test_id("height-unit").select_option("cm")
    await page.get_by_test_id("height-cm").fill("17")
    await page.get_by_test_id("correction-send").tap()
    await page.get_by_text("between 80 and 250 cm").wait_for()
    await page.get_by_test_id("height-unit").select_option("ft")
    await page.get_by_test_id("height-feet").fill("5")
    await page.get_by_test_id("height-inches").fill("9")
    await page.route("**/retry", lambda route: route.abort())
    await page.get_by_test_id("correction-send").tap()
    await page.get_by_test_id("correction-error").wait_for()
    await page.unroute("**/retry")
    assert await sent(page, owner, climb_id) == {**told, "body_height_m": 1.753}
    await until(page.get_by_test_id("climber-facts"), "f => f.innerText.includes('5 ft 9 in')")


async def test_a_pointed_out_climber_can_be_left_to_us_again(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    told = {"climber": {"at_s": 1.0, "left_px": 10, "top_px": 20, "width_px": 90, "height_px": 200}}
    await sql(engines, "update analyses set choices = %s where id = %s", outcomes.Jsonb(told), climb_id)
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").tap()
    await page.get_by_test_id("pick-nobody").tap()
    assert await sent(page, owner, climb_id) == {}


async def test_where_nobody_was_found_the_climber_is_pointed_out_in_the_clip(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    analysis = await owner.analyze(EXAMPLE.read_bytes())
    await outcomes.fail(engines, analysis)
    await page.goto(f"{web_url}/climbs/{analysis['id']}")
    await page.get_by_test_id("point-out").tap()
    await page.get_by_test_id("picking").wait_for()
    await page.get_by_test_id("scrub").fill("4")
    await until(page.get_by_test_id("video"), "v => v.currentTime === 4 && !v.seeking")
    [middle] = await corners(page.get_by_test_id("stage"), (240, 450))
    await page.touchscreen.tap(*middle)
    await page.get_by_test_id("draft").tap()
    climber = (await sent(page, owner, analysis["id"]))["climber"]
    assert climber["at_s"] == 4
    assert climber["left_px"] + climber["width_px"] / 2 == pytest.approx(240, abs=2)


async def test_a_failed_second_look_leaves_the_first_skeleton(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    await outcomes.fail(engines, {"id": climb_id})
    await open_climb(page, web_url, climb_id)
    assert "skeleton from before" in await page.get_by_test_id("failure").inner_text()
    assert await page.get_by_test_id("point-out").count() == 0
    await page.get_by_test_id("not-the-climber").wait_for()


async def test_warnings_stand_together_each_with_its_code(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    warnings = (
        Caution(code="dark", detail="Switch on more light."),
        Caution(code="made_up_code", detail="Nobody has heard of this."),
    )
    await seeds.store_result(engines, climb_id, seeds.example_result(warnings=warnings))
    await open_climb(page, web_url, climb_id)
    shown = page.get_by_test_id("warnings").locator("[data-code]")
    texts = {
        await item.get_attribute("data-code"): (await item.inner_text()).split("\n\n")
        for item in await shown.all()
    }
    assert texts == {
        "dark": ["Dark picture", "Switch on more light."],
        "made_up_code": ["Made up code", "Nobody has heard of this."],
    }


async def test_pointing_out_fits_small_phones(page: Page, web_url: str, climb_id: str) -> None:
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("not-the-climber").tap()
    await page.get_by_test_id("picking").wait_for()
    for step in ("who", "send"):
        for width_px, height_px in ((360, 640), (320, 568), (844, 390)):
            await page.set_viewport_size({"width": width_px, "height": height_px})
            await until(page.locator(".controls"), f"c => c.dataset.step === '{step}'")
            await assert_it_fits(page, width_px, height_px)
        if step == "who":
            await page.get_by_test_id("person-2").tap()


async def assert_it_fits(page: Page, width_px: int, height_px: int) -> None:
    stage = await page.get_by_test_id("stage").bounding_box()
    controls = await page.locator(".controls").bounding_box()
    assert stage is not None
    assert controls is not None
    where = f"at {width_px} x {height_px} px"
    assert stage["height"] >= 200, where
    is_below = stage["y"] + stage["height"] <= controls["y"] + 1
    is_beside = stage["x"] + stage["width"] <= controls["x"] + 1
    assert is_below or is_beside, f"the questions cover the picture {where}"
    assert controls["y"] + controls["height"] <= height_px + 1, where
    assert not await page.evaluate(STICKING_OUT), where
    assert not await page.evaluate(SMALL_TARGETS), where
