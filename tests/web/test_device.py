"""The app on a device: installed, small, there without a network, and quiet when a release comes."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx2 as httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from tests.conftest import unused_port
from tests.platform import ROOT, Climber, Programs, new_climber
from tests.web import builds
from tests.web.conftest import ARGUMENTS, PHONE, browser_program
from tests.web.seeds import logged_in
from tests.web.steps import comes_true

DIST = ROOT / "web" / "dist"
MOST_SCRIPT_BYTES = 120_000

SCRIPTS = """() => performance.getEntriesByType("resource")
    .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
    .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])"""
KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        const requests = await (await caches.open(name)).keys();
        found[name] = requests.map(({ url }) => new URL(url).pathname).sort();
    }
    return found;
}"""
REGISTERED = "() => navigator.serviceWorker.getRegistrations().then((all) => all.length)"
FORGOT = """() => {
    history.pushState(null, "", "/forgot");
    dispatchEvent(new PopStateEvent("popstate"));
}"""
"""To a page whose code was not needed so far."""
WAITING = "() => navigator.serviceWorker.ready.then(({ waiting }) => waiting !== null)"
CONTROLLED = "() => navigator.serviceWorker.ready.then(({ active }) => active.state)"


async def kept_on(page: Page) -> dict[str, list[str]]:
    """Paths by cache."""
    return await page.evaluate(KEPT)


async def visit(page: Page, url: str) -> None:
    """Open the start page and let the app come onto the device."""
    await page.goto(url)
    await page.get_by_test_id("account-submit").wait_for()

    async def is_there() -> bool:
        return await page.evaluate(CONTROLLED) == "activated" and bool(await kept_on(page))

    await comes_true(is_there, "a worker is there")


@pytest_asyncio.fixture(loop_scope="session")
async def device(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone on which nothing is."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-US")
    context.set_default_timeout(30_000)
    yield context
    await context.close()


class Site:
    """An API process of one test that serves a folder, which may change."""

    def __init__(self, programs: Programs, served: Path) -> None:
        self.port = unused_port()
        self.url = f"http://localhost:{self.port}"
        self.served = served
        self._programs = programs
        self.start()

    def start(self) -> None:
        origins = json.dumps([self.url])
        self.process, _ = self._programs.api_at(self.port, WEB_ROOT=str(self.served), WEB_ORIGINS=origins)


@pytest.fixture
def site(programs: Programs, tmp_path: Path) -> Site:
    served = tmp_path / "served"
    builds.put(DIST, served)
    return Site(programs, served)


async def test_the_start_page_loads_little_script(page: Page, web_url: str) -> None:
    await page.goto(web_url)
    await page.get_by_test_id("account-submit").wait_for()
    await page.wait_for_load_state("networkidle")
    scripts: list[tuple[str, int]] = await page.evaluate(SCRIPTS)
    total = sum(size for _, size in scripts)
    print(f"the start page loads {total} bytes of script in {len(scripts)} files")
    assert 0 < total <= MOST_SCRIPT_BYTES, f"{total} bytes of script: {scripts}"
    assert not [path for path, _ in scripts if "player" in path or "climb-page" in path or "inside" in path]


async def test_it_can_be_installed(web_url: str, tmp_path: Path) -> None:
    program = browser_program(whole=True)
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=program, args=list(ARGUMENTS)
        )  # a private window cannot install
        page = context.pages[0]
        await visit(page, web_url)
        session = cast(Any, await context.new_cdp_session(page))  # its parameters are untyped
        assert (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"] == []
        told = await session.send("Page.getAppManifest")
        assert told["errors"] == []
        manifest = await page.evaluate("() => fetch('/manifest.webmanifest').then((answer) => answer.json())")
        await context.close()
    with httpx.Client(base_url=web_url) as http:
        for icon in [*manifest["icons"], {"src": "/icons/apple-touch-icon.png", "sizes": "180x180"}]:
            answer = http.get(icon["src"])
            assert answer.headers["content-type"] == "image/png"
            width, height = struct.unpack(">II", answer.content[16:24])
            assert icon["sizes"] == f"{width}x{height}"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


async def test_after_one_visit_it_starts_without_a_network_and_mends_by_itself(
    device: BrowserContext, site: Site
) -> None:
    page = await device.new_page()
    await visit(page, site.url)
    async with logged_in(page, await new_climber(site.url)):
        site.process.stop()
        await page.goto(f"{site.url}/progress")
        await page.get_by_text("No connection to Ascension").wait_for()
        await page.get_by_text("as soon as the network is back").wait_for()
        site.start()
        await page.get_by_test_id("account-menu").wait_for()
        await page.locator("h1[tabindex]").wait_for()


async def test_a_new_release_waits_for_a_word_and_spares_what_is_typed_and_other_tabs(
    device: BrowserContext, site: Site, tmp_path: Path
) -> None:
    page, other = await device.new_page(), await device.new_page()
    await visit(page, site.url)
    await other.goto(site.url)
    await other.get_by_test_id("account-submit").wait_for()
    [first] = await kept_on(page)
    new = await asyncio.to_thread(builds.build, tmp_path / "new", claim="Another release.")
    builds.put(new, site.served)
    await page.get_by_test_id("account-email").press_sequentially("me@")
    await page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.update())")
    await page.get_by_test_id("new-version").wait_for()
    assert await page.get_by_test_id("account-email").input_value() == "me@", "nothing happens by itself"

    await page.get_by_test_id("use-new-version").click()
    await page.get_by_text("would be lost").wait_for()
    await page.get_by_test_id("use-new-version").click()
    await page.get_by_text("Another release.").wait_for()

    # the other tab runs on: code that it had not fetched is not on the server any more
    assert not await other.get_by_text("Another release.").count()
    await other.evaluate(FORGOT)
    await other.get_by_test_id("letter-email").wait_for()
    assert first in await kept_on(page)
    await other.close()
    await page.reload()
    await comes_true(lambda: _one_cache(page, first), "the old release is gone")

    # back to the release before, of whose answers this one knows nothing
    builds.put(DIST, site.served)
    await page.route("**/api/v1/auth/sign-up", lambda route: route.fulfill(json=None))
    await page.reload()
    await page.get_by_test_id("broken").wait_for()
    await page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.update())")
    await comes_true(lambda: page.evaluate(WAITING), "the release before waits")
    await page.unroute_all()
    await page.get_by_test_id("load-again").click()
    await page.get_by_test_id("account-submit").wait_for()
    assert not await page.get_by_text("Another release.").count()


