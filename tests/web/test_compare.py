"""Two climbs beside each other: chosen, compared by the real worker, watched together, taken away."""

from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page
from psycopg.types.json import Jsonb

from tests.clips import Picture, write_clip
from tests.comparisons.seeds import compared_climbs, filmed_climb, store_wall
from tests.comparisons.walls import PAUSE_FRAME, PAUSE_S, first_clip, painted, second_clip, webp
from tests.conftest import Engines
from tests.platform import EXAMPLE, Climber, Programs, seeded_climber
from tests.rows import sql
from tests.web import seeds
from tests.web.seeds import FPS
from tests.web.steps import open_climb, recorded, tab_to, until
from tests.web.test_accessibility import AUDIT, SMALL_TARGETS, STICKING_OUT, screen
from tests.web.test_player import PAINTED

__all__ = ["screen"]

PAUSE_FRAMES = round(PAUSE_S * FPS)

# Sides of the smallest box around all dots of a color (red, green, blue), as shares of the picture.
BOX_OF_COLOR = """(canvas, [red, green, blue]) => {
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
    for (let at = 0; at < data.length; at += 4) {
        const isIt = data[at] === red && data[at + 1] === green && data[at + 2] === blue;
        if (!isIt || data[at + 3] !== 255) continue;
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    return [left / width, top / height, right / width, bottom / height];
}"""
CHALK, PINK = [246, 241, 234], [255, 111, 192]


@cache
def paused_clip() -> bytes:
    """The example's video, half as large, in which everything stands still for a while."""
    with TemporaryDirectory() as folder:
        return write_clip(Path(folder) / "paused.mp4", _paused_pictures()).read_bytes()


def _paused_pictures() -> Iterator[Picture]:
    with av.open(EXAMPLE) as container:
        for index, frame in enumerate(container.decode(video=0)):
            whole: Any = frame.to_ndarray(format="rgb24")
            for _ in range(1 + PAUSE_FRAMES if index == PAUSE_FRAME else 1):
                yield np.ascontiguousarray(whole[:852:2, ::2])


async def two_climbs(climber: Climber, engines: Engines) -> tuple[str, str]:
    """Ids of the example and of the same climb with a pause, filmed from elsewhere."""
    first = await filmed_climb(engines, climber, first_clip(), EXAMPLE.read_bytes())
    second = await filmed_climb(engines, climber, second_clip(), paused_clip())
    return first["id"], second["id"]


@pytest_asyncio.fixture(loop_scope="session")
async def comparison_id(owner: Climber, engines: Engines) -> str:
    """A comparison of these two that is ready."""
    return await compared_climbs(engines, owner, (EXAMPLE.read_bytes(), paused_clip()))


async def open_comparison(page: Page, url: str, comparison_id: str) -> Locator:
    """Go to a comparison that is ready, both videos loaded; its time bar."""
    await page.goto(f"{url}/compare/{comparison_id}")
    for number in range(2):
        await until(page.get_by_test_id("video").nth(number), "v => v.readyState >= 2")
    await page.get_by_test_id("scrub").wait_for()
    return page.get_by_test_id("scrub")


async def frames_shown(page: Page) -> tuple[int, int]:
    """Of the first and the second, on screen now."""
    overlays = page.get_by_test_id("overlay")
    first, second = [await overlays.nth(number).get_attribute("data-frame") for number in range(2)]
    return int(first or -1), int(second or -1)


async def test_two_climbs_are_chosen_compared_reloaded_and_taken_away(
    page: Page, web_url: str, engines: Engines, owner: Climber, programs: Programs
) -> None:
    first, second = await two_climbs(owner, engines)
    programs.worker()
    await open_climb(page, web_url, second)
    await page.get_by_test_id("compare").tap()
    candidate = page.get_by_test_id("candidate")
    assert await candidate.get_attribute("data-id") == first
    with recorded(page, "POST", "/api/v1/comparisons") as asked:
        await candidate.tap()
        await page.wait_for_url("**/compare/*")
    assert len(asked) == 1
    headline = page.get_by_test_id("headline")
    await headline.wait_for(timeout=60_000)
    assert "The first was 2.0 s quicker." in await headline.inner_text()
    assert "All of that is the pause before hold" in await headline.inner_text()

    await page.reload()
    await headline.wait_for()
    await page.go_back()
    await page.get_by_test_id("earlier").tap()
    await headline.wait_for()
    await page.get_by_test_id("delete").tap()
    await page.get_by_test_id("confirm").tap()
    await page.wait_for_url("**/climbs/*/compare")
    await page.get_by_test_id("candidate").wait_for()
    assert await page.get_by_test_id("earlier").count() == 0
    assert (await owner.get("/api/v1/comparisons")).json()["items"] == []
    assert (await owner.get(f"/api/v1/analyses/{first}")).status_code == 200


