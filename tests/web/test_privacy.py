"""Privacy in the browser: agreement, a guardian decides, an archive, an account that goes and comes back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page

from tests.accounts.test_registration import fresh_email
from tests.conftest import Engines, unused_port
from tests.eventually import eventually
from tests.mailbox import Mailbox, text_of
from tests.nursery import Nursery
from tests.platform import PASSWORD, ROOT, Programs
from tests.rows import sql
from tests.web.steps import log_in, register


@pytest.fixture(scope="module")
def letters_and_grace_url(
    engines: Engines,
    nursery: Nursery,
    mail_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The client of a platform that sends letters, and keeps accounts for a while."""
    programs = Programs(engines, tmp_path_factory.mktemp("grace"), nursery)
    port = unused_port()
    settings = {**mail_settings, "WEB_ORIGINS": f'["http://127.0.0.1:{port}"]', "ACCOUNT_GRACE_S": "864000"}
    try:
        programs.api_at(port, WEB_ROOT=str(ROOT / "web" / "dist"), OPERATOR_NAME="Bloc du Nord", **settings)
        yield f"http://127.0.0.1:{port}"
    finally:
        programs.end()


async def delete_account(page: Page) -> None:
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("to-account").click()
    await page.get_by_test_id("erase").click()
    await page.get_by_test_id("erase-password").fill(PASSWORD)
    await page.get_by_test_id("erase-word").fill("delete")
    await page.get_by_test_id("erase-confirm").click()
    await page.get_by_test_id("account-submit").wait_for()


async def test_an_account_that_goes_is_offered_back_at_the_login(
    page: Page, letters_and_grace_url: str, engines: Engines
) -> None:
    email = await register(page, letters_and_grace_url)
    await delete_account(page)
    assert "you can log in and keep it" in await page.get_by_test_id("toast").inner_text()
    await log_in(page, email)
    await page.get_by_test_id("keep").click()
    await page.get_by_test_id("account-menu").wait_for()
    left = "select count(*) from departures join users on users.id = user_id where email = %s"
    assert await sql(engines, left, email) == [(0,)]


async def test_what_changed_is_asked_about_and_everything_can_be_taken_along(
    page: Page, letters_and_grace_url: str, engines: Engines
) -> None:
    email = await register(page, letters_and_grace_url)
    await sql(
        engines,
        """
        update consents set version = '2001-01-01'
        where user_id = (select id from users where email = %s) and document = 'terms'
        """,
        email,
    )
    await page.reload()
    await page.get_by_test_id("confirm-dialog").wait_for()
    await page.get_by_test_id("confirm").click()
    await page.get_by_text("Thank you. You can upload.").wait_for()
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("to-account").click()
    assert "You agreed to the terms" in await page.get_by_test_id("consents").inner_text()
    await page.get_by_test_id("export-ask").click()
    await page.get_by_test_id("gate-password").fill(PASSWORD)
    await page.get_by_test_id("gate-submit").click()
    async with page.expect_download() as download:
        await page.get_by_test_id("export-fetch").click(timeout=30_000)
    assert (await download.value).suggested_filename.startswith("ascension-")
    await page.get_by_test_id("export-remove").click()
    await page.get_by_test_id("confirm").click()

    async def is_gone() -> bool:
        return await page.get_by_test_id("export-fetch").count() == 0

    await eventually(is_gone)


async def test_a_guardian_decides_by_the_link_of_a_letter(
    page: Page, letters_and_grace_url: str, mailbox: Mailbox
) -> None:
    email, guardian = fresh_email(), fresh_email()
    await page.goto(letters_and_grace_url)
    await page.get_by_test_id("account-email").fill(email)
    await page.get_by_test_id("account-password").fill(PASSWORD)
    await page.get_by_test_id("account-young").check()
    await page.get_by_test_id("account-born-month").select_option("6")
    await page.get_by_test_id("account-born-year").select_option(str(datetime.now(UTC).year - 12))
    await page.get_by_test_id("account-guardian").fill(guardian)
    await page.get_by_test_id("account-submit").click()
    assert await page.get_by_test_id("account-menu").count() == 0, "the box is not ticked"
    await page.get_by_test_id("account-agree").check()
    await page.get_by_test_id("account-submit").click()
    await page.get_by_test_id("guardian-awaited").wait_for()
    link = next(
        line for line in text_of(await mailbox.letter(guardian)).splitlines() if line.startswith("http")
    )
    await page.goto(link)
    await page.get_by_test_id("guardian-agree").wait_for()
    assert email in await page.get_by_test_id("guardian-text").inner_text()
    assert "#" not in page.url, "the token leaves the address at once"
    await page.get_by_test_id("guardian-agree").click()
    await page.get_by_test_id("guardian-withdraw").wait_for()
    await page.goto(f"{letters_and_grace_url}/privacy")
    await page.get_by_test_id("document").wait_for()
    assert "Bloc du Nord" in await page.get_by_test_id("document").inner_text()
    await page.goto(letters_and_grace_url)
    await page.get_by_test_id("account-menu").wait_for()
    assert await page.get_by_test_id("guardian-awaited").count() == 0
