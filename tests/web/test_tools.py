"""What stands behind "Tools": loops, curves, files; and the layers that are off until they are asked for."""

import csv
import gzip
import io
from itertools import pairwise

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.result import Result, decode
from ascension.reports.csv_file import csv_of
from tests.conftest import Engines
from tests.platform import Climber
from tests.web import seeds
from tests.web.seeds import FPS, FRAMES, UNSEEN_FRAME
from tests.web.steps import open_climb, until
from tests.web.test_accessibility import AUDIT, AXE, SMALL_TARGETS
from tests.web.test_zoom import DRAWN, still_at

STORED = seeds.example_result()
NAMES = (
    "frame",
    "time_s",
    "person",
    "center_of_mass_x_px",
    "center_of_mass_y_px",
    "left_elbow_deg",
    "right_knee_deg",
)


@pytest_asyncio.fixture(loop_scope="session")
async def climb_id(owner: Climber, engines: Engines) -> str:
    """A climb of the page's account that is ready."""
    return (await seeds.ready_climb(engines, owner))["id"]


@pytest.fixture(scope="module")
def result() -> Result:
    """What the page shows."""
    return decode(STORED)


def climb_of(result: Result) -> ClimbPart:
    assert result.facts.climb is not None
    return result.facts.climb


async def tools(page: Page, url: str, climb_id: str) -> Locator:
    overlay = await open_climb(page, url, climb_id)
    await page.get_by_test_id("tools").tap()
    await page.get_by_test_id("tool-row").wait_for()
    return overlay


WATCH = """async (overlay, ms) => {
    const seen = [];
    const began = performance.now();
    while (performance.now() - began < ms) {
        seen.push(Number(overlay.dataset.frame));
        await new Promise(requestAnimationFrame);
    }
    return seen;
}"""


async def test_a_move_is_played_again_and_again(
    page: Page, web_url: str, climb_id: str, result: Result
) -> None:
    overlay = await tools(page, web_url, climb_id)
    move = climb_of(result).moves[1]
    await still_at(page, overlay, move.reach_start)
    await page.get_by_test_id("tool-loop").tap()
    band = await page.get_by_test_id("loop-band").bounding_box()
    lanes = await page.get_by_test_id("lanes").bounding_box()
    assert band is not None
    assert lanes is not None
    start, end = move.preparation_start, max(move.settled, move.reach_end)
    assert band["x"] - lanes["x"] == pytest.approx(lanes["width"] * start / FRAMES, abs=1)
    assert band["width"] == pytest.approx(lanes["width"] * (end - start) / FRAMES, abs=1)
    await until(overlay, f"c => Number(c.dataset.frame) < {start + 10}")
    length_s = (end - start) / FPS
    seen = await overlay.evaluate(WATCH, 2600 * length_s)
    times = sum(later < before for before, later in pairwise(seen))
    assert times >= 2
    assert min(seen) >= start
    assert max(seen) <= end + 3, "a picture or two too late, not more"
    assert not await page.get_by_test_id("video").evaluate("v => v.paused")

    await still_at(page, overlay, FRAMES - 8)  # looking elsewhere is allowed
    await page.get_by_test_id("play").tap()
    await until(overlay, f"c => Number(c.dataset.frame) < {end}")  # and the end of the clip leads back
    await page.get_by_test_id("tool-loop").tap()
    assert await page.get_by_test_id("loop-band").count() == 0
    await until(overlay, f"c => Number(c.dataset.frame) > {end + 10}")


async def test_any_stretch_can_be_chosen_by_buttons_and_by_keys(
    page: Page, web_url: str, climb_id: str
) -> None:
    overlay = await tools(page, web_url, climb_id)
    await still_at(page, overlay, 90)
    await page.get_by_test_id("tool-loop-from").tap()
    await still_at(page, overlay, 119)
    await page.get_by_test_id("tool-loop-to").tap()
    loop = page.get_by_test_id("tool-loop")
    assert "0:03.00" in (await loop.get_attribute("aria-label") or "")
    assert "0:04.00" in (await loop.get_attribute("aria-label") or "")
    await page.get_by_test_id("play").tap()
    seen = await overlay.evaluate(WATCH, 1800)
    assert any(later < before for before, later in pairwise(seen))
    await page.get_by_test_id("play").tap()
    await page.keyboard.press("m")
    await until(page.get_by_test_id("timeline"), "t => !t.querySelector('.lanes-loop')")
    await page.keyboard.press("i")
    await page.get_by_test_id("loop-band").wait_for()


