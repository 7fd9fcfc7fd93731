"""The history: what is deleted comes back, tags, and a list that is narrowed down and stays so."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.web import seeds
from tests.web.steps import open_climb, until


async def _focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.textContent"))


async def test_what_is_deleted_can_be_had_back_at_once_and_from_the_trash(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    kept, gone = await seeds.failed_climb(engines, owner), await seeds.failed_climb(engines, owner)
    await page.goto(web_url)
    climbs = page.get_by_test_id("climb")
    await climbs.nth(1).wait_for()
    delete = page.locator(f"[data-id='{gone['id']}']").get_by_test_id("delete")
    await delete.press("Enter")
    await page.get_by_test_id("confirm").press("Enter")
    await expect(climbs).to_have_count(1)
    await page.get_by_test_id("undo").wait_for()
    toast = page.get_by_test_id("toast")
    assert (await toast.get_attribute("role"), "in the trash" in await toast.inner_text()) == ("status", True)
    await page.get_by_test_id("undo").press("Enter")
    await expect(climbs).to_have_count(2)
    assert await _focused(page) == "Your climbs"

    await delete.click()
    await page.get_by_test_id("confirm").click()
    await expect(climbs).to_have_count(1)
    await page.get_by_test_id("to-trash").click()
    row = page.get_by_test_id("trashed").get_by_role("listitem")
    await until(page.get_by_role("heading", level=1), "h => h === document.activeElement")
    assert "30 days left" in await row.inner_text()
    await row.get_by_test_id("trash-restore").press("Enter")
    await page.get_by_text("The trash is empty.").wait_for()
    assert len((await owner.get("/api/v1/analyses")).json()["items"]) == 2
    for one in (kept, gone):
        assert (await owner.delete(f"/api/v1/analyses/{one['id']}")).status_code == 204
    await page.reload()
    await row.first.get_by_test_id("trash-remove").click()
    await page.get_by_test_id("confirm").click()
    await expect(row).to_have_count(1)
    await page.get_by_test_id("trash-empty").click()
    await page.get_by_test_id("confirm").click()
    await page.get_by_text("The trash is empty.").wait_for()
    assert await sql(engines, "select 1 from analyses where user_id = %s", owner.user["id"]) == []


async def test_an_answer_that_comes_late_does_not_undo_a_change(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    ready = await seeds.ready_climb(engines, owner)
    asked, release = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await release.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/v1/analyses?limit=*", answer_late)
    await open_climb(page, web_url, ready["id"])
    await page.get_by_test_id("tag-text").wait_for()
    await page.locator("[data-testid=connection][data-live=true]").wait_for(state="attached")
    await page.evaluate("window.dispatchEvent(new Event('online'))")  # then it asks for what it missed
    await asked.wait()
    await page.get_by_test_id("tag-text").fill("slab")
    await page.get_by_test_id("tag-text").press("Enter")
    await page.get_by_test_id("tag").wait_for()
    async with page.expect_response("**/api/v1/analyses?limit=*"):
        release.set()
    await page.wait_for_timeout(500)
    assert await page.get_by_test_id("tag").count() == 1


async def test_climbs_are_tagged_and_found_again(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    ready = await seeds.ready_climb(engines, owner)
    waiting = await owner.analyze(b"waiting for a worker")
    await sql(engines, "update videos set file_name = 'roof.mp4' where id = %s", waiting["video"]["id"])
    await owner.put(f"/api/v1/analyses/{waiting['id']}/tags", {"tags": ["Overhang"]})
    await open_climb(page, web_url, ready["id"])
    text = page.get_by_test_id("tag-text")
    await until(text, "i => i.list.options.length === 1 && i.list.options[0].value === 'Overhang'")
    for tag in ("Slab", "slab", "project"):
        await text.fill(tag)
        await text.press("Enter")
        await until(text, "i => i.value === ''")
    tags = page.get_by_test_id("tag")
    await expect(tags).to_have_count(2)
    await tags.nth(1).get_by_test_id("tag-remove").press("Enter")
    await expect(tags).to_have_count(1)
    assert (await owner.get(f"/api/v1/analyses/{ready['id']}")).json()["tags"] == ["Slab"]

    await page.goto(web_url)
    climbs, hits = page.get_by_test_id("climb"), page.get_by_test_id("filter-hits")
    await climbs.nth(1).wait_for()
    await page.get_by_test_id("filter-text").fill("SLA")
    await expect(climbs).to_have_count(1)
    await expect(hits).to_have_text("1 climb found")
    assert page.url.endswith("/?text=SLA")
    await page.reload()
    await expect(climbs).to_have_count(1)
    await climbs.get_by_role("link").click()
    await page.get_by_test_id("tags").wait_for()
    await page.go_back()
    await expect(climbs).to_have_count(1)
    await page.get_by_test_id("filter-text").fill("nobody calls it so")
    await page.get_by_text("No climb fits all of this.").wait_for()
    await page.get_by_test_id("filter-clear").click()
    await expect(climbs).to_have_count(2)
    assert await _focused(page) == ""
    assert page.url.rstrip("/") == web_url.rstrip("/")

    await page.get_by_test_id("filter-more").click()
    await page.get_by_test_id("filter-state").select_option("running")
    await expect(climbs).to_have_count(1)
    await page.get_by_test_id("filter-tag").select_option("Overhang")
    await expect(hits).to_have_text("1 climb found")
    await owner.post(f"/api/v1/analyses/{waiting['id']}/cancel")
    await expect(climbs).to_have_count(0)  # by an event, and what it does to the filter
    await page.get_by_test_id("filter-state").select_option("failed")
    await expect(climbs).to_have_count(1)
