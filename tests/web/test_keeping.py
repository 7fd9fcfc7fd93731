"""What stays and what goes, in the browser: time left, saving with Undo, an account deleted for good."""

import pytest
from playwright.async_api import Page

from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, Programs
from tests.rows import sql
from tests.web.seeds import ready_climb
from tests.web.steps import until


@pytest.mark.proves("M20", "M21")
async def test_a_card_says_how_long_the_video_stays_and_keeps_it_with_a_way_back(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    climb = await ready_climb(engines, owner)
    video_id = climb["video"]["id"]
    await sql(engines, "update videos set expires_at = now() + interval '3 h 10 min' where id = %s", video_id)
    await page.goto(web_url)
    card = page.get_by_test_id("climb")
    expires, save = card.get_by_test_id("expires"), card.get_by_test_id("save")
    toast = page.get_by_test_id("toast")
    await expires.wait_for()
    assert await expires.inner_text() == "Video expires in 3 hours"
    await save.click()
    await until(save, "b => b.getAttribute('aria-pressed') === 'true'")
    assert "is saved" in await toast.inner_text()
    assert (await owner.get(f"/api/v1/videos/{video_id}")).json()["expires_at"] is None
    await page.get_by_test_id("undo").click()
    await until(save, "b => b.getAttribute('aria-pressed') === 'false'")
    assert await expires.inner_text() in ("Video expires in 23 hours", "Video expires in 24 hours")

    await page.goto(f"{web_url}/climbs/{climb['id']}")
    save = page.get_by_test_id("save")
    for pressed in ("true", "false"):
        await save.click()
        await until(save, f"b => b.getAttribute('aria-pressed') === '{pressed}'")
    assert "expires in 24 hours" in await toast.inner_text()
    await page.get_by_test_id("undo").click()
    await until(save, "b => b.getAttribute('aria-pressed') === 'true'")


@pytest.mark.proves("M21")
async def test_a_saved_video_says_while_sound_and_place_are_taken_out_and_when_that_failed(
    page: Page, web_url: str, engines: Engines, owner: Climber, programs: Programs
) -> None:
    climb = await ready_climb(engines, owner)
    await page.goto(web_url)
    await until(page.get_by_test_id("connection"), "c => c.dataset.live === 'true'")
    card = page.get_by_test_id("climb")
    await card.get_by_test_id("save").click()
    said = card.get_by_test_id("cleaning")
    await until(said, "p => p.innerText.includes('are being removed')")
    await sql(
        engines, "update jobs set state = 'failed', failure_code = 'clip_not_copied' where kind = 'copy'"
    )
    await page.reload()
    await until(said, "p => p.innerText.includes('could not be removed')")
    await card.get_by_test_id("clean-again").click()
    await until(said, "p => p.innerText.includes('are being removed')")
    programs.worker()
    await card.get_by_text("Video is kept", exact=True).wait_for(timeout=60_000)
    video = (await owner.get(f"/api/v1/videos/{climb['video']['id']}")).json()
    assert (video["cleaning"], video["content_type"]) == (None, "video/mp4")


@pytest.mark.proves("M20", "M21")
async def test_what_another_device_saves_or_deletes_and_what_expires_shows_by_itself(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    climb = await ready_climb(engines, owner)
    video_id = climb["video"]["id"]
    await page.goto(web_url)
    await until(page.get_by_test_id("connection"), "c => c.dataset.live === 'true'")
    save = page.get_by_test_id("save")
    await owner.put(f"/api/v1/videos/{video_id}/saved", None)
    await until(save, "b => b.getAttribute('aria-pressed') === 'true'")
    await owner.delete(f"/api/v1/videos/{video_id}/saved")
    await until(save, "b => b.getAttribute('aria-pressed') === 'false'")

    await sql(engines, "update videos set expires_at = now() + interval '1 s' where id = %s", video_id)
    await page.reload()
    await save.wait_for()
    await sql(engines, "update videos set state = 'expired' where id = %s", video_id)
    await page.get_by_text("video expired, skeleton kept").wait_for()

    await page.get_by_test_id("climb").get_by_role("link").first.click()
    await page.get_by_test_id("skeleton-alone").wait_for()
    await owner.delete(f"/api/v1/videos/{video_id}")
    absent = page.get_by_test_id("absent")
    await until(absent.get_by_role("heading"), "h => h === document.activeElement")
    assert await absent.get_by_role("heading").inner_text() == "This climb was deleted."
    await page.reload()
    await absent.wait_for()
    assert "may have been deleted" in await absent.inner_text()
    await absent.get_by_role("link").first.click()
    await page.get_by_test_id("empty").wait_for()


@pytest.mark.proves("M22")
async def test_what_is_archived_says_so(page: Page, web_url: str, engines: Engines, owner: Climber) -> None:
    climb = await ready_climb(engines, owner)
    await owner.put(f"/api/v1/videos/{climb['video']['id']}/saved", None)
    await sql(
        engines,
        """
        update videos set archive_state = 'restoring', restore_ready_by = now() + interval '1 h'
        where id = %s
        """,
        climb["video"]["id"],
    )
    await page.goto(web_url)
    words = page.get_by_test_id("lifetime")
    await words.wait_for()
    assert "on its way out of the archive, there by" in await words.inner_text()


async def test_an_account_is_deleted_after_password_and_word(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await ready_climb(engines, owner)
    await page.goto(web_url)
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("to-account").click()
    await page.get_by_test_id("erase").click()
    confirm = page.get_by_test_id("erase-confirm")
    await page.get_by_test_id("erase-password").fill("not the password")
    assert await confirm.get_attribute("aria-disabled") == "true", "the word is missing"
    await page.get_by_test_id("erase-word").fill("Delete")
    await confirm.click()
    error = page.get_by_test_id("erase-error")
    await error.wait_for()
    assert "not your password" in await error.inner_text()
    await until(page.get_by_test_id("erase-password"), "i => i === document.activeElement")
    await page.get_by_test_id("erase-password").fill(PASSWORD)
    await confirm.click()
    await page.get_by_test_id("account-submit").wait_for()
    assert "Your account is deleted" in await page.get_by_test_id("toast").inner_text()
    assert await sql(engines, "select 1 from users where email = %s", owner.email) == []
    await page.reload()
    await page.get_by_test_id("account-submit").wait_for()