async def _one_cache(page: Page, old: str) -> bool:
    caches = await kept_on(page)
    return len(caches) == 1 and old not in caches


@pytest.mark.thorough
async def test_a_release_without_a_worker_removes_it(
    device: BrowserContext, site: Site, tmp_path: Path
) -> None:
    page = await device.new_page()
    await visit(page, site.url)
    without = await asyncio.to_thread(builds.build, tmp_path / "without", VITE_SERVICE_WORKER="off")
    builds.put(without, site.served)
    await page.reload()  # the browser looks for a newer worker by itself

    async def is_gone() -> bool:
        count = await page.evaluate(REGISTERED)
        return count == 0 and not await kept_on(page)

    await comes_true(is_gone, "the worker is gone")
    await page.reload()
    await page.get_by_test_id("account-submit").wait_for()
    assert await page.evaluate(REGISTERED) == 0


async def test_nothing_of_a_climber_is_kept(device: BrowserContext, site: Site) -> None:
    page = await device.new_page()
    await visit(page, site.url)
    before = await kept_on(page)
    async with logged_in(page, await new_climber(site.url)):
        await page.goto(f"{site.url}/account")
        await page.get_by_test_id("device").wait_for()
        await page.goto(f"{site.url}/progress")
        await page.locator("h1[tabindex]").wait_for()
        assert await kept_on(page) == before
        [kept] = before.values()
        assert not [path for path in kept if path != "/" and not (site.served / path[1:]).is_file()]
        await page.get_by_test_id("account-menu").click()
        await page.get_by_test_id("log-out").click()
        await page.get_by_test_id("account-submit").wait_for()
    async with logged_in(page, await new_climber(site.url)) as other:
        await page.reload()
        await page.get_by_test_id("account-menu").click()
        await page.get_by_text(other.user["email"]).wait_for()
        assert await kept_on(page) == before


async def test_a_page_whose_code_did_not_come_is_tried_again(
    page: Page, owner: Climber, web_url: str
) -> None:
    async def cut(route: Route) -> None:
        await route.abort()

    assert owner.user
    await page.route("**/assets/progress-page*.js", cut)
    await page.goto(f"{web_url}/progress")
    await page.get_by_test_id("page-missing").wait_for()
    await page.unroute("**/assets/progress-page*.js")
    await page.get_by_test_id("page-again").click()
    await page.locator("h1[tabindex]").wait_for()


async def test_a_page_of_a_release_that_is_gone_loads_the_new_one_once(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    context = await browser.new_context(viewport=PHONE, service_workers="block", locale="en-US")
    page = await context.new_page()
    await page.goto(site.url)
    await page.get_by_test_id("account-submit").wait_for()
    new = await asyncio.to_thread(builds.build, tmp_path / "new", claim="Another release.")
    builds.put(new, site.served)
    await page.evaluate(FORGOT)
    await page.get_by_text("Another release.").wait_for()
    await page.get_by_test_id("letter-email").wait_for()
    await context.close()


async def test_the_worker_leaves_the_api_and_parts_of_files_alone(device: BrowserContext, site: Site) -> None:
    page = await device.new_page()
    await visit(page, site.url)
    await page.reload()
    asked = "(path, headers) => fetch(path, { headers }).then((answer) => answer.status)"
    answers = [
        await page.evaluate(f"() => ({asked})('/api/v1/users/me', {{}})"),
        await page.evaluate(f"() => ({asked})('/manifest.webmanifest', {{ Range: 'bytes=0-3' }})"),
    ]
    assert answers == [401, 206]
    site.process.stop()
    assert await page.evaluate("() => fetch('/manifest.webmanifest').then((answer) => answer.status)") == 200
    failed = await page.evaluate("() => fetch('/api/v1/users/me').then(() => false, () => true)")
    assert failed, "no answer of the API is kept"
