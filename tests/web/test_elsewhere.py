"""Whom the client asks on every screen: us, our storage and nobody else; what storage holds is no page."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page
from pydantic import SecretStr

from ascension.infra.settings import StorageSettings
from ascension.infra.storage.objects import Storage
from tests.clips import short_climb
from tests.conftest import Engines
from tests.platform import ROOT, Climber
from tests.rows import sql
from tests.web.seeds import ready_climb
from tests.web.steps import open_climb, register

SCREENS = [ROOT / "web" / "src" / "app" / name for name in ("app.tsx", "inside.tsx")]
OUTSIDE = ("/demo", "/terms", "/privacy", "/guardian", "/invited", "/shared#" + "A" * 43)
OPERATIONS = ("/operator", "/operator/accounts", "/operator/storage", "/operator/log")
INSIDE = (
    *("/", "/welcome", "/film", "/you", "/account", "/progress", "/routes", "/trash"),
    *OPERATIONS,
    *("/climbers", "/coach"),
)
PAGE = b"<!doctype html><title>a climb</title><script>document.title = 'it ran'</script>"


def test_the_walk_knows_every_screen() -> None:
    text = "".join(path.read_text() for path in SCREENS)
    named = set(re.findall(r'path(?: ===|=)\s*"(/[^"]*)"', text))
    assert {"/shared", "/routes"} <= named
    assert named <= {path.split("#")[0] for path in (*OUTSIDE, *INSIDE)}


@pytest.mark.proves("M58")
async def test_no_screen_asks_anybody_but_us_and_our_storage(
    page: Page, web_url: str, engines: Engines, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    for path in OUTSIDE:
        await page.goto(f"{web_url}{path}", wait_until="networkidle")
    email = await register(page, web_url)
    await sql(engines, "update users set role = 'admin' where email = %s", email)
    clip = tmp_path / "climb.mp4"
    clip.write_bytes(short_climb())
    await page.get_by_test_id("choose").set_input_files(clip)
    await page.get_by_test_id("climb").wait_for()
    for path in INSIDE:
        await page.goto(f"{web_url}{path}", wait_until="networkidle")
    origins = {
        "{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in asked if not url.startswith("blob:")
    }
    ours = {web_url, web_url.replace("http", "ws", 1), engines.stack.seaweedfs.endpoint, "data://"}
    assert engines.stack.seaweedfs.endpoint in origins, "the clip went to storage"
    assert web_url.replace("http", "ws", 1) in origins, "and the socket was open"
    assert origins <= ours


@pytest.mark.proves("M58")
async def test_a_climb_is_played_and_compared_without_anybody_else(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    climb = await ready_climb(engines, owner)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    await open_climb(page, web_url, climb["id"])
    for path in (f"/climbs/{climb['id']}/compare", f"/climbs/{climb['id']}"):
        await page.goto(f"{web_url}{path}", wait_until="networkidle")
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme in ("http", "https")}
    assert hosts == {urlsplit(web_url).netloc, urlsplit(engines.stack.seaweedfs.endpoint).netloc}


@pytest_asyncio.fixture(loop_scope="session")
async def storage(engines: Engines) -> AsyncIterator[Storage]:
    key_id, secret = engines.stack.seaweedfs.keys("ascension-api")
    settings = StorageSettings(
        s3_endpoint=engines.stack.seaweedfs.endpoint,
        s3_bucket=engines.s3_bucket,
        aws_access_key_id=key_id,
        aws_secret_access_key=SecretStr(secret),
    )
    async with Storage.of(settings) as found:
        yield found


@pytest.mark.parametrize("content_type", ["video/mp4", "text/html", "image/svg+xml"])
async def test_a_page_in_storage_does_not_run_there(page: Page, storage: Storage, content_type: str) -> None:
    """Uploads of that kind are refused; should one lie there all the same, its link shows no page."""
    key = f"uploads/page-{content_type.replace('/', '-')}"
    await storage.put(key, PAGE, content_type=content_type)
    link = await storage.sign_read(key, ttl_s=60)
    async with page.expect_download() as started:
        await page.evaluate("url => { location.href = url }", link)
    saved = await (await started.value).path()
    assert saved.read_bytes() == PAGE
    assert await page.title() != "it ran"
