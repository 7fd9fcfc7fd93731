"""What climbers tell about their body: in their units, saved, taken back, used for a climb that exists."""

from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.steps import comes_true, open_climb, tab_to, until
from tests.web.test_accessibility import AUDIT, AXE, SMALL_TARGETS, STICKING_OUT

PROFILE = "/api/v1/users/me/climber"


@pytest_asyncio.fixture(loop_scope="session")
async def profile_page(page: Page, web_url: str, owner: Climber) -> Page:
    """The profile's page, of somebody who has told nothing."""
    await page.context.add_init_script(path=AXE)
    await page.context.add_init_script("localStorage['ascension.units'] ??= '\"metric\"'")
    await owner.put(PROFILE, {})
    await page.goto(web_url)
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("to-climber").tap()
    await page.get_by_test_id("profile").wait_for()
    return page


async def told(climber: Climber) -> dict[str, Any]:
    return {name: value for name, value in (await climber.get(PROFILE)).json().items() if value}


async def test_a_profile_is_saved_and_taken_back(profile_page: Page, owner: Climber) -> None:
    page = profile_page
    await page.get_by_test_id("height-unit").select_option("ft")
    await page.get_by_test_id("height-feet").fill("5")
    await page.get_by_test_id("height-inches").fill("9")
    await page.get_by_test_id("span-cm").fill("178,5")
    await page.get_by_test_id("mass-unit").select_option("kg")
    await page.get_by_test_id("mass").fill("64")
    await page.get_by_test_id("sex").select_option("female")
    await page.get_by_test_id("level").select_option("advanced")
    await page.get_by_test_id("limb-left_hand").tap()
    await expect(page.get_by_test_id("limb-left_hand")).to_contain_text("Left hand injured")
    await page.get_by_test_id("profile-save").tap()
    await page.get_by_text("Analyses from now on know it").wait_for()
    first = {
        "height_m": 1.753,
        "arm_span_m": 1.785,
        "mass_kg": 64,
        "sex": "female",
        "level": "advanced",
        "injured": ["left_hand"],
    }
    assert await told(owner) == first

    await page.get_by_test_id("sex").select_option("")
    await page.get_by_test_id("profile-save").tap()
    await until(page.get_by_test_id("profile-reset"), "b => b.disabled")
    assert await told(owner) == {name: value for name, value in first.items() if name != "sex"}
    await page.get_by_test_id("profile-undo").tap()
    await page.get_by_text("Taken back").wait_for()
    assert await told(owner) == first
    await page.reload()
    await page.get_by_test_id("profile").wait_for()
    assert await page.get_by_test_id("height-feet").input_value() == "5"
    assert await page.get_by_test_id("sex").input_value() == "female"


async def test_what_no_body_has_is_refused_where_it_was_typed(profile_page: Page, owner: Climber) -> None:
    page = profile_page
    await page.get_by_test_id("height-cm").fill("17")
    await page.get_by_test_id("mass").fill("many")
    await page.get_by_test_id("profile-save").tap()
    await page.get_by_text("Between 80 and 250 cm").wait_for()
    await page.get_by_text("Between 10 and 250 kg").wait_for()
    assert await told(owner) == {}
    await page.get_by_test_id("profile-reset").tap()
    assert await page.get_by_test_id("height-cm").input_value() == ""


async def test_the_profile_is_reached_and_filled_by_keys_and_passes_the_audit(
    profile_page: Page, owner: Climber
) -> None:
    page = profile_page
    await tab_to(page, "height-cm")
    await page.keyboard.type("174")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("profile-undo").wait_for()
    assert await told(owner) == {"height_m": 1.74}
    await tab_to(page, "limb-right_foot")
    for key, state in (("Space", "injured"), ("Enter", "missing")):
        await page.keyboard.press(key)
        await expect(page.get_by_test_id("limb-right_foot")).to_contain_text(f"Right foot {state}")
    await tab_to(page, "profile-save")
    await page.keyboard.press("Enter")

    async def is_saved() -> bool:  # the words of the first saving are still there
        return await told(owner) == {"height_m": 1.74, "missing": ["right_foot"]}

    await comes_true(is_saved, "the missing foot is saved")
    await page.get_by_text("Analyses from now on know it").wait_for()
    assert not await page.evaluate(AUDIT)
    assert not await page.evaluate(SMALL_TARGETS)
    for width_px, text_pct in ((390, 200), (320, 100)):
        await page.set_viewport_size({"width": width_px, "height": 844})
        await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
        assert not await page.evaluate(STICKING_OUT)


async def test_a_climb_that_exists_is_made_again_with_the_profile(
    page: Page, web_url: str, owner: Climber, engines: Engines
) -> None:
    climb = await seeds.ready_climb(engines, owner)
    await owner.put(PROFILE, {"height_m": 1.74, "mass_kg": 64})
    await open_climb(page, web_url, climb["id"])
    await page.get_by_text("told something else about yourself").wait_for()
    await page.get_by_test_id("again-with-body").tap()
    await page.get_by_test_id("under-way").wait_for()
    choices = (await owner.get(f"/api/v1/analyses/{climb['id']}")).json()["choices"]
    assert choices["body_height_m"] == 1.74
    assert choices["body"]["mass_kg"] == 64
    await page.get_by_text("was analyzed with what you told").wait_for()
