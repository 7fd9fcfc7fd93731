"""Uploads in the browser: resume, trouble, an expired token in the middle, cancel, failure and retry."""

import asyncio
import os
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from playwright.async_api import Page, Request, Route

from ascension.infra.security import TokenIssuer
from tests.conftest import Engines
from tests.like_a_clip import CLIP_HEAD, like_a_clip
from tests.platform import Climber
from tests.web import seeds
from tests.web.steps import log_in, recorded, throttle, until

pytestmark = pytest.mark.usefixtures("owner")
PART_BYTES = 5 * 1024 * 1024


@pytest.fixture
def two_parts(tmp_path: Path) -> Path:
    """A file of a whole part and a small one, whose head alone is that of a video."""
    path = tmp_path / "two-parts.mp4"
    path.write_bytes(like_a_clip(os.urandom(PART_BYTES + 1000)))
    return path


@pytest.fixture
def three_parts(tmp_path: Path) -> Path:
    """The same with another whole part."""
    path = tmp_path / "three-parts.mp4"
    path.write_bytes(like_a_clip(os.urandom(2 * PART_BYTES + 1000)))
    return path


KEPT = """() => new Promise((resolve) => {
    const request = indexedDB.open("ascension.uploads");
    request.onsuccess = () => {
        const database = request.result;
        if (database.objectStoreNames.length === 0) { database.close(); resolve(0); return; }
        const asked = database.transaction("clips").objectStore("clips").getAll();
        asked.onsuccess = () => {
            database.close();
            resolve(asked.result.filter(({ videoId }) => videoId === null).length);
        };
    };
})"""
"""How many copies of clips on their way are kept; those that have arrived are in test_kept_clips.py."""


def is_only_the_rest(sent: list[Request]) -> bool:
    """Something, and nothing of the first part, which was there."""
    return bool(sent) and "1" not in parts_of(sent)


def parts_of(sent: list[Request]) -> set[str]:
    """Numbers of the parts that were sent."""
    return {request.url.split("partNumber=")[1].split("&")[0] for request in sent}


async def break_off(page: Page, storage: str, path: Path) -> None:
    """Send a file of which only the first part arrives, until `unroute_all`."""

    async def only_the_first_part(route: Route) -> None:
        if route.request.method == "PUT" and "partNumber=1" not in route.request.url:
            await route.abort()
        else:
            await route.continue_()

    await page.route(f"**//{storage}/**", only_the_first_part)
    async with page.expect_response(lambda r: r.request.method == "PUT" and r.ok):
        await page.get_by_test_id("choose").set_input_files(path)
    await until(page.get_by_test_id("upload"), "u => u.innerText.includes('broke off')")