async def test_a_difference_brings_both_clips_to_where_it_begins(
    page: Page, web_url: str, comparison_id: str
) -> None:
    await open_comparison(page, web_url, comparison_id)
    difference = page.get_by_test_id("difference").filter(has_text="paused")
    await difference.tap()
    overlays = page.get_by_test_id("overlay")
    for number in range(2):  # within half a second: the example's climber comes to rest a little before
        await until(
            overlays.nth(number), f"c => Math.abs(Number(c.dataset.frame) - {PAUSE_FRAME}) <= {FPS // 2}"
        )
    await until(difference, "d => d.ariaCurrent === 'step'")
    assert "+2.0\N{NO-BREAK SPACE}s" in await difference.inner_text()
    stage = await page.get_by_test_id("stage-first").bounding_box()
    assert stage is not None
    assert stage["y"] >= -1, "the pictures are not in sight"


async def test_both_play_together_and_one_waits_where_only_the_other_has_something(
    page: Page, web_url: str, comparison_id: str
) -> None:
    scrub = await open_comparison(page, web_url, comparison_id)
    await scrub.focus()
    await page.keyboard.press("Home")
    step = PAUSE_FRAME - 20
    await scrub.evaluate(
        "(s, step) => { s.value = step; s.dispatchEvent(new Event('input', { bubbles: true })); }", step
    )
    await until(
        page.get_by_test_id("overlay").nth(1), f"c => Math.abs(Number(c.dataset.frame) - {step}) <= 1"
    )
    await page.get_by_test_id("play").tap()
    overlays = page.get_by_test_id("overlay")
    await until(overlays.nth(1), f"c => Number(c.dataset.frame) > {PAUSE_FRAME + PAUSE_FRAMES // 2}")
    first, second = await frames_shown(page)
    assert abs(first - PAUSE_FRAME) <= 12, (first, second)
    await until(overlays.nth(0), f"c => Number(c.dataset.frame) > {PAUSE_FRAME + 25}", timeout_s=30)
    await page.get_by_test_id("play").tap()
    await until(page.get_by_test_id("play"), "b => b.ariaLabel === 'Play'")
    first, second = await frames_shown(page)
    assert abs(second - first - PAUSE_FRAMES) <= 12, (first, second)


async def test_overlaid_the_second_lies_where_the_wall_says(
    page: Page, web_url: str, comparison_id: str
) -> None:
    """The same climb filmed from elsewhere must lie on itself in the first's picture."""
    await open_comparison(page, web_url, comparison_id)
    for key in ("p", "h"):
        await page.keyboard.press(key)
    await page.get_by_test_id("ground-overlaid").tap()
    bodies = page.get_by_test_id("bodies")
    await until(bodies, PAINTED)
    chalk, pink = [await bodies.evaluate(BOX_OF_COLOR, color) for color in (CHALK, PINK)]
    assert chalk == pytest.approx(pink, abs=0.03)
    assert chalk[3] - chalk[1] > 0.2, "nobody is drawn"


async def test_the_wall_shows_the_ways_and_holds_of_both(
    page: Page, web_url: str, comparison_id: str
) -> None:
    await open_comparison(page, web_url, comparison_id)
    await page.get_by_test_id("ground-wall").tap()
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await until(page.get_by_test_id("ways"), PAINTED)
    await until(page.get_by_test_id("holds"), PAINTED)
    ways = page.get_by_test_id("ways")
    pink = await ways.evaluate(BOX_OF_COLOR, PINK)
    assert pink[3] - pink[1] > 0.15, "the second's way is not drawn"


