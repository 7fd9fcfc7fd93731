"""Which route a climb is on, what was tried there, and when: suggestion, log, calendar."""

import json
import re
from datetime import UTC, datetime

from playwright.async_api import Page, expect

from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.web import seeds
from tests.web.steps import open_climb
from tests.web.test_accessibility import AUDIT, AXE, SMALL_TARGETS, STICKING_OUT


async def known_wall(engines: Engines, climber: Climber) -> tuple[str, str]:
    """A climb that a worker found to be like an earlier one of the route Blue corner; ids of both."""
    earlier = await seeds.ready_climb(engines, climber)
    await climber.put(f"/api/v1/analyses/{earlier['id']}/route", {"route": "Blue corner"})
    new = await seeds.ready_climb(engines, climber)
    await seeds.store_wall_picture(engines, climber, new["id"])
    attempts = [{"outcome": one, "axes": {"score": 50.0}, "measures": {}} for one in ("fall", "unknown")]
    await sql(
        engines,
        """
        update analyses set summary = summary || jsonb_build_object('attempts', %s::jsonb) where user_id = %s
        """,
        *(json.dumps(attempts), climber.user["id"]),
    )
    await sql(
        engines,
        """
        with job as (
            insert into jobs (id, kind, subject_id, user_id, tier, state)
            values (gen_random_uuid(), 'recognition', gen_random_uuid(), %s, 'free', 'done') returning *
        )
        insert into recognitions (
            id, user_id, job_id, analysis_id, like_analysis_id, is_same_route, confidence)
        select subject_id, user_id, id, %s, %s, true, 0.93 from job
        """,
        *(climber.user["id"], new["id"], earlier["id"]),
    )
    return new["id"], earlier["id"]


async def nothing_amiss(page: Page) -> None:
    assert not await page.evaluate(AUDIT)
    assert not await page.evaluate(SMALL_TARGETS)
    for width_px, text_pct in ((390, 200), (320, 100)):
        await page.set_viewport_size({"width": width_px, "height": 844})
        await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
        assert not await page.evaluate(STICKING_OUT)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.evaluate("() => { document.documentElement.style.fontSize = ''; }")


async def removed_and_had_back(page: Page, web_url: str) -> None:
    """On the page of all routes: at once, and from the trash."""
    await page.get_by_test_id("to-routes").tap()
    rows = page.get_by_test_id("route-row")
    await expect(rows).to_have_count(2)
    blue = rows.filter(has_text="Blue corner")
    await expect(blue).to_contain_text("2 films")
    await nothing_amiss(page)
    await blue.tap()
    await page.get_by_test_id("route-remove").tap()
    await expect(rows).to_have_count(1)
    await page.get_by_test_id("undo").tap()
    await expect(page.get_by_test_id("route-entry")).to_have_count(5)  # as it was
    await page.get_by_test_id("route-remove").tap()
    await expect(rows).to_have_count(1)
    await page.goto(f"{web_url}/trash")
    removed = page.get_by_test_id("removed-routes")
    await expect(removed).to_contain_text("Blue corner")
    await nothing_amiss(page)
    await removed.get_by_test_id("trash-restore").tap()
    await expect(removed).to_have_count(0)


async def test_a_known_wall_is_suggested_its_log_kept_and_its_days_shown(
    page: Page, web_url: str, owner: Climber, engines: Engines
) -> None:
    new, earlier = await known_wall(engines, owner)
    await page.context.add_init_script(path=AXE)
    await open_climb(page, web_url, new)
    await expect(page.get_by_test_id("route-suggested")).to_contain_text("This looks like “Blue corner”")
    await expect(page.get_by_test_id("route-suggested")).to_contain_text("93 % sure")
    assert (await owner.get(f"/api/v1/analyses/{new}")).json()["route"] is None, "only asked"
    await page.get_by_test_id("suggested-same").tap()
    await expect(page.get_by_test_id("route-name")).to_have_value("Blue corner")
    await expect(page.get_by_test_id("route-suggested")).to_have_count(0)

    # another one, with its grade, then back
    await page.get_by_test_id("route-name").fill("Red slab")
    await page.get_by_test_id("route-told-grade").fill("6b+")
    await page.get_by_test_id("route-scale").select_option("french")
    await page.get_by_test_id("route-set-on").fill("2026-11-01")
    await page.get_by_test_id("route-save").tap()
    await page.get_by_test_id("route-note").wait_for()
    red = (await owner.get("/api/v1/routes")).json()["items"]
    told = next(one for one in red if one["name"] == "Red slab")
    assert (told["grade"], told["scale"], told["set_on"]) == ("6b+", "french", "2026-11-01")
    await page.get_by_test_id("route-name").fill("blue  corner")
    await page.get_by_test_id("route-save").tap()
    await expect(page.get_by_test_id("route-name")).to_have_value("Blue corner")

    await page.get_by_test_id("to-route").tap()
    entries = page.get_by_test_id("route-entry")
    await expect(entries).to_have_count(4)
    await expect(page.get_by_test_id("route-head")).to_contain_text("No send known")
    await nothing_amiss(page)
    await entries.first.get_by_test_id("tell-sent").tap()
    await expect(page.get_by_test_id("route-head")).to_contain_text("on try 4")
    await page.get_by_test_id("tries-count").fill("3")
    await page.get_by_test_id("tries-day").fill("2026-11-01")
    await page.get_by_test_id("tries-note").fill("Wet")
    await page.get_by_test_id("tries-write").tap()
    await expect(page.get_by_test_id("route-head")).to_contain_text("on try 7")
    await entries.last.get_by_test_id("tries-remove").tap()
    await expect(entries).to_have_count(4)
    await page.get_by_test_id("undo").tap()
    await expect(entries).to_have_count(5)

    await page.goto(f"{web_url}/progress")
    today = datetime.now(UTC).astimezone().date()
    day = page.locator(f"[data-day='{today}']")
    await expect(day).to_have_accessible_name(re.compile("2 films, 4 tries, 1 send"))
    await expect(day).to_contain_text("4 ✓")
    await day.press("Enter")
    await expect(page.get_by_test_id("one-day").locator(f"a[href='/climbs/{earlier}']")).to_have_count(2)
    await nothing_amiss(page)
    month = await page.get_by_test_id("month").inner_text()
    await day.press("PageUp")
    await expect(page.get_by_test_id("month")).not_to_have_text(month)
    await expect(page.locator("[data-testid=day]:focus")).to_have_count(1)  # the focus comes along
    assert await page.locator("[data-testid=day][tabindex='0']").count() == 1

    await removed_and_had_back(page, web_url)
    assert (await owner.get(f"/api/v1/analyses/{new}")).json()["route"] == "Blue corner"
