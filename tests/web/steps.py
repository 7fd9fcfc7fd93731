"""What a climber does in the browser, as steps for the tests."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, cast

from playwright.async_api import CDPSession, Locator, Page, Request

from tests.platform import PASSWORD


async def register(page: Page, url: str) -> str:
    """Make an account by the form, and skip the introduction; its e-mail."""
    email = f"{secrets.token_hex(6)}@example.org"
    await page.goto(url)
    await page.get_by_test_id("account-submit").wait_for()
    if not await page.get_by_test_id("account-display_name").count():
        await page.get_by_test_id("account-switch").click()  # somebody was here before
    await page.get_by_test_id("account-email").fill(email)
    await page.get_by_test_id("account-password").fill(PASSWORD)
    await agree(page)
    await page.get_by_test_id("account-submit").click()
    await page.get_by_test_id("introduction-skip").click()
    await page.get_by_test_id("account-menu").wait_for()
    return email


async def agree(page: Page) -> None:
    """Be old enough, and agree to the documents."""
    await page.get_by_test_id("account-grown").check()
    await page.get_by_test_id("account-agree").check()


async def agree_by_keyboard(page: Page) -> None:
    """The same for someone without a mouse."""
    for test_id in ("account-grown", "account-agree"):
        await tab_to(page, test_id)
        await page.keyboard.press("Space")


async def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill and send the form for an account that exists, whichever side of it is shown."""
    await page.get_by_test_id("account-submit").wait_for()
    if await page.get_by_test_id("account-display_name").count():
        await page.get_by_test_id("account-switch").click()
    await page.get_by_test_id("account-email").fill(email)
    await page.get_by_test_id("account-password").fill(password)
    await page.get_by_test_id("account-submit").click()


async def until(locator: Locator, predicate: str, timeout_s: float = 30) -> None:
    """Wait for a property of an element; polling here, since the page's policy forbids eval."""
    try:
        await comes_true(lambda: locator.evaluate(predicate), predicate, timeout_s)
    except AssertionError as never:
        raise AssertionError(f"{never}: {await locator.inner_text()}") from None


async def comes_true(condition: Callable[[], Awaitable[bool]], what: str, timeout_s: float = 30) -> None:
    """Wait for something that browser or API do by themselves."""
    deadline = time.monotonic() + timeout_s
    while not await condition():
        assert time.monotonic() < deadline, f"{what} did not come true"
        await asyncio.sleep(0.05)


@contextmanager
def recorded(page: Page, method: str, part_of_url: str) -> Generator[list[Request]]:
    """The page's requests of this kind while the block runs."""
    found: list[Request] = []

    def record(request: Request) -> None:
        if request.method == method and part_of_url in request.url:
            found.append(request)

    page.on("request", record)
    yield found
    page.remove_listener("request", record)


async def open_climb(page: Page, url: str, analysis_id: str) -> Locator:
    """Go to a climb that is ready, its video loaded and its keys heard; the overlay."""
    await page.goto(f"{url}/climbs/{analysis_id}")
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")
    overlay = page.get_by_test_id("overlay")
    await overlay.wait_for()
    await page.get_by_test_id("keys-on").wait_for(state="attached")  # stands last beside the picture
    return overlay


async def throttle(network: CDPSession, upload_bytes_per_s: int, *, is_cut: bool = False) -> None:
    """A slow way up, so that an upload can be looked at; -1: as fast as it goes. `is_cut`: no network."""
    conditions = {
        "offline": is_cut,
        "latency": 20,
        "downloadThroughput": -1,
        "uploadThroughput": upload_bytes_per_s,
    }
    send = cast(Any, network).send  # its parameters are untyped
    await send("Network.enable")
    await send("Network.emulateNetworkConditions", conditions)


async def fill_up(page: Page, url: str) -> None:
    """The device has no room any more, by the browser's own switch."""
    used_bytes = await page.evaluate("async () => (await navigator.storage.estimate()).usage")
    session = await page.context.new_cdp_session(page)
    send = cast(Any, session).send  # its parameters are untyped
    await send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": used_bytes + 1000})


async def tab_to(page: Page, test_id: str, limit: int = 60) -> None:
    """Press Tab until the element has the focus, as someone without a mouse does once it is there."""
    await page.get_by_test_id(test_id).first.wait_for()
    for _ in range(limit):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement?.dataset?.testid ?? ''") == test_id:
            return
    raise AssertionError(f"{test_id} is not reached by Tab")
