"""Sharing in the browser: a link from its dialog to the end, a coach from the invitation to the end."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from tests.comparisons.seeds import filmed_climb, finished_comparison
from tests.comparisons.walls import first_clip, second_clip
from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, seeded_climber
from tests.rows import sql
from tests.sharing.seeds import coached, shared_path
from tests.web.conftest import PHONE
from tests.web.seeds import logged_in, ready_climb, store_wall_picture
from tests.web.steps import agree, until


@asynccontextmanager
async def another_phone(browser: Browser) -> AsyncGenerator[Page]:
    """Somebody else's: nothing of this one is known there."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(15_000)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def test_a_link_is_made_opened_with_its_password_and_ended(
    page: Page, owner: Climber, browser: Browser, engines: Engines, web_url: str
) -> None:
    climb = await ready_climb(engines, owner)
    await store_wall_picture(engines, owner, climb["id"])
    await page.goto(f"{web_url}/climbs/{climb['id']}")
    await page.get_by_test_id("share").tap()
    await page.get_by_test_id("is-private").wait_for()
    await page.get_by_test_id("share-days").select_option("7")
    await page.get_by_test_id("share-locked").check()
    await page.get_by_test_id("share-password").fill("blue slab")
    await page.get_by_test_id("share-make").tap()
    await expect(page.get_by_test_id("share-locked")).not_to_be_checked()
    await expect(page.get_by_test_id("share-days")).to_have_value("7")  # for the next one, too
    link = await page.get_by_test_id("link").input_value()
    assert link.startswith(f"{web_url}/shared#")
    async with another_phone(browser) as guest:
        asked: list[str] = []
        guest.on("request", lambda request: asked.append(request.url))
        await guest.goto(f"{web_url}/shared#{'A' * 43}")
        await guest.get_by_text("This link has ended").wait_for()
        await guest.goto(link)  # in the same tab only what follows the hash sign changes
        for typed, comes in (("not this", "guest-error"), ("blue slab", "shared-climb")):
            await guest.get_by_test_id("guest-password").fill(typed)
            await guest.get_by_test_id("guest-open").tap()
            await guest.get_by_test_id(comes).wait_for()
        await guest.get_by_test_id("wall-picture").wait_for()
        await guest.get_by_test_id("coach").wait_for()
        assert await guest.get_by_test_id("comments").count() == 0
        assert (
            await guest.locator("meta[name=robots]").get_attribute("content")
            == "noindex, nofollow, noarchive"
        )
        assert await guest.get_by_text(owner.user["display_name"]).count() == 0
        assert not [url for url in asked if link.partition("#")[2] in url], "the token is in no address"
        await guest.reload()  # its ticket still counts
        await guest.get_by_test_id("shared-climb").wait_for()
        await page.get_by_test_id("share-end").tap()
        await page.get_by_test_id("is-private").wait_for()
        await guest.reload()
        await guest.get_by_test_id("guest-ended").wait_for()


async def test_a_copy_that_failed_is_told_and_made_again(
    page: Page, owner: Climber, engines: Engines, web_url: str
) -> None:
    climb = await ready_climb(engines, owner)
    await page.goto(f"{web_url}/climbs/{climb['id']}")
    await page.get_by_test_id("share").tap()
    await page.get_by_test_id("share-video").check()
    await page.get_by_test_id("share-make").tap()
    told = page.get_by_test_id("share-copy")
    await expect(told).to_have_attribute("data-state", "under_way")
    await sql(
        engines,
        "update jobs set state = 'failed' where id in (select job_id from video_copies where video_id = %s)",
        climb["video"]["id"],
    )
    await expect(told).to_have_attribute("data-state", "failed", timeout=15_000)  # without being asked
    await page.get_by_test_id("share-copy-again").tap()
    await expect(told).to_have_attribute("data-state", "under_way")


async def test_a_coach_is_invited_comments_and_is_ended(
    page: Page, owner: Climber, browser: Browser, engines: Engines, web_url: str
) -> None:
    climb = await ready_climb(engines, owner)
    await store_wall_picture(engines, owner, climb["id"])
    async with (
        another_phone(browser) as theirs,
        logged_in(theirs, await seeded_climber(engines, web_url)) as coach,
    ):
        await page.goto(f"{web_url}/account")
        await page.get_by_test_id("coach-email").fill(coach.email)
        await page.get_by_test_id("coach-invite").tap()
        link = await page.get_by_test_id("invited").get_by_test_id("link").input_value()
        await theirs.goto(link)
        await theirs.get_by_test_id("accept").tap()
        await theirs.get_by_test_id("to-shared-climb").tap()
        # letters, the space and the dot are keys of the player elsewhere
        await theirs.get_by_test_id("comment-text").press_sequentially("Quiet feet.")
        await page.goto(f"{web_url}/climbs/{climb['id']}")
        await page.get_by_test_id("comments").wait_for()
        await theirs.get_by_test_id("comment-say").tap()
        await page.get_by_test_id("comment").get_by_text("Quiet feet.").wait_for()  # told live
        await expect(page.get_by_test_id("said")).to_have_count(1)
        await page.get_by_test_id("comment-delete").tap()
        await expect(theirs.get_by_test_id("comment")).to_have_count(0)
        await page.get_by_test_id("undo").tap()
        await theirs.get_by_test_id("comment-change").tap()
        await theirs.get_by_test_id("comment-changed").fill("Quiet feet, please.")
        await theirs.get_by_test_id("comment-save").tap()
        await page.get_by_text("Quiet feet, please.").wait_for()
        asked = {"at_s": 2.0, "text": "Which foot?"}
        assert (await owner.post(shared_path(climb["id"], "/comments"), asked)).status_code == 201
        await theirs.goto(f"{web_url}/climbers")
        await expect(theirs.get_by_test_id("climber-news")).to_have_text("1 new comment")
        await expect(theirs.get_by_test_id("open-comment")).to_contain_text("Which foot?")
        await theirs.get_by_test_id("to-comment").tap()
        await expect(theirs.get_by_role("button", name="Go to 0:02.00")).to_be_visible()
        await until(theirs.get_by_test_id("overlay"), "c => Number(c.dataset.frame) === 60")
        await page.goto(f"{web_url}/account")
        await page.get_by_test_id("coach-end").tap()
        await page.get_by_test_id("confirm").tap()
        await expect(page.get_by_test_id("coach")).to_have_count(0)
        await theirs.reload()
        await theirs.get_by_test_id("gone").wait_for()


