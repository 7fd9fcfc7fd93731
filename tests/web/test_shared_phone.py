"""Two climbers on one phone, and a lost one: what the browser keeps of one is nothing for another."""

import psycopg
import pytest
from playwright.async_api import Page, Route, expect

from tests.conftest import Engines
from tests.platform import EXAMPLE, PASSWORD, Climber, new_climber
from tests.web import seeds
from tests.web.steps import log_in, until
from tests.web.test_crashes import MADE_UP_CAMERA, film
from tests.web.test_kept_clips import HERE, send

FILMED = """() => new Promise((resolve) => {
    const request = indexedDB.open("ascension.filming");
    request.onsuccess = () => {
        const database = request.result;
        const all = database.transaction(["takes", "pieces"]);
        const counts = ["takes", "pieces"].map((name) => all.objectStore(name).count());
        all.oncomplete = () => { database.close(); resolve(counts[0].result + counts[1].result); };
    };
})"""
"""How many films and pieces of films lie in the browser."""


SLOW_TO_WRITE = """(() => {
    const listen = MediaRecorder.prototype.addEventListener;
    MediaRecorder.prototype.addEventListener = function (kind, hear) {
        listen.call(this, kind, (event) => setTimeout(() => hear(event), 500));
    };
})()"""
"""As on a phone that is busy: what was filmed last comes after the climber has gone."""


async def refused(route: Route) -> None:
    """As an access token that is over."""
    await route.continue_(headers={**route.request.headers, "authorization": "Bearer refused"})


async def clips_of(engines: Engines, climber: Climber) -> int:
    query = "select count(*) from videos v join users u on u.id = v.user_id where u.email = %s"
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        found = await (await connection.execute(query, (climber.email,))).fetchone()
    assert found is not None
    return int(found[0])


async def test_a_session_ended_from_afar_leaves_nothing_to_play_and_nothing_for_who_follows(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await page.goto(web_url)
    await send(page, engines, owner)
    await page.get_by_test_id("film").click()
    await page.get_by_test_id("film-choose").set_input_files(EXAMPLE)
    await page.get_by_test_id("take").wait_for()
    await seeds.end_sessions(engines, owner.email)
    await page.route("**/api/v1/**", refused)
    await page.get_by_test_id("account-menu").click()
    await page.evaluate("""() => document.querySelector("a[href='/account']")?.click()""")
    await page.get_by_test_id("account-error").wait_for()
    await page.unroute_all()
    await until(page.locator("body"), f"async () => (await ({HERE})()).length === 0")
    other = await new_climber(web_url)
    try:
        await log_in(page, other.email)
        await page.get_by_test_id("account-menu").wait_for()
        await page.locator("a[href='/']").first.click()
        await page.get_by_test_id("film").click()
        await page.get_by_test_id("film-choose").wait_for(state="attached")
        await page.wait_for_timeout(500)
        await expect(page.get_by_test_id("take")).to_have_count(0)
        assert EXAMPLE.name not in await page.locator("body").inner_text()
    finally:
        await other.http.aclose()


@pytest.mark.usefixtures("owner")
async def test_who_logs_out_in_one_tab_leaves_nothing_of_what_another_one_films(
    page: Page, web_url: str
) -> None:
    await page.context.add_init_script(MADE_UP_CAMERA)
    await page.add_init_script(SLOW_TO_WRITE)
    await page.goto(f"{web_url}/film")
    await film(page, 1.5)
    await until(page.locator("body"), f"async () => (await ({FILMED})()) > 0")
    other = await page.context.new_page()
    await other.goto(web_url)
    await other.get_by_test_id("account-menu").click()
    await other.get_by_test_id("log-out").click()
    await page.get_by_test_id("account-submit").wait_for()
    await page.wait_for_timeout(1500)  # what the camera had begun is written now
    assert await page.evaluate(FILMED) == 0


async def test_nothing_that_waits_is_done_or_dropped_by_whoever_logs_in_beside(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    """In another tab, without that the first climber has left: as after a session that ended there."""
    other = await new_climber(web_url)

    async def follow() -> None:
        login = {"email": other.email, "password": PASSWORD}
        answer = await page.context.request.post(f"{web_url}/api/v1/auth/login", data=login)
        assert answer.ok, await answer.text()

    async def refused_behind_who_follows(route: Route) -> None:
        await follow()
        await refused(route)

    try:
        await page.goto(web_url)
        await page.route("**/api/v1/videos", refused_behind_who_follows, times=1)
        await page.get_by_test_id("choose").set_input_files(EXAMPLE)
        error = page.get_by_test_id("account-error")
        await error.wait_for()
        assert "Somebody else has logged in" in await error.inner_text()
        assert await clips_of(engines, other) == 0, "a clip went to somebody else"

        await page.route("**/api/v1/videos", lambda route: route.abort())  # it waits
        await log_in(page, owner.email)
        await page.get_by_test_id("upload").wait_for()
        await follow()
        beside = await page.context.new_page()
        await beside.goto(web_url)
        await beside.get_by_test_id("account-menu").click()
        await beside.get_by_test_id("log-out").click()
        await beside.get_by_test_id("account-submit").wait_for()
        assert len(await page.evaluate(HERE)) == 1, "what waits went with somebody else"
        await page.get_by_test_id("upload").wait_for()
    finally:
        await other.http.aclose()