async def test_curves_say_what_was_measured_and_take_through_the_clip(
    page: Page, web_url: str, climb_id: str, result: Result
) -> None:
    overlay = await tools(page, web_url, climb_id)
    await page.get_by_test_id("tool-charts").tap()
    plots = page.get_by_test_id("plots")
    await plots.evaluate("p => p.scrollIntoView({block: 'center'})")  # not below the controls
    box, lanes = await plots.bounding_box(), await page.get_by_test_id("lanes").bounding_box()
    assert box is not None
    assert lanes is not None
    assert (box["x"], box["width"]) == pytest.approx((lanes["x"], lanes["width"]), abs=0.5)
    for frame in (150, 222):
        await page.mouse.move(box["x"] + 5, box["y"] + 20)
        await page.mouse.down()
        await page.mouse.move(box["x"] + box["width"] * (frame + 0.5) / FRAMES, box["y"] + 30, steps=4)
        await page.mouse.up()
        await until(overlay, f"c => c.dataset.frame === '{frame}'")
        told = await page.get_by_test_id("value-elbow").inner_text()
        for side, name in (("L", "left_elbow"), ("R", "right_elbow")):
            angle = result.joint_angles_deg[frame, result.facts.joint_angles.index(name)]
            shown = "–" if np.isnan(angle) else f"{int(np.floor(angle + 0.5))}°"
            assert f"{side} {shown}" in told
    await plots.focus()
    await page.keyboard.press("ArrowRight")
    await until(overlay, "c => c.dataset.frame === '223'")
    await page.keyboard.press("PageDown")
    await until(overlay, "c => c.dataset.frame === '213'")
    assert "Elbow: left" in (await plots.get_attribute("aria-valuetext") or "")
    await page.get_by_test_id("scrub").fill(str(UNSEEN_FRAME))
    await until(plots, f"p => p.getAttribute('aria-valuenow') === '{UNSEEN_FRAME}'")
    assert "Speed: not seen" in (await plots.get_attribute("aria-valuetext") or "")
    await page.get_by_test_id("chart-height").tap()


async def test_files_hold_what_the_page_shows(
    page: Page, web_url: str, climb_id: str, result: Result
) -> None:
    await tools(page, web_url, climb_id)
    await page.get_by_test_id("tool-export").tap()
    saved: dict[str, bytes] = {}
    for name in ("frames", "measures", "result"):
        async with page.expect_download() as download:
            await page.get_by_test_id(f"save-{name}").tap()
        path = await (await download.value).path()
        saved[(await download.value).suggested_filename] = path.read_bytes()
    names = list(saved)
    assert [name.rpartition("-")[2] for name in names] == [
        "frames.csv",
        "measures.csv",
        "result.ascension.gz",
    ]
    frames, measures, stored = saved.values()
    ours = list(csv.DictReader(io.StringIO(csv_of(result).decode())))
    theirs = list(csv.DictReader(io.StringIO(frames.decode())))
    assert [[row[name] for name in NAMES] for row in theirs] == [
        [row[name] for name in NAMES] for row in ours
    ]
    told = list(csv.DictReader(io.StringIO(measures.decode())))
    known = [one for attempt in climb_of(result).attempts for one in attempt.measures]
    assert [(row["measure"], row["reason"]) for row in told] == [(one.name, one.reason) for one in known]
    assert [float(row["value"] or "nan") for row in told] == pytest.approx(
        [np.nan if one.value is None else one.value for one in known], nan_ok=True
    )
    assert gzip.decompress(stored) == gzip.decompress(STORED)


