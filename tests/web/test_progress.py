"""How a climber changes: axes by week and month, numbers route by route, the name of a route."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from playwright.async_api import Page

from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.web import seeds
from tests.web.steps import comes_true, open_climb, until
from tests.web.test_accessibility import AUDIT, AXE, SMALL_TARGETS, STICKING_OUT

AXES = ("score", "technique", "pace", "footwork", "fluency", "efficiency", "endurance")


def attempt(points: float, pace: float, unit: str = "m") -> dict[str, Any]:
    """An attempt whose axes are all the same."""
    return {
        "outcome": "top",
        "unit": unit,
        "axes": dict.fromkeys(AXES, points),
        "measures": {
            "pace": pace,
            "immobility_share": 40.0,
            "foot_cut_count": 70 - points,
            "height_gained": 5.5,
        },
    }


async def seed_climbs(engines: Engines, climber: Climber) -> str:
    """Four months of climbs, some of them on one route; the id of the latest."""
    analysis = await seeds.ready_climb(engines, climber)
    climbs = (
        (100, "Blue Slab", attempt(40, 9)),
        (75, None, attempt(52, 12)),
        (40, "blue slab", attempt(47, 11, "torso")),
        (12, "Roof", attempt(58, 14)),
    )
    for days_ago, route, one in climbs:
        await sql(
            engines,
            """
            with job as (
                insert into jobs (id, kind, subject_id, user_id, tier, state)
                values (gen_random_uuid(), 'analysis', gen_random_uuid(), %s, 'free', 'done') returning *
            )
            insert into analyses (id, user_id, video_id, job_id, created_at, route, summary)
            select subject_id, user_id, %s, id, %s, %s, jsonb_build_object('attempts', %s::jsonb) from job
            """,
            climber.user["id"],
            analysis["video"]["id"],
            datetime.now(UTC) - timedelta(days=days_ago),
            route,
            json.dumps([one]),
        )
    await sql(
        engines,
        "update analyses set summary = summary || jsonb_build_object('attempts', %s::jsonb) where id = %s",
        json.dumps([attempt(61, 13)]),
        analysis["id"],
    )
    return analysis["id"]


@pytest_asyncio.fixture(loop_scope="session")
async def latest_id(engines: Engines, owner: Climber) -> str:
    return await seed_climbs(engines, owner)


async def test_axes_are_drawn_by_week_and_month_and_told_in_words(
    page: Page, web_url: str, latest_id: str
) -> None:
    assert latest_id
    await page.goto(f"{web_url}/progress")
    trends = page.get_by_test_id("trend")
    await trends.nth(6).wait_for()
    score = trends.first
    assert await score.get_attribute("data-axis") == "score"
    assert "61" in await score.inner_text()
    assert "Your best so far is the latest" in await score.inner_text()
    assert await score.locator(".spark-dot").count() == 5
    label = await score.get_by_role("img").get_attribute("aria-label") or ""
    assert label.startswith("Score: ")
    assert label.endswith(" 61")
    await page.get_by_test_id("per-month").tap()
    await until(score, "s => s.innerText.includes('a month')")


async def test_raw_numbers_are_compared_on_one_route_only_and_a_route_is_named_on_its_climb(
    page: Page, web_url: str, owner: Climber, latest_id: str
) -> None:
    await open_climb(page, web_url, latest_id)
    await page.get_by_test_id("route-name").fill(" Blue  slab ")
    await page.get_by_test_id("route-save").tap()
    await page.get_by_test_id("route-note").wait_for()
    assert (await owner.get(f"/api/v1/analyses/{latest_id}")).json()["route"] == "Blue Slab"
    await page.get_by_role("link", name="Your progress").tap()
    routes = page.get_by_test_id("route")
    await routes.nth(1).wait_for()
    slab = routes.first
    await slab.locator("summary").tap()
    pace = slab.locator("[data-measure=pace]")
    assert await pace.locator(".spark-dot").count() == 3
    words = await pace.inner_text()
    assert "9 per min" in words.replace("\u00a0", " ")
    assert "better" in words
    assert "worse" not in await slab.locator("[data-measure=foot_cut_count]").inner_text()
    assert "14" not in words, "that was another route"
    height = slab.locator("[data-measure=height_gained]")
    assert await height.locator(".spark-dot").count() == 2
    words = await height.inner_text()
    assert "5.5 m" in words.replace("\u00a0", " ")
    assert "1 attempt in another unit left out" in words

    await page.go_back()
    await page.get_by_test_id("route-clear").tap()
    await until(page.get_by_test_id("route-name"), "i => i.value === ''")

    async def is_cleared() -> bool:
        return (await owner.get(f"/api/v1/analyses/{latest_id}")).json()["route"] is None

    await comes_true(is_cleared, "the climb has no route")


async def test_before_the_first_climb_the_page_says_what_will_be_there(
    page: Page, web_url: str, owner: Climber
) -> None:
    assert (await owner.get("/api/v1/progress")).json()["climbs"] == 0
    await page.goto(web_url)
    await page.get_by_test_id("account-menu").tap()
    await page.get_by_test_id("to-progress").tap()
    await page.get_by_test_id("progress-empty").wait_for()


async def test_progress_passes_the_audit_and_large_text_loses_nothing(
    page: Page, web_url: str, latest_id: str
) -> None:
    assert latest_id
    await page.context.add_init_script(path=AXE)
    await page.goto(f"{web_url}/progress")
    await page.get_by_test_id("trend").nth(6).wait_for()
    for summary in await page.locator("summary:visible").all():
        if await summary.get_attribute("data-testid") is None:
            await summary.tap()
    assert not await page.evaluate(AUDIT)
    assert not await page.evaluate(SMALL_TARGETS)
    for width_px, text_pct in ((390, 200), (320, 100)):
        await page.set_viewport_size({"width": width_px, "height": 844})
        await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
        assert not await page.evaluate(STICKING_OUT)
