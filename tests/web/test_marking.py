"""A known length: two points or four corners on a frame, moved, taken back, measured, sent."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.analyses import outcomes
from tests.clips import short_climb
from tests.conftest import Engines
from tests.platform import Climber, Programs
from tests.rows import sql
from tests.web import seeds
from tests.web.seeds import FPS, OFF_WALL_FRAME
from tests.web.steps import open_climb, tab_to, until
from tests.web.test_accessibility import AXE, SMALL_TARGETS
from tests.web.test_correction import AT_FRAME, assert_it_fits, corners, open_at, sent

CORNERS_PX = ((100, 150), (300, 150), (300, 450), (100, 450))


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """The example with a made-up scale."""
    return (await seeds.ready_climb(engines, owner))["id"]


async def press(page: Page, *places_px: tuple[float, float]) -> None:
    """Set or take a point where each of these pixels of the frame lies."""
    for place in await corners(page.get_by_test_id("stage"), *places_px):
        await page.mouse.click(*place)


async def drag(page: Page, begin_px: tuple[float, float], end_px: tuple[float, float]) -> None:
    begin, end = await corners(page.get_by_test_id("stage"), begin_px, end_px)
    await page.mouse.move(*begin)
    await page.mouse.down()
    await page.mouse.move(*end, steps=4)
    await page.get_by_test_id("magnifier").wait_for()
    await page.mouse.up()
    await page.get_by_test_id("magnifier").wait_for(state="detached")


async def test_a_distance_is_marked_moved_and_sent_in_pixels_of_the_frame(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await press(page, (100, 150))
    assert await page.get_by_test_id("mark-next").is_disabled()
    await press(page, (400, 200))
    await until(page.get_by_test_id("mark-words"), "w => /this is \\d+\\.\\d\\d\\s?m now/.test(w.innerText)")
    await drag(page, (405, 195), (325, 155))
    await page.get_by_test_id("mark-next").tap()
    await page.get_by_test_id("size-unit").select_option("cm")
    await page.get_by_test_id("correction-send").tap()
    await page.get_by_text("between 5 cm and 5000 cm").wait_for()
    await page.get_by_test_id("size-length").fill("120,5")
    told = await sent(page, owner, climb_id)
    assert list(told) == ["known_distance"]
    known = told["known_distance"]
    assert known["at_s"] == pytest.approx(AT_FRAME / FPS, abs=0.001)
    assert known["from_px"] == pytest.approx([100, 150], abs=2)
    assert known["to_px"] == pytest.approx([320, 160], abs=2), "the point jumped to the finger"
    assert known["distance_m"] == 1.205
    await until(page.get_by_test_id("climber-facts"), "f => f.innerText.includes('120.5 cm')")


async def test_corners_may_be_set_in_any_order_and_take_the_place_of_a_distance(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    before: dict[str, Any] = {
        "body_height_m": 1.8,
        "known_distance": {"at_s": 2.0, "from_px": [50, 60], "to_px": [350, 60], "distance_m": 1.0},
    }
    await sql(engines, "update analyses set choices = %s where id = %s", outcomes.Jsonb(before), climb_id)
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await page.get_by_test_id("point-2").wait_for()
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{2 * FPS}'")
    await page.get_by_test_id("shape-rectangle").tap()
    await page.get_by_test_id("point-1").wait_for(state="detached")
    await press(page, *(CORNERS_PX[index] for index in (2, 0, 3, 1)))
    await page.get_by_test_id("mark-next").tap()
    await page.get_by_test_id("size-unit").select_option("cm")
    await page.get_by_test_id("size-width").fill("100")
    await page.get_by_test_id("size-height").fill("150")
    told = await sent(page, owner, climb_id)
    assert set(told) == {"body_height_m", "known_rectangle"}
    known = told["known_rectangle"]
    for place, expected in zip(known["corners_px"], CORNERS_PX, strict=True):
        assert place == pytest.approx(list(expected), abs=2)
    assert (known["width_m"], known["height_m"]) == (1.0, 1.5)


async def test_every_step_is_taken_back_and_bad_marks_are_explained(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await press(page, (100, 150), (300, 150))
    point = page.get_by_test_id("point-2")
    where = await point.get_attribute("style")
    await drag(page, (300, 150), (150, 160))
    await drag(page, (150, 160), (104, 152))
    await page.get_by_text("too close").wait_for()
    assert await page.get_by_test_id("mark-next").is_disabled()
    await page.get_by_test_id("undo").tap()
    await page.get_by_test_id("undo").tap()
    assert await point.get_attribute("style") == where, "a drag is one step"
    await page.get_by_test_id("clear").tap()
    await point.wait_for(state="detached")
    await page.get_by_test_id("undo").tap()
    await point.wait_for()
    for _ in range(2):
        await page.get_by_test_id("undo").tap()
    assert await page.get_by_test_id("undo").is_disabled()
    await page.get_by_test_id("point-1").wait_for(state="detached")


async def test_keys_alone_set_and_move_points_by_a_pixel(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").focus()
    await page.keyboard.press("Enter")
    for number in (1, 2):
        # shown where there is a keyboard, which a phone-like page hides; its press is what is tested
        await page.get_by_test_id("add-point").evaluate("b => b.click()")
        await until(page.get_by_test_id(f"point-{number}"), "b => b === document.activeElement")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        await page.keyboard.press(key)
    await page.get_by_test_id("magnifier").wait_for()
    assert await page.get_by_test_id("overlay").get_attribute("data-frame") == str(AT_FRAME), "it moved on"
    await tab_to(page, "mark-next")
    await page.keyboard.press("Enter")
    await tab_to(page, "size-length")
    await page.keyboard.type("100")
    known = (await sent(page, owner, climb_id))["known_distance"]
    assert known["from_px"] == [160, 427]
    assert known["to_px"] == [322, 438]


async def test_points_stay_in_their_picture_and_pictures_off_the_wall_take_none(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await press(page, (100, 150))
    await page.get_by_test_id("scrub").fill(str(OFF_WALL_FRAME))
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{OFF_WALL_FRAME}'")
    await page.get_by_text("Your points are in the picture at 0:04.00").wait_for()
    await press(page, (200, 150))
    assert await page.get_by_test_id("point-1").count() == 0
    await page.get_by_test_id("show-points").tap()
    await page.get_by_test_id("point-1").wait_for()
    assert await page.get_by_test_id("point-2").count() == 0
    await page.get_by_test_id("clear").tap()
    await page.get_by_test_id("scrub").fill(str(OFF_WALL_FRAME))
    await page.get_by_text("no place on the wall").wait_for()
    await press(page, (200, 150))
    assert await page.get_by_test_id("point-1").count() == 0


async def test_a_known_length_can_be_forgotten(
    page: Page, web_url: str, engines: Engines, owner: Climber, climb_id: str
) -> None:
    known = {"at_s": 2.0, "from_px": [50, 60], "to_px": [350, 60], "distance_m": 1.0}
    told = {"body_height_m": 1.8, "known_distance": known}
    await sql(engines, "update analyses set choices = %s where id = %s", outcomes.Jsonb(told), climb_id)
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await page.get_by_test_id("mark-next").tap()
    await page.get_by_test_id("correction-send").tap()
    await page.get_by_text("Nothing has changed yet").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_test_id("clear").tap()
    await page.get_by_test_id("forget-length").tap()
    assert await sent(page, owner, climb_id) == {"body_height_m": 1.8}


async def test_marking_fits_small_phones_and_passes_the_audit(
    page: Page, web_url: str, climb_id: str
) -> None:
    await page.add_init_script(path=AXE)
    await open_at(page, web_url, climb_id)
    await page.get_by_test_id("known-length").tap()
    await press(page, (200, 300), (300, 500))
    for step in ("mark", "size"):
        for width_px, height_px in ((390, 844), (360, 640), (844, 390)):
            await page.set_viewport_size({"width": width_px, "height": height_px})
            await until(page.locator(".controls"), f"c => c.dataset.step === '{step}'")
            await assert_it_fits(page, width_px, height_px)
        await page.set_viewport_size({"width": 390, "height": 844})
        found = await page.evaluate(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => v.id)"
        )
        assert found == []
        assert not await page.evaluate(SMALL_TARGETS)
        if step == "mark":
            await page.get_by_test_id("mark-next").tap()


async def test_on_an_upright_phone_picture_switch_and_controls_are_seen_together(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    for width_px, height_px in ((390, 844), (390, 664), (360, 640)):
        await page.set_viewport_size({"width": width_px, "height": height_px})
        controls = await page.locator(".controls").bounding_box()
        assert controls is not None
        for seen in (page.get_by_test_id("stage"), page.get_by_test_id("view-wall")):
            box = await seen.bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= controls["y"] + 1, f"{width_px} x {height_px}"


@pytest.mark.usefixtures("clean_database")  # the worker finds no jobs of other tests
@pytest.mark.thorough
async def test_a_marked_length_becomes_meters_and_a_mark_outside_leaves_the_result(
    page: Page, web_url: str, owner: Climber, programs: Programs
) -> None:
    programs.worker()
    analysis = await owner.wait((await owner.analyze(short_climb(40)))["id"])
    await open_climb(page, web_url, analysis["id"])
    facts = page.get_by_test_id("climber-facts")
    assert "in torso lengths" in await facts.inner_text()
    await page.get_by_test_id("known-length").tap()
    await press(page, (60, 150), (420, 150))
    assert "torso lengths" in await page.get_by_test_id("mark-words").inner_text()
    await page.get_by_test_id("mark-next").tap()
    await page.get_by_test_id("size-unit").select_option("cm")
    await page.get_by_test_id("size-length").fill("200")
    told = await sent(page, owner, analysis["id"])
    await until(facts, "f => /in meters, ±\\s\\d+\\s%/.test(f.innerText)", timeout_s=60)
    await page.get_by_test_id("known-length").tap()
    await until(page.get_by_test_id("mark-words"), "w => /distance this is 2.00\\sm/.test(w.innerText)")

    told["known_distance"]["to_px"] = [4200, 150]
    path = f"/api/v1/analyses/{analysis['id']}"
    assert (await owner.post(f"{path}/retry", told)).status_code == 202
    failed = await owner.wait(analysis["id"])
    assert failed["failure"]["error"] == "mark_outside_picture"
    assert (await owner.get(f"{path}/result")).status_code == 200
    await page.get_by_text("The skeleton from before is shown").wait_for()