async def test_every_section_and_measure_has_both_values_or_a_reason(
    page: Page, web_url: str, comparison_id: str
) -> None:
    await open_comparison(page, web_url, comparison_id)
    rows = page.get_by_test_id("section-row")
    texts = [await row.inner_text() for row in await rows.all()]
    assert sum("+2.0" in text for text in texts) == 1, texts
    await rows.last.tap()
    await until(rows.last, "r => r.ariaCurrent === 'step'")
    measures = page.get_by_test_id("measures")
    for summary in await measures.locator("summary").all():
        await summary.tap()
    cells = [await row.locator("td").all_inner_texts() for row in await measures.locator("tbody tr").all()]
    assert cells
    assert all(len(row) == 3 and "" not in row for row in cells), cells


async def test_a_section_is_played_again_and_again_and_both_are_looked_at_from_near(
    page: Page, web_url: str, comparison_id: str
) -> None:
    await open_comparison(page, web_url, comparison_id)
    await page.get_by_test_id("section-row").last.tap()
    scrub = page.get_by_test_id("scrub")
    start = int(await scrub.input_value())
    await page.get_by_test_id("tools").tap()
    await page.get_by_test_id("tool-zoom-in").tap()
    for side in ("first", "second"):
        await until(page.get_by_test_id(f"stage-{side}"), "s => s.dataset.zoomed === 'true'")
    await page.get_by_test_id("tool-loop").tap()
    for _ in range(2):
        await until(scrub, f"s => Number(s.value) > {start + 5}")
        await until(scrub, f"s => Number(s.value) <= {start + 5}")
    assert await page.get_by_test_id("play").get_attribute("aria-label") == "Pause"
    await page.get_by_test_id("tool-zoom-whole").tap()
    await until(page.get_by_test_id("stage-second"), "s => s.dataset.zoomed === 'false'")


async def test_other_walls_are_refused_with_a_way_on(
    page: Page, web_url: str, engines: Engines, owner: Climber, programs: Programs
) -> None:
    first, second = await two_climbs(owner, engines)
    await store_wall(engines, owner, second, webp(painted(7)))
    programs.worker()
    await page.goto(f"{web_url}/climbs/{first}/compare")
    await page.get_by_test_id("candidate").tap()
    failure = page.get_by_test_id("failure")
    await failure.wait_for(timeout=60_000)
    assert "different walls" in await failure.inner_text()
    assert not await page.evaluate(STICKING_OUT)
    await page.get_by_role("link", name="Choose another climb").tap()
    await page.get_by_test_id("candidate").wait_for()


