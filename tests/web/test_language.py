"""Two languages: the browser's at first, then the chosen one, on every screen that speaks of climbing."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page

from ascension.errors.base import ApiError, AscensionError
from ascension.errors.jobs import JobFailure
from tests.conftest import Engines
from tests.platform import ROOT, seeded_climber
from tests.web import seeds
from tests.web.conftest import PHONE
from tests.web.steps import log_in, open_climb, until
from tests.web.test_accessibility import AUDIT, AXE
from tests.web.test_progress import seed_climbs


def kinds(root: type[AscensionError]) -> list[type[AscensionError]]:
    """Every error below `root`, at any depth."""
    return [kind for child in root.__subclasses__() for kind in (child, *kinds(child))]


@pytest_asyncio.fixture(loop_scope="session")
async def french(browser: Browser) -> AsyncIterator[Page]:
    """A phone that is set to French."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="fr-CH")
    context.set_default_timeout(15_000)
    await context.add_init_script(path=AXE)
    yield await context.new_page()
    await context.close()


async def test_a_french_browser_gets_french_advice_moves_measures_and_progress(
    french: Page, web_url: str, engines: Engines
) -> None:
    page = french
    async with seeds.logged_in(page, await seeded_climber(engines, web_url)) as climber:
        climb_id = await seed_climbs(engines, climber)
        await open_climb(page, web_url, climb_id)
        assert await page.evaluate("document.documentElement.lang") == "fr"
        await page.get_by_test_id("advice").wait_for()
        assert "Conseils" in await page.get_by_test_id("advice").inner_text()
        assert "Main gauche" in await page.get_by_test_id("moves").inner_text()
        for summary in await page.get_by_test_id("measures").locator("summary").all():
            await summary.tap()
        measures = page.get_by_test_id("measures")
        assert "Mouvements des mains" in await measures.locator("[data-measure=pace]").inner_text()
        assert "de profil" in await measures.locator("[data-measure=hip_to_wall]").inner_text()
        axes = await page.get_by_test_id("axes").inner_text()
        assert "Économie" in axes
        assert "sur 100" in axes
        await page.get_by_test_id("put-right").tap()
        await page.get_by_test_id("work").wait_for()
        assert await page.get_by_test_id("tool-hold").inner_text() == "Prise"
        assert not await page.evaluate(AUDIT)
        await page.goto(f"{web_url}/progress")
        await page.get_by_test_id("trend").nth(6).wait_for()
        assert "Ton record" in await page.get_by_test_id("trend").first.inner_text()
        await page.goto(f"{web_url}/you")
        await page.get_by_test_id("profile").wait_for()
        assert "Envergure" in await page.get_by_test_id("profile").inner_text()


async def test_a_french_browser_is_refused_in_french(french: Page, web_url: str) -> None:
    await french.goto(web_url)
    await log_in(french, "nobody@example.org", "not the password")
    error = french.get_by_test_id("account-error")
    await error.wait_for()
    assert "ne correspondent à aucun compte" in await error.inner_text()


def test_every_refusal_in_french_is_one_of_the_product() -> None:
    words = (ROOT / "web" / "src" / "lib" / "refusals-fr.ts").read_text()
    translated = set(re.findall(r"^  ([a-z_]+):", words, re.MULTILINE))
    of_analyses = {kind.code for kind in JobFailure.__subclasses__()}
    of_comparisons_and_corrections = {
        *("attempt_missing", "correction_misplaced", "nothing_shared"),
        *("wall_picture_missing", "wall_texture_missing", "walls_differ"),
    }
    assert translated <= {kind.code for kind in kinds(ApiError)} | {kind.code for kind in kinds(JobFailure)}
    assert of_analyses - of_comparisons_and_corrections <= translated


async def test_another_language_is_chosen_kept_and_asked_for(
    page: Page, web_url: str, engines: Engines
) -> None:
    async with seeds.logged_in(page, await seeded_climber(engines, web_url)) as climber:
        climb = await seeds.ready_climb(engines, climber)
        await page.goto(web_url)
        await page.get_by_test_id("climb").wait_for()
        assert await page.evaluate("document.documentElement.lang") == "en"
        await page.get_by_test_id("account-menu").tap()
        await page.get_by_test_id("language").select_option("fr")
        heading = page.get_by_role("heading", name="Tes ascensions", exact=True)
        await until(heading, "h => h === document.activeElement")
        await page.reload()
        await heading.wait_for()
        async with page.expect_request("**/coaching?*language=fr*"):
            await open_climb(page, web_url, climb["id"])
        await page.get_by_test_id("advice").wait_for()
        assert "Conseils" in await page.get_by_test_id("advice").inner_text()
