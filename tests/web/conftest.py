"""A real browser: Debian's Chromium, driven by Playwright. One per test process, a profile per test."""

import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright

from tests.conftest import Engines
from tests.platform import Climber, seeded_climber
from tests.web.seeds import logged_in

PHONE = ViewportSize(width=390, height=844)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of this folder share one event loop, because they share a browser that lives on it."""
    for item in items:
        if Path(__file__).parent in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium of this test process."""
    async with launched() as browser:
        yield browser


WHOLE = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
SHELL = "chromium-headless-shell"
"""The same engine without the windows: a test's page takes a third of the processor's time."""


def browser_program(*, whole: bool = False) -> str:
    """`whole`: with what surrounds pages, as for installing one. A missing one fails by name."""
    program = (None if whole else shutil.which(SHELL)) or whole_browser()
    if program is None:
        pytest.fail("Chromium is missing: install it with `apt-get install -y chromium`.")
    return program


def whole_browser() -> str | None:
    """Chromium, or what is made of it."""
    return next(filter(None, map(shutil.which, WHOLE)), None)


@asynccontextmanager
async def launched(**environment: str) -> AsyncGenerator[Browser]:
    """A Chromium of its own; `environment`: beside ours."""
    program = browser_program()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS), env={**os.environ, **environment}
        )
        yield browser
        await browser.close()


def is_forbidden(said: ConsoleMessage) -> bool:
    """A browser says so where a page does what its policies forbid."""
    return said.type in ("error", "warning") and ("Policy" in said.text or "'Trusted" in said.text)


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone-sized page."""
    async with held_in_hand(browser) as page:
        yield page


@asynccontextmanager
async def held_in_hand(browser: Browser) -> AsyncGenerator[Page]:
    """A phone-sized page whose script errors fail the test, and whatever its security policy forbids."""
    context = await browser.new_context(
        viewport=PHONE,
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        reduced_motion="no-preference",
        service_workers="block",  # what a worker answers cannot be cut; test_device.py has one
    )
    context.set_default_timeout(30_000)
    errors: list[str] = []
    context.on("console", lambda said: errors.append(said.text) if is_forbidden(said) else None)
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert not errors, errors


@pytest_asyncio.fixture(loop_scope="session")
async def owner(page: Page, engines: Engines, web_url: str) -> AsyncIterator[Climber]:
    """The account that the page is logged in with; its climbs are seeded through the API."""
    async with logged_in(page, await seeded_climber(engines, web_url)) as climber:
        yield climber
