"""Progress without the socket, the way back to it, and what another tab does."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.conftest import Engines
from tests.like_a_clip import like_a_clip
from tests.platform import EXAMPLE, Climber, Programs
from tests.web import seeds
from tests.web.steps import recorded, register, until


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file that fails within a second of work: enough to see states arrive."""
    path = tmp_path / "letter.mp4"
    path.write_bytes(like_a_clip(b"Dear climber, " * 1000))
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
    assert "not a video that we can read" in await climb.inner_text()
    assert await connection.get_attribute("data-live") == "false"

    await page.unroute("**/ws-tickets")
    await page.evaluate("window.dispatchEvent(new Event('online'))")  # what the browser says at a new network
    await until(connection, "c => c.dataset.live === 'true'")
    with recorded(page, "GET", "/api/v1/analyses") as asked:
        await page.wait_for_timeout(6000)
    assert not asked, "still polling beside the live socket"


@pytest.mark.usefixtures("owner")
async def test_what_one_tab_starts_and_cancels_the_other_tab_shows(
    page: Page, web_url: str, letter: Path
) -> None:
    await page.goto(web_url)
    other = await page.context.new_page()
    await other.goto(web_url)
    await until(other.get_by_test_id("connection"), "c => c.dataset.live === 'true'")
    await page.get_by_test_id("choose").set_input_files(letter)
    await until(other.get_by_test_id("climb"), "c => c.dataset.state === 'queued'")
    await page.get_by_test_id("cancel").click()
    await until(other.get_by_test_id("climb"), "c => c.dataset.state === 'canceled'")
    await until(other.get_by_test_id("announcer"), "a => a.innerText.includes('Canceled')")


async def test_a_running_analysis_is_canceled_and_says_so(
    page: Page, web_url: str, programs: Programs, owner: Climber
) -> None:
    programs.worker()
    await owner.analyze(EXAMPLE.read_bytes())
    await page.goto(web_url)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => Number(c.querySelector('[data-percent]')?.dataset.percent) > 0", timeout_s=40)
    await climb.get_by_test_id("cancel").click()
    await until(climb, "c => c.dataset.state === 'canceled'")
    await until(page.get_by_test_id("announcer"), "a => a.innerText.includes('Canceled')")
    limit = owner.user["quota"]["limit"]
    await page.get_by_text(f"{limit} of {limit} analyses left").wait_for()  # it is given back
    await climb.get_by_test_id("retry").wait_for()


async def test_older_climbs_are_shown_on_demand(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    ids = await seeds.many_climbs(engines, owner, 25)
    await page.goto(web_url)
    climbs = page.get_by_test_id("climb")
    await climbs.nth(19).wait_for()
    assert await climbs.count() == 20
    await page.get_by_test_id("more").press("Enter")
    await climbs.nth(24).wait_for()
    shown = [await climbs.nth(number).get_attribute("data-id") for number in range(25)]
    assert shown == ids[::-1]
    assert await page.get_by_test_id("more").count() == 0
    await until(climbs.nth(20).get_by_role("link"), "a => a === document.activeElement")


async def test_a_lost_network_is_noticed_at_once_and_what_was_missed_is_shown(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    connection = page.get_by_test_id("connection")
    await until(connection, "c => c.dataset.live === 'true'")
    await page.context.set_offline(True)
    await until(connection, "c => c.dataset.live === 'false'")
    await seeds.failed_climb(engines, owner)
    await page.context.set_offline(False)
    await until(page.get_by_test_id("climb"), "c => c.dataset.state === 'failed'")
    await until(connection, "c => c.dataset.live === 'true'")