async def test_two_attempts_of_one_clip_are_chosen_the_earlier_one_first(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    climb = await filmed_climb(engines, owner, first_clip())
    attempts = Jsonb({"attempts": [{"outcome": "fall"}, {"outcome": "top"}]})
    await sql(engines, "update analyses set summary = %s where id = %s", attempts, climb["id"])
    await page.goto(f"{web_url}/climbs/{climb['id']}/compare")
    await page.get_by_test_id("own-attempt").nth(1).tap()
    candidate = page.get_by_test_id("candidate")
    await until(candidate, "c => c.dataset.attempt === '1'")
    assert "Attempt 1: fell" in await candidate.inner_text()
    await candidate.tap()
    await page.get_by_test_id("comparing").wait_for()
    (stored,) = (await owner.get("/api/v1/comparisons")).json()["items"]
    assert [stored[side]["attempt"] for side in ("first", "second")] == [1, 2]
    await page.go_back()
    await page.get_by_test_id("earlier").wait_for()
    assert "attempts 1 and 2" in await page.get_by_test_id("earlier").inner_text()


async def test_with_one_climb_it_is_said_how_to_get_a_second(
    page: Page, web_url: str, engines: Engines, owner: Climber
) -> None:
    climb = await filmed_climb(engines, owner, first_clip())
    await page.goto(f"{web_url}/climbs/{climb['id']}/compare")
    assert "Climb the same route again" in await page.get_by_test_id("compare-empty").inner_text()
    await page.get_by_role("link", name="Add a climb").tap()
    await page.get_by_test_id("climbs").wait_for()


async def test_what_was_corrected_since_is_said_and_compared_anew(
    page: Page, web_url: str, engines: Engines, owner: Climber, comparison_id: str, programs: Programs
) -> None:
    found = (await owner.get(f"/api/v1/comparisons/{comparison_id}")).json()
    again = first_clip().stored
    await seeds.store_result(engines, found["second"]["analysis_id"], again)
    await page.goto(f"{web_url}/compare/{comparison_id}")
    await page.get_by_test_id("stale").wait_for()
    programs.worker()
    await page.get_by_test_id("compare-again").tap()
    await page.get_by_test_id("stale").wait_for(state="detached", timeout=60_000)
    await until(page.get_by_test_id("headline"), "h => !h.innerText.includes('2.0 s quicker')", timeout_s=60)


async def test_a_video_that_expired_leaves_its_skeleton_moving(
    page: Page, web_url: str, engines: Engines, owner: Climber, comparison_id: str
) -> None:
    await seeds.expire_videos(engines, owner.email)
    await page.goto(f"{web_url}/compare/{comparison_id}")
    assert "expired" in await page.get_by_test_id("missing-first").inner_text()
    await page.get_by_test_id("play").tap()
    for number in range(2):
        await until(page.get_by_test_id("overlay").nth(number), "c => Number(c.dataset.frame) > 10")


async def test_the_keyboard_reaches_everything(page: Page, web_url: str, comparison_id: str) -> None:
    scrub = await open_comparison(page, web_url, comparison_id)
    await tab_to(page, "scrub")
    await page.keyboard.press("ArrowRight")
    await until(scrub, "s => s.value === '1'")
    assert "First 0:00.07, second 0:00.07" in (await scrub.get_attribute("aria-valuetext") or "")
    await tab_to(page, "ground-wall")
    await page.keyboard.press("Enter")
    await page.get_by_test_id("ways").wait_for()
    await tab_to(page, "difference")
    await page.keyboard.press("Enter")
    await until(scrub, "s => Number(s.value) > 50")


async def test_no_screen_of_a_comparison_has_a_finding_of_the_audit_or_a_small_target(
    screen: Page, web_url: str, engines: Engines
) -> None:
    found: dict[str, Any] = {}

    async def look(name: str) -> None:
        found[name] = await screen.evaluate(AUDIT) + await screen.evaluate(SMALL_TARGETS)

    async with seeds.logged_in(screen, await seeded_climber(engines, web_url)) as climber:
        await _look_at_all(screen, web_url, engines, climber, look)
    assert not any(found.values()), found


async def _look_at_all(
    screen: Page, url: str, engines: Engines, climber: Climber, look: Callable[[str], Awaitable[None]]
) -> None:
    alone = await filmed_climb(engines, climber, first_clip())
    await screen.goto(f"{url}/climbs/{alone['id']}/compare")
    await screen.get_by_test_id("compare-empty").wait_for()
    await look("nothing to choose")
    comparison_id = await compared_climbs(engines, climber, (EXAMPLE.read_bytes(), paused_clip()))
    await screen.reload()
    await screen.get_by_test_id("candidate").first.wait_for()
    await look("choice")
    await open_comparison(screen, url, comparison_id)
    for summary in await screen.get_by_test_id("measures").locator("summary").all():
        await summary.click()
    for ground in ("video", "overlaid", "wall"):
        await screen.get_by_test_id(f"ground-{ground}").click()
        await look(ground)


async def test_large_text_and_narrow_screens_lose_nothing_at_the_side(
    page: Page, web_url: str, comparison_id: str
) -> None:
    await open_comparison(page, web_url, comparison_id)
    for width_px, text_pct in ((390, 200), (320, 100)):
        await page.set_viewport_size({"width": width_px, "height": 844})
        await page.evaluate("pct => { document.documentElement.style.fontSize = `${pct}%`; }", text_pct)
        for ground in ("video", "overlaid", "wall"):
            await page.get_by_test_id(f"ground-{ground}").tap()
            out = await page.evaluate(STICKING_OUT)
            assert not out, f"{ground} at {width_px} px, text {text_pct} %: {out}"
