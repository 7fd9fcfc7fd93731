"""What hands and feet carry: beside their rings in the picture, in a table, and the angle that it needs."""

import re

import pytest_asyncio
from playwright.async_api import Page

from ascension.analyses.result import decode
from ascension.climbing.record import StanceLoads
from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.seeds import FRAMES
from tests.web.steps import open_climb, until
from tests.web.test_correction import sent
from tests.web.test_player import PAINTED

LEANING = seeds.example_result(overhang_deg=10)


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """The example, ready to play; nobody told how far its wall leans."""
    return (await seeds.ready_climb(engines, owner))["id"]


def longest_stance() -> StanceLoads:
    climb = decode(LEANING).facts.climb
    assert climb is not None
    stances = [stance for attempt in climb.attempts if attempt.loads for stance in attempt.loads.stances]
    return max(stances, key=lambda stance: stance.end - stance.start)


async def test_loads_stand_beside_hands_and_feet_and_can_be_switched_off(
    page: Page, web_url: str, engines: Engines, climb_id: str
) -> None:
    await seeds.store_result(engines, climb_id, LEANING)
    overlay = await open_climb(page, web_url, climb_id)
    stance = longest_stance()
    lanes = page.get_by_test_id("lanes")
    box = await lanes.bounding_box()
    assert box is not None
    middle = (stance.start + stance.end) / 2
    await lanes.tap(position={"x": box["width"] * (middle + 0.5) / FRAMES, "y": box["height"] / 2})
    await until(
        overlay, f"c => {stance.start} <= Number(c.dataset.frame) && Number(c.dataset.frame) < {stance.end}"
    )
    shares = [round(100 * load / sum(stance.loads)) for load in stance.loads]
    told = await page.get_by_test_id("loads").inner_text()
    assert [int(share) for share in re.findall(r"(\d+)\s%", told)] == shares

    for layer in ("skeleton", "path", "contacts"):
        await page.get_by_test_id(f"layer-{layer}").tap()
    await until(page.get_by_test_id("layer-contacts"), "b => b.ariaPressed === 'false'")
    await until(overlay, PAINTED)
    await page.keyboard.press("l")
    await until(page.get_by_test_id("layer-loads"), "b => b.ariaPressed === 'false'")
    await until(overlay, f"c => !({PAINTED})(c)")


async def test_without_the_angle_it_is_asked_for_and_sent_with_the_rest(
    page: Page, web_url: str, owner: Climber, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    await page.get_by_test_id("loads").get_by_text("nobody told how far the wall leans").wait_for()
    assert await page.get_by_test_id("layer-loads").count() == 0, "a switch without anything to show"
    await page.get_by_test_id("tell-lean").tap()
    await page.get_by_test_id("lean-degrees").fill("95")
    await page.get_by_test_id("correction-send").tap()
    await page.get_by_text("between 0 and 90 degrees").wait_for()
    await page.get_by_test_id("lean-degrees").fill("7,5")
    await page.get_by_test_id("lean-way").select_option("away")
    assert await sent(page, owner, climb_id) == {"overhang_deg": -7.5}
    await until(page.get_by_test_id("climber-facts"), "f => f.innerText.includes('a slab, 7.5°')")