async def test_who_is_invited_to_coach_without_an_account_is_told_by_whom_and_led_on(
    owner: Climber, browser: Browser, engines: Engines, web_url: str
) -> None:
    await ready_climb(engines, owner)
    email = f"{secrets.token_hex(6)}@example.org"
    invited = (await owner.post("/api/v1/coaches", {"email": email})).json()
    async with another_phone(browser) as theirs:
        await theirs.goto(f"{web_url}/coach#{invited['token']}")
        asked = theirs.get_by_test_id("coach-asked")
        await expect(asked).to_contain_text(f"You are asked to be a coach of {owner.user['display_name']}")
        await expect(asked).to_contain_text(email)
        assert invited["token"] not in theirs.url
        await theirs.reload()  # the address holds it no more, the browser does
        await expect(asked).to_contain_text(email)
        await theirs.get_by_test_id("account-email").fill(email)
        await theirs.get_by_test_id("account-password").fill(PASSWORD)
        await agree(theirs)
        await theirs.get_by_test_id("account-submit").tap()
        await theirs.get_by_test_id("accept").tap()
        await theirs.get_by_test_id("to-shared-climb").wait_for()
        await theirs.goto(f"{web_url}/coach")
        await expect(theirs.get_by_test_id("accept")).to_have_count(0)
    await owner.post("/api/v1/coaches", {"email": email})
    async with another_phone(browser) as theirs:
        await theirs.goto(f"{web_url}/coach#{invited['token']}")
        await theirs.get_by_test_id("coach-asked").get_by_role("alert").wait_for()
        await theirs.get_by_test_id("account-email").wait_for()
    other = {"email": f"{secrets.token_hex(6)}@example.org"}
    again = (await owner.post("/api/v1/coaches", other)).json()
    async with another_phone(browser) as shared, logged_in(shared, await seeded_climber(engines, web_url)):
        await shared.goto(f"{web_url}/coach#{again['token']}")
        await shared.get_by_test_id("account-menu").click()
        kept = "() => localStorage.getItem('ascension.coach-invitation')"
        has = f"token => (({kept})() ?? '').includes(token)"
        await shared.wait_for_function(has, arg=again["token"])
        await shared.get_by_test_id("log-out").click()
        await shared.get_by_test_id("account-email").wait_for()
        assert await shared.evaluate(kept) is None, "it goes with who had it"


async def test_a_coach_compares_two_climbs_until_the_climber_ends_it(
    page: Page, owner: Climber, browser: Browser, engines: Engines, web_url: str
) -> None:
    first = await filmed_climb(engines, owner, first_clip())
    second = await filmed_climb(engines, owner, second_clip())
    async with (
        another_phone(browser) as theirs,
        logged_in(theirs, await seeded_climber(engines, web_url)) as coach,
    ):
        coached_id = await coached(owner, coach)
        comparison_id = await finished_comparison(engines, coach, first["id"], second["id"])
        own = await filmed_climb(engines, coach, second_clip())
        await theirs.goto(f"{web_url}/climbers/{coached_id}/climbs/{first['id']}")
        await theirs.get_by_test_id("shared-climb").get_by_test_id("compare").tap()
        await theirs.get_by_test_id("earlier").wait_for()
        offered = theirs.get_by_test_id("candidate")
        ids = [await one.get_attribute("data-id") for one in await offered.all()]
        assert ids == [second["id"], own["id"]], "the climber's other climb, then the coach's own"
        await offered.first.tap()
        await theirs.wait_for_url(f"{web_url}/compare/{comparison_id}")
        await expect(theirs.get_by_test_id("compare")).to_have_attribute("aria-busy", "false")
        await expect(theirs.locator(".climb-page-when")).to_contain_text(owner.user["display_name"])
        await theirs.get_by_role("button", name="Wall").tap()
        await theirs.get_by_test_id("wall-picture").wait_for()
        await page.goto(f"{web_url}/account")
        await page.get_by_test_id("coach-end").tap()
        await page.get_by_test_id("confirm").tap()
        await expect(page.get_by_test_id("coach")).to_have_count(0)
        await theirs.reload()
        await theirs.get_by_text("There is no comparison with this id among yours.").wait_for()
        assert await theirs.get_by_test_id("compare").count() == 0
