"""Progress without the socket, the way back to it, and what another tab does."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.platform import Programs
from tests.web.steps import recorded, register, until


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file that fails within a second of work: enough to see states arrive."""
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"Dear climber, " * 1000)
    return path


async def test_without_the_socket_the_page_asks_and_returns_to_it_by_itself(
    page: Page, web_url: str, programs: Programs, letter: Path
) -> None:
    await page.route("**/ws-tickets", lambda route: route.abort())
    await register(page, web_url)
    connection = page.get_by_test_id("connection")
    await page.get_by_test_id("choose").set_input_files(letter)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'queued'")
    assert await connection.get_attribute("data-live") == "false"
    programs.worker()
    await until(climb, "c => c.dataset.state === 'failed'")
    assert await connection.get_attribute("data-live") == "false"

    await page.unroute("**/ws-tickets")
    await page.evaluate("window.dispatchEvent(new Event('online'))")  # what the browser says at a new network
    await until(connection, "c => c.dataset.live === 'true'")
    with recorded(page, "GET", "/api/v1/analyses") as asked:
        await page.wait_for_timeout(6000)
    assert not asked, "still polling beside the live socket"


async def test_what_one_tab_starts_the_other_tab_shows(
    page: Page, web_url: str, programs: Programs, letter: Path
) -> None:
    await register(page, web_url)
    other = await page.context.new_page()
    await other.goto(web_url)
    await until(other.get_by_test_id("connection"), "c => c.dataset.live === 'true'")
    await page.get_by_test_id("choose").set_input_files(letter)
    await until(other.get_by_test_id("climb"), "c => c.dataset.state === 'queued'")
    programs.worker()
    await until(other.get_by_test_id("climb"), "c => c.dataset.state === 'failed'")
    assert "Failed" in await other.get_by_test_id("announcer").inner_text()
