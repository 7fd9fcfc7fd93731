"""Accounts in the browser: register, errors, log out in every tab, sessions that end elsewhere, keyboard."""

import secrets

import psycopg
from playwright.async_api import Page

from tests.conftest import Engines
from tests.platform import PASSWORD
from tests.web.steps import agree, agree_by_keyboard, log_in, register, tab_to


async def test_an_account_is_made_with_the_keyboard_alone(page: Page, web_url: str) -> None:
    await page.goto(web_url)
    await page.get_by_test_id("account-email").wait_for()
    for field, text in (("email", f"{secrets.token_hex(6)}@example.org"), ("password", PASSWORD)):
        await tab_to(page, f"account-{field}")
        await page.keyboard.type(text)
    await agree_by_keyboard(page)
    await page.keyboard.press("Enter")
    await page.get_by_test_id("introduction").wait_for()
    await tab_to(page, "introduction-skip")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("empty").wait_for()
    assert await page.get_by_role("heading", level=1).inner_text() == "Your climbs"


async def test_the_api_says_what_is_wrong_and_the_page_repeats_it(page: Page, web_url: str) -> None:
    email = await register(page, web_url)
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("log-out").click()
    await page.get_by_role("heading", name="Welcome back").wait_for()  # who leaves comes back to log in
    await log_in(page, email, "not the password")
    error = page.get_by_test_id("account-error")
    await error.wait_for()
    assert "do not match an account" in await error.inner_text()
    await page.get_by_test_id("account-switch").click()
    await agree(page)
    await page.get_by_test_id("account-submit").click()
    await error.wait_for()
    assert "An account with this e-mail exists" in await error.inner_text()


async def test_a_reload_keeps_the_session_and_logging_out_ends_it_in_every_tab(
    page: Page, web_url: str
) -> None:
    await register(page, web_url)
    await page.reload()
    await page.get_by_test_id("account-menu").wait_for()
    second = await page.context.new_page()
    await second.goto(web_url)
    await second.get_by_test_id("account-menu").click()
    await second.get_by_test_id("log-out").click()
    await second.get_by_test_id("account-submit").wait_for()
    await page.get_by_test_id("account-submit").wait_for()
    await page.reload()
    await page.get_by_test_id("account-submit").wait_for()


async def test_many_tabs_that_start_at_once_share_one_session(page: Page, web_url: str) -> None:
    await register(page, web_url)
    tabs = [await page.context.new_page() for _ in range(4)]
    for tab in tabs:
        await tab.goto(web_url, wait_until="commit")
    for tab in tabs:
        await tab.get_by_test_id("account-menu").wait_for()


async def test_a_session_ended_elsewhere_leads_to_the_login_with_a_reason(
    page: Page, web_url: str, engines: Engines
) -> None:
    email = await register(page, web_url)
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as connection:
        await connection.execute(
            "update refresh_tokens set revoked_at = now()"
            " where user_id = (select id from users where email = %s)",
            (email,),
        )
    # a token that the API refuses: the page then asks the cookie, which is refused too
    await page.route(
        "**/api/v1/users/me",
        lambda route: route.continue_(headers={**route.request.headers, "authorization": "Bearer x"}),
    )
    await page.get_by_test_id("account-menu").click()
    error = page.get_by_test_id("account-error")
    await error.wait_for()
    assert "session has ended" in await error.inner_text()
    await log_in(page, email)
    await page.get_by_test_id("account-menu").wait_for()
