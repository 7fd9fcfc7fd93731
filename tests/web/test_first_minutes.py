"""Somebody new: a finished example before registering, three screens after it, and never a bare list."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, seeded_climber
from tests.sharing.seeds import coached
from tests.web import seeds
from tests.web.seeds import logged_in
from tests.web.steps import agree, comes_true, until
from tests.web.test_sharing import another_phone


async def test_a_finished_example_plays_before_anybody_has_an_account(page: Page, web_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(web_url)
    await page.get_by_test_id("to-demo").tap()
    overlay = page.get_by_test_id("overlay")
    await overlay.wait_for()
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")
    await expect(page.get_by_test_id("coach")).to_have_attribute("aria-busy", "false")
    await page.get_by_test_id("video").evaluate("v => { v.muted = true; return v.play(); }")
    await until(overlay, "c => Number(c.dataset.frame) > 10")
    await page.get_by_role("button", name="Wall").tap()
    await page.get_by_test_id("wall-picture").wait_for()
    told = {url.removeprefix(web_url) for url in asked}
    assert not {url for url in told if url.startswith("/api/") and "/auth/" not in url}, "files only"
    for name in ("correct", "route-field", "share", "body-note", "not-the-climber"):
        assert await page.get_by_test_id(name).count() == 0, name
    await page.get_by_test_id("demo-start").tap()
    await expect(page.get_by_test_id("account-email")).to_be_in_viewport()


async def test_the_example_speaks_french_and_says_where_it_is_missing(page: Page, web_url: str) -> None:
    await page.add_init_script("localStorage['ascension.language'] = '\"fr\"'")
    await page.goto(f"{web_url}/demo")
    await page.get_by_text("Un grimpeur de synthèse").first.wait_for()
    await expect(page.get_by_test_id("coach")).to_have_attribute("aria-busy", "false")
    await page.route("**/examples/demo/**", lambda route: route.fulfill(status=404))
    await page.reload()
    await page.get_by_text("L’exemple n’est pas sur ce serveur.").wait_for()


async def test_three_screens_after_registering_are_seen_once_and_shown_again_when_asked(
    page: Page, web_url: str
) -> None:
    await page.goto(web_url)
    await page.get_by_test_id("account-email").fill(f"{id(page)}-introduced@example.org")
    await page.get_by_test_id("account-password").fill(PASSWORD)
    await agree(page)
    await page.get_by_test_id("account-submit").tap()
    introduction = page.get_by_test_id("introduction")
    await expect(introduction).to_have_attribute("data-step", "film")
    await page.get_by_test_id("introduction-next").tap()
    await expect(introduction).to_have_attribute("data-step", "read")
    heading = page.get_by_role("heading", name="Read what you did")
    await until(heading, "h => h === document.activeElement")
    await page.goto(web_url)  # not seen to the end: it comes again
    await expect(introduction).to_have_attribute("data-step", "film")
    for _ in range(3):
        await page.get_by_test_id("introduction-next").tap()
    await page.get_by_test_id("empty").wait_for()
    await page.goto(web_url)
    await page.get_by_test_id("empty").wait_for()
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("to-introduction").tap()
    await introduction.wait_for()
    await page.get_by_test_id("introduction-skip").tap()
    await page.get_by_test_id("empty").wait_for()


SENTENCES = re.compile(r"\S.{15,}[.!?:].*\S.{10,}[.!?]", re.DOTALL)
"""Says that there is nothing, and what to do."""


async def test_no_list_is_bare(page: Page, browser: Browser, web_url: str, engines: Engines) -> None:
    async with (
        another_phone(browser) as theirs,
        logged_in(theirs, await seeded_climber(engines, web_url)) as climber,
        logged_in(page, await seeded_climber(engines, web_url)) as owner,
    ):
        coached_id = await coached(climber, owner)
        lists = [
            ("/", "empty"),
            ("/progress", "progress-empty"),
            (f"/climbers/{coached_id}", "climbs-empty"),
            ("/account", "coaches-empty"),
            ("/account", "passkeys-empty"),
            ("/account", "exports-empty"),
            ("/account", "device-clips-none"),
        ]
        await _say_what_to_do(page, web_url, lists)
        assert (await owner.delete(f"/api/v1/climbers/{coached_id}")).status_code == 204
        ready = await seeds.ready_climb(engines, owner)
        climb = f"/climbs/{ready['id']}"
        await _say_what_to_do(
            page,
            web_url,
            [
                ("/climbers", "climbers-empty"),
                (climb, "comments-empty"),
                (f"{climb}/compare", "compare-empty"),
            ],
        )
        await page.goto(f"{web_url}{climb}")
        await page.get_by_test_id("share").tap()
        await expect(page.get_by_test_id("is-private")).to_have_text(re.compile(r"\S.{15,}\."))


async def _say_what_to_do(page: Page, web_url: str, lists: list[tuple[str, str]]) -> None:
    for path, test_id in lists:
        await page.goto(f"{web_url}{path}")
        said = page.get_by_test_id(test_id)
        await said.wait_for()
        assert SENTENCES.search(await said.inner_text()), f"{path}, {test_id}: {await said.inner_text()}"


@pytest.mark.parametrize("scheme", ["yds", "uiaa"])
async def test_units_and_grades_are_the_accounts_on_every_device(
    scheme: str, page: Page, owner: Climber, engines: Engines, web_url: str
) -> None:
    ready = await seeds.ready_climb(engines, owner)
    await page.goto(web_url)
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("units").select_option("imperial")
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("grades").select_option(scheme)
    await expect(page.get_by_test_id("climb")).to_have_count(1)
    kept = {"units": "imperial", "grades": scheme}

    async def is_kept() -> bool:
        return kept.items() <= (await owner.get("/api/v1/users/me")).json().items()

    await comes_true(is_kept, "units and grades are kept")
    await page.goto(f"{web_url}/climbs/{ready['id']}")
    await page.get_by_test_id("route-name").fill("Blue arête 6b")
    about = {"yds": "about 5.10c (YDS)", "uiaa": "about VII- (UIAA)"}[scheme]
    await expect(page.get_by_test_id("route-grade")).to_contain_text(about)
    await page.evaluate(
        "for (const key of ['ascension.units', 'ascension.grades']) localStorage.removeItem(key)"
    )
    await page.goto(f"{web_url}/you")
    await page.get_by_test_id("height-feet").wait_for()


async def test_advice_speaks_of_feet_to_whoever_reads_feet(owner: Climber, engines: Engines) -> None:
    ready = await seeds.ready_climb(engines, owner)
    path = f"/api/v1/analyses/{ready['id']}/coaching"
    answers = [await owner.get(f"{path}?units={units}") for units in ("metric", "imperial")]
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await owner.get(f"{path}?units=furlongs")).status_code == 422