async def test_support_is_drawn_and_said(page: Page, web_url: str, climb_id: str, result: Result) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    climb = climb_of(result)
    both = [
        frame
        for frame in range(FRAMES)
        if {"left_foot", "right_foot", "left_hand", "right_hand"}
        == {
            one.limb
            for one in climb.contacts
            if one.start <= frame < one.end and one.kind == "hold" and one.confidence >= 0.5
        }
        and result.person[frame]
    ]
    frame = both[len(both) // 2]
    await still_at(page, overlay, frame)
    for layer in ("skeleton", "path", "contacts"):
        await page.get_by_test_id(f"layer-{layer}").click()
    await page.get_by_test_id("layer-support").click()
    await until(overlay, f"c => Math.max(...({DRAWN})(c).box) > 0")
    said = await page.get_by_test_id("support").inner_text()
    assert "4 contacts carry." in said
    assert said.endswith(_beside(result, climb, frame))
    await still_at(page, overlay, UNSEEN_FRAME)
    assert "not known here" in await page.get_by_test_id("support").inner_text()


def _beside(result: Result, climb: ClimbPart, frame: int) -> str:
    """The same out of the stored numbers, by homogeneous arithmetic of its own."""
    assert result.facts.wall is not None
    to_unit = np.array(result.facts.wall.scale.wall_to_unit).reshape(3, 3) @ result.frame_to_wall()[frame]
    x, _, depth = to_unit @ [*result.center_of_mass_px[frame], 1]
    feet = [one.x for one in climb.contacts if one.start <= frame < one.end and one.limb.endswith("foot")]
    beside = max(min(feet) - x / depth, x / depth - max(feet), 0)
    if beside == 0:
        return "The center of mass is over the feet."
    side = "left" if x / depth < min(feet) else "right"
    unit = "m" if climb.unit == "m" else "torso lengths"
    return f"The center of mass is {beside:.2f}\N{NO-BREAK SPACE}{unit} {side} of the feet."


async def test_guesses_can_be_left_out(page: Page, web_url: str, climb_id: str, result: Result) -> None:
    overlay = await open_climb(page, web_url, climb_id)
    hidden = np.flatnonzero((result.visibility[:, 11:33] < 0.5).sum(axis=1) >= 4)
    await still_at(page, overlay, int(hidden[len(hidden) // 2]))
    dots = (
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((n, v) => n + (v > 0), 0)"
    )
    with_guesses = await overlay.evaluate(dots)
    await page.get_by_test_id("layer-hidden").click()
    await until(overlay, f"c => ({dots})(c) < {with_guesses}")


async def test_tools_curves_and_drawing_have_no_finding_of_the_audit(
    page: Page, web_url: str, climb_id: str
) -> None:
    await page.context.add_init_script(path=AXE)
    await tools(page, web_url, climb_id)
    for name in ("charts", "export", "loop-from"):
        await page.get_by_test_id(f"tool-{name}").tap()
    await page.get_by_test_id("plots").wait_for()
    for question in (AUDIT, SMALL_TARGETS):
        assert not await page.evaluate(question)
    await page.get_by_test_id("tool-draw").tap()
    await page.get_by_test_id("still").wait_for()
    for question in (AUDIT, SMALL_TARGETS):
        assert not await page.evaluate(question)


async def test_on_a_phone_picture_contacts_and_controls_are_seen_together(
    page: Page, web_url: str, climb_id: str
) -> None:
    await open_climb(page, web_url, climb_id)
    for opened in (False, True):
        if opened:
            await page.get_by_test_id("tools").tap()
        await page.evaluate("window.scrollTo(0, 0)")
        stage, lanes = (
            await page.get_by_test_id("stage").bounding_box(),
            await page.get_by_test_id("lanes").bounding_box(),
        )
        controls = await page.locator(".controls").bounding_box()
        assert stage is not None
        assert lanes is not None
        assert controls is not None
        assert stage["y"] >= 0
        assert stage["y"] + stage["height"] <= lanes["y"]
        assert lanes["y"] + lanes["height"] <= controls["y"] + 1
        assert controls["y"] + controls["height"] == 844
        assert stage["height"] >= (390 if opened else 500)