@pytest.mark.proves("M06", "M31")
async def test_an_upload_broken_off_by_a_reload_goes_on_by_itself_and_sends_only_the_rest(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    storage = urlsplit(engines.s3_endpoint).netloc
    await break_off(page, storage, two_parts)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await page.unroute_all()
    with recorded(page, "PUT", storage) as sent:
        await page.get_by_test_id("climb").wait_for()
    assert is_only_the_rest(sent)
    assert await page.get_by_test_id("upload").count() == 0
    assert await page.evaluate("Object.keys(localStorage).filter(k => k.includes('uploads')).length") == 0
    assert await page.evaluate("Object.keys(sessionStorage).length") == 0
    assert await page.evaluate(KEPT) == 0


@pytest.mark.proves("M31")
async def test_an_upload_of_a_closed_tab_is_offered_on_the_next_visit(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    context, storage = page.context, urlsplit(engines.s3_endpoint).netloc
    await break_off(page, storage, two_parts)
    await page.close()
    again = await context.new_page()
    with recorded(again, "PUT", storage) as sent:
        await again.goto(web_url)
        upload = again.get_by_test_id("upload")
        await until(upload, "u => u.dataset.state === 'unfinished'")
        assert not sent, "data of a phone may cost: on another visit the climber decides"
        assert "5.2\u00a0MB of 5.2\u00a0MB" in await upload.inner_text()
        await again.get_by_test_id("upload-go-on").click()
        await again.get_by_test_id("climb").wait_for()
    assert is_only_the_rest(sent)


@pytest.mark.proves("M31")
async def test_where_the_browser_keeps_no_copy_the_same_clip_is_known_by_its_content(
    page: Page, web_url: str, engines: Engines, two_parts: Path, tmp_path: Path
) -> None:
    await page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('refused') }")
    await page.goto(web_url)
    storage = urlsplit(engines.s3_endpoint).netloc
    await break_off(page, storage, two_parts)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    upload = page.get_by_test_id("upload")
    await until(upload, "u => u.dataset.state === 'unfinished'")
    await page.unroute_all()
    # as a phone's gallery gives it again: another name, another time
    other, renamed = await asyncio.to_thread(_look_alikes, two_parts, tmp_path)
    with recorded(page, "PUT", storage) as sent:
        await page.get_by_test_id("upload-resume").set_input_files(other)
        await upload.get_by_text("other.mp4 is another clip").wait_for()
        assert not sent
        await page.get_by_test_id("upload-resume").set_input_files(renamed)
        await page.get_by_test_id("climb").wait_for()
    assert is_only_the_rest(sent)
    assert "two-parts.mp4" in await page.get_by_test_id("climb").inner_text()


def _look_alikes(clip: Path, folder: Path) -> tuple[Path, Path]:
    """A clip of the same size that begins otherwise, and the same content under another name."""
    content = clip.read_bytes()
    other, renamed = folder / "other.mp4", folder / "IMG_0042.mp4"
    other.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    renamed.write_bytes(content)
    return other, renamed


async def test_an_upload_is_paused_and_goes_on_when_told_so(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    storage = urlsplit(engines.s3_endpoint).netloc
    await break_off(page, storage, two_parts)
    await page.get_by_test_id("upload-pause").click()
    upload = page.get_by_test_id("upload")
    await until(upload, "u => u.dataset.state === 'paused'")
    await page.unroute_all()
    with recorded(page, "PUT", storage) as sent:
        await page.reload()
        await until(upload, "u => u.dataset.state === 'unfinished'")
        await page.wait_for_timeout(500)
        assert not sent, "a pause outlives a reload"
        await page.get_by_test_id("upload-go-on").click()
        await page.get_by_test_id("climb").wait_for()
    assert is_only_the_rest(sent)


@pytest.mark.proves("M31")
async def test_a_pause_lets_the_part_arrive_that_is_more_than_half_there(
    page: Page, web_url: str, engines: Engines, three_parts: Path
) -> None:
    await page.goto(web_url)
    network = await page.context.new_cdp_session(page)
    upload, pause = page.get_by_test_id("upload"), page.get_by_test_id("upload-pause")
    with recorded(page, "PUT", urlsplit(engines.s3_endpoint).netloc) as sent:
        await throttle(network, upload_bytes_per_s=1_000_000)
        await page.get_by_test_id("choose").set_input_files(three_parts)
        await until(upload, "u => Number(u.dataset.percent) > 27")
        assert parts_of(sent) == {"1"}, "a slow network carries one part at a time"
        await pause.click()
        await until(upload, "u => u.dataset.state === 'pausing'")
        assert await pause.inner_text() == "Stop now"
        await throttle(network, upload_bytes_per_s=-1)
        await until(upload, "u => u.dataset.state === 'paused'")
        assert await upload.get_attribute("data-percent") == "49"
        assert parts_of(sent) == {"1"}, "a part began after the pause"

        sent.clear()
        await throttle(network, upload_bytes_per_s=1_000_000)
        await page.get_by_test_id("upload-go-on").click()
        await until(upload, "u => Number(u.dataset.percent) > 77")
        await pause.click()
        await pause.click()
        await until(upload, "u => u.dataset.state === 'paused'")
        assert await upload.get_attribute("data-percent") == "49", "what was cut off counts as sent"
        await throttle(network, upload_bytes_per_s=-1)
        await page.get_by_test_id("upload-go-on").click()
        await page.get_by_test_id("climb").wait_for()
    assert is_only_the_rest(sent)


@pytest.mark.proves("M31")
async def test_broken_lines_storage_that_is_away_links_that_expired_and_damaged_parts_are_outlasted(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    trouble: dict[str, list[tuple[int, str]]] = {
        "1": [(503, "SlowDown"), (403, "AccessDenied")],
        "2": [(0, "no answer"), (400, "BadDigest")],
    }

    async def refuse_for_a_while(route: Route) -> None:
        ahead = trouble[parts_of([route.request]).pop()] if route.request.method == "PUT" else []
        status, code = ahead.pop() if ahead else (200, "")
        if status == 200:
            await route.continue_()
        elif status == 0:
            await route.abort()
        else:
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/xml"}
            await route.fulfill(status=status, headers=headers, body=f"<Error><Code>{code}</Code></Error>")

    await page.route(f"**//{urlsplit(engines.s3_endpoint).netloc}/**", refuse_for_a_while)
    with recorded(page, "POST", "/parts") as signed:
        await page.get_by_test_id("choose").set_input_files(two_parts)
        await page.get_by_test_id("climb").wait_for()
    assert trouble == {"1": [], "2": []}
    assert len(signed) == 2 + 4, "every attempt has a signature of its own"


async def test_who_leaves_leaves_no_clip_in_the_browser(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    await page.goto(web_url)
    await break_off(page, urlsplit(engines.s3_endpoint).netloc, two_parts)
    assert await page.evaluate(KEPT) == 1
    await page.get_by_test_id("account-menu").click()
    await page.get_by_test_id("log-out").click()
    await page.get_by_test_id("account-submit").wait_for()
    await until(page.locator("body"), f"async () => (await ({KEPT})()) === 0")
    await log_in(page, owner.email)
    await page.get_by_test_id("upload-resume").wait_for(state="attached")


async def test_a_token_that_expires_in_the_middle_is_renewed(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    await page.goto(web_url)
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        found = await connection.execute("select id from users where email = %s", (owner.email,))
        row = await found.fetchone()
    assert row is not None
    user_id: UUID = row[0]
    expired = TokenIssuer(engines.environment("api")["JWT_SECRET"], ttl_s=-60).issue(user_id)
    answers: list[int] = []

    async def send_expired_token_once(route: Route) -> None:
        headers = dict(route.request.headers)
        if not answers:
            headers["authorization"] = f"Bearer {expired}"
        response = await route.fetch(headers=headers)
        answers.append(response.status)
        await route.fulfill(response=response)

    await page.route("**/parts", send_expired_token_once)
    with recorded(page, "POST", "/auth/refresh") as refreshed:
        await page.get_by_test_id("choose").set_input_files(two_parts)
        await page.get_by_test_id("climb").wait_for()
    assert answers[0] == 401
    assert set(answers[1:]) == {200}
    assert len(refreshed) == 1


async def test_a_canceled_upload_leaves_nothing(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    await page.goto(web_url)
    await page.route(f"**//{urlsplit(engines.s3_endpoint).netloc}/**", lambda route: route.abort())
    await page.get_by_test_id("choose").set_input_files(two_parts)
    await until(page.get_by_test_id("upload"), "u => u.innerText.includes('broke off')")
    async with page.expect_response(lambda r: r.request.method == "DELETE") as deleted:
        await page.get_by_test_id("upload-discard").click()
    assert (await deleted.value).status == 204
    assert await page.get_by_test_id("upload").count() == 0
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        found = await connection.execute(
            "select count(*) from videos join users on users.id = user_id where email = %s", (owner.email,)
        )
        assert await found.fetchone() == (0,)


async def test_what_failed_says_why_and_can_be_retried_and_deleted(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    await seeds.failed_climb(engines, owner)
    await page.goto(web_url)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'failed'")
    assert "No climber was found" in await climb.inner_text()
    async with page.expect_response("**/retry") as retried:
        await climb.get_by_test_id("retry").click()
    assert (await retried.value).status == 202
    await until(climb, "c => c.dataset.state === 'queued'")
    dialog = page.get_by_test_id("confirm-dialog")
    await climb.get_by_test_id("delete").click()
    await dialog.wait_for()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")
    assert await climb.count() == 1
    await climb.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm").click()
    await page.get_by_test_id("empty").wait_for()
    await page.reload()
    await page.get_by_test_id("empty").wait_for()


async def test_a_file_of_another_kind_is_refused_before_anything_is_sent(
    page: Page, web_url: str, tmp_path: Path
) -> None:
    await page.goto(web_url)
    for name, content, reason in (("notes.txt", b"x", "not a video"), ("empty.mp4", b"", "file is empty")):
        path = tmp_path / name
        path.write_bytes(content)
        with recorded(page, "POST", "/api/v1/videos") as sent:
            await page.get_by_test_id("choose").set_input_files(path)
            await page.get_by_test_id("upload").get_by_text(reason).wait_for()
        assert not sent


async def test_an_upload_cut_off_by_the_network_waits_and_goes_on_when_it_is_back(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    storage, back, quick = urlsplit(engines.s3_endpoint).netloc, asyncio.Event(), asyncio.Event()

    async def hold_all_but_the_first(route: Route) -> None:
        if route.request.method != "PUT" or "partNumber=1" in route.request.url:
            await route.continue_()
        elif back.is_set():
            await quick.wait()
            await route.continue_()
        else:
            await back.wait()
            await route.abort()

    await page.route(f"**//{storage}/**", hold_all_but_the_first)
    upload = page.get_by_test_id("upload")
    async with page.expect_request(lambda r: r.method == "PUT" and "partNumber=2" in r.url):
        await page.get_by_test_id("choose").set_input_files(two_parts)
    await page.context.set_offline(True)
    back.set()
    await until(upload, "u => u.innerText.includes('You are offline')")
    await until(page.get_by_test_id("announcer"), "a => a.innerText.includes('You are offline')")
    await page.wait_for_timeout(1500)  # nothing is given up meanwhile
    assert await upload.get_attribute("data-state") == "sending"
    with recorded(page, "PUT", storage) as sent:
        await page.context.set_offline(False)
        await until(
            upload, "u => !u.innerText.includes('You are offline')"
        )  # while the parts take their time
        assert await upload.get_attribute("data-state") == "sending"
        quick.set()
        await page.get_by_test_id("climb").wait_for()
    assert not [r for r in sent if "partNumber=1" in r.url], "what had arrived was sent again"


async def test_a_session_that_ends_in_the_middle_keeps_the_upload_for_the_next_one(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    await page.goto(web_url)
    ended = False

    async def end_after_the_first(route: Route) -> None:
        nonlocal ended
        headers = dict(route.request.headers)
        if route.request.method == "POST" and '"part_number":2' in (route.request.post_data or ""):
            await seeds.end_sessions(engines, owner.email)
            ended = True
        if ended:
            headers["authorization"] = "Bearer refused"
        await route.continue_(headers=headers)

    await page.route("**/parts", end_after_the_first)
    await page.get_by_test_id("choose").set_input_files(two_parts)
    error = page.get_by_test_id("account-error")
    await error.wait_for()
    assert "session has ended" in await error.inner_text()
    await page.unroute_all()
    await log_in(page, owner.email)
    await page.get_by_test_id("climb").wait_for()  # nobody has to find the clip again


async def test_a_second_tab_leaves_a_running_upload_alone(
    page: Page, web_url: str, engines: Engines, two_parts: Path
) -> None:
    await page.goto(web_url)
    storage, let_go = urlsplit(engines.s3_endpoint).netloc, asyncio.Event()

    async def hold(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await page.route(f"**//{storage}/**", hold)
    await page.get_by_test_id("choose").set_input_files(two_parts)
    await until(page.get_by_test_id("upload"), "u => u.dataset.state === 'sending'")
    async with page.expect_request(lambda r: r.method == "PUT"):
        pass
    other = await page.context.new_page()
    await other.goto(web_url)
    elsewhere = other.get_by_test_id("upload")
    await until(elsewhere, "u => u.dataset.state === 'elsewhere'")
    assert await other.get_by_test_id("upload-discard").count() == 0
    await other.get_by_test_id("choose").set_input_files(two_parts)  # the same again: still one upload
    let_go.set()
    await other.get_by_test_id("climb").wait_for()
    await page.get_by_test_id("climb").wait_for()
    await elsewhere.wait_for(state="detached")
    assert await other.get_by_test_id("climb").count() == 1


async def test_clips_are_dropped_anywhere_on_the_page(page: Page, web_url: str) -> None:
    await page.goto(web_url)
    await page.get_by_test_id("empty").wait_for()
    dropped = await page.evaluate_handle(
        """(head) => {
            const carried = new DataTransfer();
            for (const name of ["one.mp4", "two.mp4", "notes.txt"])
                carried.items.add(new File([new Uint8Array(head), name], name));
            return carried;
        }""",
        list(CLIP_HEAD),
    )
    await page.dispatch_event("body", "dragover", {"dataTransfer": dropped})
    await page.get_by_text("Let go to analyze").wait_for()
    await page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    climbs = page.get_by_test_id("climb")
    await climbs.nth(1).wait_for()
    names = [await climbs.nth(number).get_by_role("heading").inner_text() for number in range(2)]
    assert sorted(names) == ["one.mp4", "two.mp4"]
    assert "not a video" in await page.get_by_test_id("upload").inner_text()
    assert await page.get_by_text("Let go to analyze").count() == 0


async def test_a_used_up_month_is_said_before_anything_is_sent(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    await page.goto(web_url)
    limit = owner.user["quota"]["limit"]
    await page.get_by_text(f"{limit} of {limit} analyses left this month").wait_for()
    await seeds.use_up_quota(engines, owner)  # in another browser, since this page was opened
    with recorded(page, "POST", "/api/v1/videos") as sent:
        await page.get_by_test_id("choose").set_input_files(two_parts)
        await until(page.get_by_test_id("upload"), "u => u.dataset.state === 'failed'")
    assert not sent
    assert await page.evaluate(KEPT) == 1, "a film may be nowhere else"
    reason = f"All {limit} analyses of this month are used"
    assert reason in await page.get_by_test_id("upload").inner_text()
    assert reason in await page.get_by_test_id("quota-used-up").inner_text()


async def test_a_month_used_up_while_sending_shows_the_refusal_of_the_api(
    page: Page, web_url: str, engines: Engines, owner: Climber, two_parts: Path
) -> None:
    async def use_up_first(route: Route) -> None:
        await seeds.use_up_quota(engines, owner)
        await route.continue_()

    await page.route("**/complete", use_up_first)
    await page.goto(web_url)
    await page.get_by_test_id("choose").set_input_files(two_parts)
    upload = page.get_by_test_id("upload")
    await until(upload, "u => u.dataset.state === 'failed'")
    assert "analyses for this month are used up" in await upload.inner_text()
