"""Letters in the browser: an account confirmed, a password forgotten, one changed, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page

from tests.accounts.test_registration import fresh_email
from tests.conftest import Engines, unused_port
from tests.mailbox import Mailbox, text_of
from tests.nursery import Nursery
from tests.platform import EXAMPLE, PASSWORD, ROOT, Programs
from tests.web.steps import agree, log_in

NEW_PASSWORD = "otter, lamp, tide and four"


@pytest.fixture(scope="module")
def confirming_url(
    engines: Engines,
    nursery: Nursery,
    mail_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The client where e-mails have to be confirmed."""
    programs = Programs(engines, tmp_path_factory.mktemp("confirming"), nursery)
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    try:
        programs.api_at(
            port,
            **mail_settings,
            EMAIL_VERIFICATION="required",
            WEB_ROOT=str(ROOT / "web" / "dist"),
            WEB_ORIGINS=f'["{url}"]',
        )
        yield url
    finally:
        programs.end()


async def follow(page: Page, mailbox: Mailbox, email: str, count: int) -> None:
    """Open the link of the latest letter."""
    text = text_of(await mailbox.letter(email, count))
    await page.goto(next(line for line in text.splitlines() if line.startswith("http")))
    await page.get_by_test_id("letter-password").wait_for()
    assert "#" not in page.url, "the token leaves the address at once"


async def test_an_account_by_letter_and_a_password_forgotten_and_changed(
    page: Page, confirming_url: str, mailbox: Mailbox
) -> None:
    email = fresh_email()
    await page.goto(confirming_url)
    await page.get_by_test_id("account-email").fill(email)
    password = page.get_by_test_id("account-password")
    await password.fill("password20")
    assert await page.get_by_test_id("account-password-length").inner_text() == "2 more characters."
    await password.fill("password2024")
    await agree(page)
    await page.get_by_test_id("account-submit").click()
    assert "everybody tries first" in await page.get_by_test_id("account-error").inner_text()
    await password.fill(PASSWORD)
    await page.get_by_test_id("account-submit").click()
    sent = page.get_by_test_id("sent")
    await sent.wait_for()
    assert email in await sent.inner_text()
    await page.reload()
    await page.get_by_test_id("sent-again").click()
    await page.get_by_test_id("sent-told").wait_for()
    await follow(page, mailbox, email, 2)
    await page.get_by_test_id("letter-password").fill(PASSWORD)
    await page.get_by_test_id("letter-submit").click()
    await page.get_by_test_id("introduction-skip").click()
    await page.get_by_test_id("empty").wait_for()

    await page.goto(f"{confirming_url}/account")
    await page.get_by_test_id("change-password-open").click()
    await page.get_by_test_id("old-password").fill(PASSWORD)
    await page.get_by_test_id("new-password").fill(email)
    await page.get_by_test_id("change-password-submit").click()
    assert "your e-mail or name" in await page.get_by_test_id("change-password-error").inner_text()
    await page.get_by_test_id("new-password").fill(f"{PASSWORD} staple")
    await page.get_by_test_id("change-password-submit").click()
    await page.get_by_test_id("change-password-open").wait_for()
    await page.get_by_test_id("result-letters").check()
    await page.get_by_text("a letter for each clip from now on").first.wait_for()
    await page.reload()
    await page.get_by_test_id("result-letters").wait_for()
    assert await page.get_by_test_id("result-letters").is_checked()

    await page.get_by_test_id("account-menu").wait_for()
    await page.goto(confirming_url)
    await page.route("**/api/v1/videos", lambda route: route.abort())
    await page.get_by_test_id("choose").set_input_files(EXAMPLE)
    await page.get_by_test_id("upload-pause").click()
    await page.goto(f"{confirming_url}/forgot")
    await page.get_by_test_id("letter-email").fill(email)
    await page.get_by_test_id("letter-submit").click()
    await sent.wait_for()
    await follow(page, mailbox, email, 4)
    await page.get_by_test_id("letter-password").fill(NEW_PASSWORD)
    await page.get_by_test_id("letter-submit").click()
    await log_in(page, email, NEW_PASSWORD)
    await page.get_by_test_id("upload-go-on").wait_for()  # what waited here was dropped by nobody


async def test_a_link_that_is_old_says_so_in_french_and_leads_to_a_new_letter(
    page: Page, confirming_url: str
) -> None:
    await page.goto(confirming_url)
    await page.evaluate("localStorage.setItem('ascension.language', JSON.stringify('fr'))")
    await page.goto(f"{confirming_url}/reset#{'x' * 43}")
    await page.get_by_test_id("letter-password").fill(NEW_PASSWORD)
    await page.get_by_test_id("letter-submit").click()
    assert "trop ancien" in await page.get_by_test_id("letter-error").inner_text()
    await page.get_by_role("link", name="Demander une nouvelle lettre").click()
    await page.get_by_test_id("forgot").wait_for()
