"""The player by keyboard: exact frames, speeds, layers; and the skeleton that outlives its video."""

from pathlib import Path

import psycopg
import pytest
from playwright.async_api import Locator, Page

from tests.clips import short_climb
from tests.conftest import Engines
from tests.platform import Programs
from tests.web.steps import register, until

FRAMES = 40
FPS = 30


async def test_every_frame_is_reached_by_keys_and_a_lost_video_leaves_its_skeleton(
    page: Page, web_url: str, programs: Programs, engines: Engines, tmp_path: Path
) -> None:
    programs.worker()
    email = await register(page, web_url)
    clip = tmp_path / "short.mp4"
    clip.write_bytes(short_climb(FRAMES))
    await page.get_by_test_id("choose").set_input_files(clip)
    climb = page.get_by_test_id("climb")
    await until(climb, "c => c.dataset.state === 'completed'", timeout_s=60)
    await climb.get_by_role("link").focus()
    await page.keyboard.press("Enter")
    overlay = page.get_by_test_id("overlay")
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2")

    await _steps_land_on_their_frame(page, overlay)
    await _keys_set_speed_and_layers(page)

    await page.keyboard.press("Home")
    await page.keyboard.press("Space")
    await until(overlay, f"c => c.dataset.frame === '{FRAMES - 1}'")
    await page.get_by_role("button", name="Play", exact=True).wait_for()

    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as connection:
        await connection.execute(
            "update videos set state = 'expired' where user_id = (select id from users where email = %s)",
            (email,),
        )
    await page.reload()
    await page.get_by_test_id("skeleton-alone").wait_for()
    assert await page.get_by_test_id("video").count() == 0
    await page.get_by_test_id("play").click()
    await until(overlay, "c => Number(c.dataset.frame) > 10")


async def _steps_land_on_their_frame(page: Page, overlay: Locator) -> None:
    frame = 0
    for key, step in ((".", 1), (".", 1), ("ArrowRight", FPS), (",", -1), ("End", FRAMES), (",", -1)):
        frame = max(0, min(FRAMES - 1, frame + step))
        await page.keyboard.press(key)
        await until(overlay, f"c => c.dataset.frame === '{frame}'")
        shown_s = float(await overlay.get_attribute("data-media-time") or -1)
        assert shown_s == pytest.approx(frame / FPS, abs=0.002)
        assert f"frame {frame + 1} / {FRAMES}" in await page.get_by_test_id("frame-number").inner_text()


async def _keys_set_speed_and_layers(page: Page) -> None:
    await page.keyboard.press("[")
    await page.keyboard.press("[")
    assert await page.get_by_test_id("video").evaluate("v => v.playbackRate") == 0.25
    assert await page.get_by_test_id("speed-0.25").is_checked()
    await page.keyboard.press("]")
    await page.keyboard.press("]")
    angles = page.get_by_test_id("layer-angles")
    before = await angles.get_attribute("aria-pressed")
    await page.keyboard.press("a")
    assert await angles.get_attribute("aria-pressed") != before
    painted = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"
    overlay = page.get_by_test_id("overlay")
    assert await overlay.evaluate(painted)
    for key in ("a", "s", "p"):
        await page.keyboard.press(key)
    await until(overlay, f"c => !({painted})(c)")
