"""Uploads in the browser: resume, trouble, an expired token in the middle, cancel, failure and retry."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from playwright.async_api import Page, Route

from ascension.infra.security import TokenIssuer
from tests.conftest import Engines
from tests.platform import Programs
from tests.web.steps import recorded, register, until

PART_BYTES = 8 * 1024 * 1024


@pytest.fixture
def three_parts(tmp_path: Path) -> Path:
    """A file of three parts. Not a video: the upload does not look inside."""
    path = tmp_path / "three-parts.mp4"
    path.write_bytes(os.urandom(2 * PART_BYTES + 1000))
    return path


@pytest.mark.proves("M06")
async def test_an_upload_broken_off_by_a_reload_sends_only_the_rest(
    page: Page, web_url: str, engines: Engines, three_parts: Path
) -> None:
    await register(page, web_url)
    storage = urlsplit(engines.s3_endpoint).netloc

    async def only_the_last_part(route: Route) -> None:
        if route.request.method == "PUT" and "partNumber=3" not in route.request.url:
            await route.abort()
        else:
            await route.continue_()

    await page.route(f"**//{storage}/**", only_the_last_part)
    await page.get_by_test_id("choose").set_input_files(three_parts)
    upload = page.get_by_test_id("upload")
    await until(upload, "u => u.dataset.state === 'sending' && u.innerText.includes('broke off')")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await until(upload, "u => u.dataset.state === 'unfinished'")

    await page.unroute(f"**//{storage}/**")
    with recorded(page, "PUT", storage) as sent:
        await page.get_by_test_id("upload-resume").set_input_files(three_parts)
        await page.get_by_test_id("climb").wait_for()
    assert sorted(url.split("partNumber=")[1].split("&")[0] for url in (r.url for r in sent)) == ["1", "2"]
    assert await upload.count() == 0
    assert await page.evaluate("Object.keys(localStorage).filter(k => k.includes('uploads')).length") == 0


async def test_an_upload_survives_trouble_and_goes_on_by_itself(
    page: Page, web_url: str, engines: Engines, three_parts: Path
) -> None:
    await register(page, web_url)
    refused = 0

    async def refuse_twice(route: Route) -> None:
        nonlocal refused
        if route.request.method == "PUT" and refused < 2:
            refused += 1
            await route.abort()
        else:
            await route.continue_()

    await page.route(f"**//{urlsplit(engines.s3_endpoint).netloc}/**", refuse_twice)
    await page.get_by_test_id("choose").set_input_files(three_parts)
    await page.get_by_test_id("climb").wait_for()
    assert refused == 2


async def test_a_token_that_expires_in_the_middle_is_renewed(
    page: Page, web_url: str, engines: Engines, three_parts: Path
) -> None:
    email = await register(page, web_url)
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        found = await connection.execute("select id from users where email = %s", (email,))
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
        await page.get_by_test_id("choose").set_input_files(three_parts)
        await page.get_by_test_id("climb").wait_for()
    assert answers[0] == 401
    assert set(answers[1:]) == {200}
    assert len(refreshed) == 1


async def test_a_canceled_upload_leaves_nothing(
    page: Page, web_url: str, engines: Engines, three_parts: Path
) -> None:
    email = await register(page, web_url)
    await page.route(f"**//{urlsplit(engines.s3_endpoint).netloc}/**", lambda route: route.abort())
    await page.get_by_test_id("choose").set_input_files(three_parts)
    await until(page.get_by_test_id("upload"), "u => u.innerText.includes('broke off')")
    async with page.expect_response(lambda r: r.request.method == "DELETE") as deleted:
        await page.get_by_test_id("upload-discard").click()
    assert (await deleted.value).status == 204
    assert await page.get_by_test_id("upload").count() == 0
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        found = await connection.execute(
            "select count(*) from videos join users on users.id = user_id where email = %s", (email,)
        )
        assert await found.fetchone() == (0,)


async def test_a_file_that_is_no_video_fails_with_its_reason_and_can_be_retried_and_deleted(
    page: Page, web_url: str, programs: Programs, tmp_path: Path
) -> None:
    programs.worker()
    await register(page, web_url)
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"Dear climber, " * 1000)
    await page.get_by_test_id("choose").set_input_files(path)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'failed'")
    assert "not a video that we can read" in await climb.inner_text()
    async with page.expect_response("**/retry") as retried:
        await climb.get_by_test_id("retry").click()
    assert (await retried.value).status == 202
    await until(climb, "c => c.dataset.state === 'failed'")
    await climb.get_by_test_id("delete").click()
    await page.keyboard.press("Escape")
    assert await climb.count() == 1
    await climb.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm").click()
    await page.get_by_test_id("empty").wait_for()
    await page.reload()
    await page.get_by_test_id("empty").wait_for()


async def test_a_file_of_another_kind_is_refused_before_anything_is_sent(
    page: Page, web_url: str, tmp_path: Path
) -> None:
    await register(page, web_url)
    for name, content, reason in (("notes.txt", b"x", "not a video"), ("empty.mp4", b"", "file is empty")):
        path = tmp_path / name
        path.write_bytes(content)
        with recorded(page, "POST", "/api/v1/videos") as sent:
            await page.get_by_test_id("choose").set_input_files(path)
            await page.get_by_text(reason).wait_for()
        assert not sent
