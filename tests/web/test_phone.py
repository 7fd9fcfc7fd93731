"""A phone in the local network: it trusts this computer once, and then uploads and watches."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page

from ascension.embedded.lan.authority import certificate_file
from ascension.embedded.lan.doors import Doors
from tests.clips import short_climb
from tests.embedded.test_lan import three_free_ports
from tests.installation import Platform, installation
from tests.platform import ROOT
from tests.web.conftest import held_in_hand, launched
from tests.web.steps import register, until

pytestmark = pytest.mark.engines
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
HOST = "127.0.0.4"


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    if not (ROOT / "web" / "dist" / "index.html").exists():
        pytest.fail("The web client is not built: `make up` builds it.")
    with installation(LAN=HOST, LAN_PORT=str(three_free_ports())) as found:
        found.up()
        yield found


@pytest.fixture(scope="module")
def doors(platform: Platform) -> Doors:
    return Doors(HOST, int(platform.settings["LAN_PORT"]))


def certificates(folder: Path, trusted: Path | None) -> Path:
    """A home of a browser whose owner has installed `trusted`."""
    certutil = shutil.which("certutil")
    if certutil is None:
        pytest.fail("certutil is missing: install it with `apt-get install -y libnss3-tools`.")
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    steps: list[list[str | Path]] = [["-N", "--empty-password"]]
    if trusted is not None:
        steps.append(["-A", "-t", "C,,", "-n", "Ascension", "-i", trusted])
    for step in steps:
        subprocess.run([certutil, "-d", f"sql:{store}", *step], check=True, timeout=60, capture_output=True)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def phone(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser that trusts the platform's authority, as a phone does whose owner has installed it."""
    home = certificates(tmp_path_factory.mktemp("phone"), certificate_file(platform.home))
    async with launched(HOME=str(home)) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def page(phone: Browser) -> AsyncIterator[Page]:
    async with held_in_hand(phone) as page:
        yield page


async def analyzed(page: Page, clip: Path) -> list[str]:
    """Send a clip and wait for its result; the states that were seen on the way."""
    await page.get_by_test_id("choose").set_input_files(clip)
    climb = page.get_by_test_id("climb")
    await climb.wait_for()
    states: list[str] = []
    while "completed" not in states:
        state = await climb.get_attribute("data-state") or ""
        assert state not in ("failed", "canceled"), await climb.inner_text()
        states += [state] if state not in states else []
        await asyncio.sleep(0.05)
    return states


@pytest.mark.proves("M06")
async def test_a_phone_registers_uploads_and_watches_over_https(
    page: Page, doors: Doors, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    await page.goto(doors.page_url)
    await page.get_by_role("link", name="Open Ascension").click()
    assert await page.evaluate("window.isSecureContext"), "camera and service workers need it"
    await register(page, doors.app_url)
    clip = tmp_path / "climb.mp4"
    clip.write_bytes(short_climb(30))
    await analyzed(page, clip)
    assert await page.get_by_test_id("connection").get_attribute("data-live") in ("true", "open", "live")
    assert any(url.startswith(doors.app_url.replace("https", "wss")) for url in sockets)
    assert any(one.startswith(f"PUT {doors.storage_url}/") for one in asked), (
        "the clip went straight to storage"
    )

    await page.get_by_test_id("climb").get_by_role("link").first.click()
    await page.get_by_test_id("overlay").wait_for()
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2 && v.videoWidth > 0")
    await page.reload()  # the session is renewed by its cookie
    await page.get_by_test_id("overlay").wait_for()
    cookies = [cookie for cookie in await page.context.cookies() if "ascension" in cookie.get("name", "")]
    assert cookies
    assert all(cookie.get("secure") and cookie.get("httpOnly") for cookie in cookies)
    hosts = {urlsplit(one.split()[1]).netloc for one in asked if " http" in one}
    assert hosts == {urlsplit(url).netloc for url in (doors.page_url, doors.app_url, doors.storage_url)}


async def test_this_computer_works_on_beside_it_without_trusting_anything(
    browser: Browser, platform: Platform, tmp_path: Path
) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await register(page, f"http://localhost:{platform.port}")
    clip = tmp_path / "climb.mp4"
    clip.write_bytes(short_climb())
    await analyzed(page, clip)
    await context.close()


async def test_passkeys_say_that_a_number_is_no_address_for_them(page: Page, doors: Doors) -> None:
    await register(page, doors.app_url)
    await page.goto(f"{doors.app_url}/account")
    section = page.locator("section", has=page.locator("#account-passkeys"))
    await section.get_by_text("this one is a number").wait_for()
    assert await page.get_by_test_id("passkey-add").count() == 0


async def test_a_phone_that_has_not_installed_it_is_warned(doors: Doors, tmp_path: Path) -> None:
    async with launched(HOME=str(certificates(tmp_path, None))) as browser:
        page = await browser.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await page.goto(doors.app_url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_first_page_can_be_used_by_everybody(
    phone: Browser, doors: Doors, scheme: str, width: int
) -> None:
    context = await phone.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # for axe alone
    )
    page = await context.new_page()
    await page.goto(doors.page_url)
    await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run().then((r) => r.violations.map((v) => v.id))")
    assert found == []
    heights = await page.evaluate(
        "[...document.querySelectorAll('a')].map((a) => a.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    await page.add_style_tag(content="html { font-size: 200% }")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()
