"""Who gets into an account, in a real browser: sessions, codes of an app, passkeys of a device."""

import time
from typing import Any

from playwright.async_api import CDPSession, Page
from pyotp.totp import TOTP

from tests.platform import PASSWORD, Climber, plain_http
from tests.web.steps import log_in, register


async def open_account(page: Page) -> None:
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("to-account").click()
    await page.get_by_test_id("account").wait_for()


async def show_password(page: Page) -> None:
    await page.get_by_test_id("gate-password").fill(PASSWORD)
    await page.get_by_test_id("gate-submit").click()


async def log_out(page: Page) -> None:
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("log-out").click()
    await page.get_by_test_id("account-submit").wait_for()


async def with_authenticator(page: Page) -> CDPSession:
    """A device of the page that keeps passkeys and whose owner always agrees."""
    session = await page.context.new_cdp_session(page)
    untyped: Any = session
    await untyped.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await untyped.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


async def test_a_passkey_is_made_named_used_and_removed(page: Page, web_url: str) -> None:
    device = await with_authenticator(page)
    await register(page, web_url)
    await open_account(page)
    await page.get_by_test_id("passkey-add").click()
    await page.get_by_test_id("passkey-name").fill("Test phone")
    await show_password(page)
    await page.get_by_test_id("passkeys").get_by_text("Test phone").wait_for()
    await log_out(page)
    await page.get_by_test_id("passkey-login").click()
    await page.get_by_test_id("account-menu").wait_for()
    await open_account(page)
    await page.get_by_test_id("codes-begin").click()
    await page.get_by_test_id("gate-passkey").click()  # no password at hand: the device says who it is
    await page.get_by_test_id("codes-secret").wait_for()
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_test_id("passkey-remove").click()
    await show_password(page)
    await page.get_by_text("The passkey is removed.").wait_for()
    await page.get_by_test_id("passkeys").wait_for(state="detached")
    await log_out(page)
    await page.get_by_test_id("passkey-login").click()
    refusal = page.get_by_test_id("account-error")
    await refusal.wait_for()
    assert "cannot be used here" in await refusal.inner_text()
    await device.detach()


async def test_codes_are_turned_on_asked_for_and_a_recovery_code_opens(page: Page, web_url: str) -> None:
    email = await register(page, web_url)
    await open_account(page)
    await page.get_by_test_id("codes-begin").click()
    await show_password(page)
    secret = await page.get_by_test_id("codes-secret").inner_text()
    drawn = page.locator(".account-qr")
    assert await drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    await page.get_by_test_id("codes-first").fill(TOTP(secret).at(int(time.time())))
    await page.get_by_test_id("codes-submit").click()
    await page.get_by_test_id("codes-kept").wait_for()
    codes = await page.get_by_test_id("recovery-codes").locator("code").all_inner_texts()
    assert len(codes) == 10
    await page.get_by_test_id("codes-kept").click()
    await page.get_by_text("10 recovery codes are left.").wait_for()
    await log_out(page)
    await log_in(page, email, PASSWORD)
    await page.get_by_test_id("account-code").fill("not-a-code")
    await page.get_by_test_id("account-code-submit").click()
    refusal = page.get_by_test_id("account-error")
    await refusal.wait_for()
    assert "code is wrong" in await refusal.inner_text()
    await page.get_by_test_id("account-code").fill(codes[0])
    await page.get_by_test_id("account-code-submit").click()
    await page.get_by_test_id("account-menu").wait_for()


async def test_another_device_is_seen_and_logged_out(page: Page, web_url: str, owner: Climber) -> None:
    async with plain_http(web_url) as other:
        answer = await other.post(
            "/api/v1/auth/login",
            json={"email": owner.email, "password": PASSWORD},
            headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
        )
        assert answer.status_code == 200
        await page.goto(web_url)
        await open_account(page)
        await page.get_by_role("button", name="Log out Firefox, Linux").click()
        await page.get_by_text("this one").wait_for()
        await page.get_by_role("button", name="Log out Firefox, Linux").wait_for(state="detached")
        assert (await other.post("/api/v1/auth/refresh")).status_code == 401
    await page.get_by_test_id("end-all").click()
    await page.get_by_test_id("confirm").click()
    await page.get_by_test_id("account-submit").wait_for()
