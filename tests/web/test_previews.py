"""A clip that this browser cannot play, as phones film: the skeleton on the wall, then a copy that plays."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ascension.infra.storage.keys import copy_key
from ascension.vision import small_clip
from ascension.vision.small_clip import write_small
from tests.analyses.outcomes import fail
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.telling import AS_IPHONES_FILM, telling_clip
from tests.web.seeds import FPS, FRAMES, finish_example, store_wall_picture
from tests.web.steps import until
from tests.web.test_correction import sent


async def as_a_worker_makes_it(engines: Engines, clip: Path, video_id: str) -> None:
    small = clip.with_name("small.mp4")
    await asyncio.to_thread(write_small, clip, small, threads=1, on_share=lambda _: None)
    [(copy_id, user_id)] = await sql(
        engines,
        """
        update video_copies set made_at = now(), content_type = 'video/mp4', size_bytes = %s
        where video_id = %s and purpose = 'preview' returning id, user_id
        """,
        small.stat().st_size,
        video_id,
    )
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(
            Bucket=engines.s3_bucket,
            Key=copy_key(user_id, copy_id),
            Body=small.read_bytes(),
            ContentType="video/mp4",
        )


# with sound, Chromium tells no error: it plays the sound and shows nothing
@pytest.mark.parametrize("sound", ["aac", None])
async def test_what_this_browser_cannot_play_is_played_from_a_copy_on_the_same_frames(
    sound: str | None, page: Page, web_url: str, owner: Climber, engines: Engines, tmp_path: Path
) -> None:
    filmed = replace(AS_IPHONES_FILM, sound=sound, frames=FRAMES, with_positions=False)
    clip = await asyncio.to_thread(telling_clip, tmp_path / "clip.mp4", filmed)
    analysis = await owner.analyze(clip.read_bytes())
    await finish_example(engines, analysis)
    await store_wall_picture(engines, owner, analysis["id"])
    await page.goto(f"{web_url}/climbs/{analysis['id']}")
    told = page.get_by_test_id("skeleton-alone")
    await expect(told).to_contain_text("Preparing a copy that it can play")
    await until(page.get_by_test_id("wall-picture"), "i => i.complete && i.naturalWidth > 0")
    await page.get_by_test_id("play").click()
    await until(page.get_by_test_id("overlay"), "c => Number(c.dataset.frame) > 2")
    await page.get_by_test_id("play").click()
    await as_a_worker_makes_it(engines, clip, analysis["video"]["id"])
    video = page.get_by_test_id("video")
    await until(video, "v => v.readyState >= 2 && v.videoWidth > 0")
    await expect(told).to_have_count(0)
    await expect(page.get_by_test_id("wall-picture")).to_have_count(0)
    await page.keyboard.press("End")
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{FRAMES - 1}'")
    await page.get_by_test_id("step-back").click()
    await until(page.get_by_test_id("overlay"), f"c => c.dataset.frame === '{FRAMES - 2}'")
    at_s = await video.evaluate("v => v.currentTime")
    assert at_s * FPS == pytest.approx(FRAMES - 2, abs=0.6)


async def test_the_climber_is_pointed_out_in_a_clip_that_this_browser_cannot_play(
    page: Page,
    web_url: str,
    owner: Climber,
    engines: Engines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In its small copy; what is told are places in the clip."""
    filmed = replace(AS_IPHONES_FILM, sound="aac", with_positions=False)
    clip = await asyncio.to_thread(telling_clip, tmp_path / "clip.mp4", filmed)
    analysis = await owner.analyze(clip.read_bytes())
    await fail(engines, analysis)
    await page.goto(f"{web_url}/climbs/{analysis['id']}")
    await page.get_by_test_id("point-out").tap()
    await expect(page.get_by_test_id("finder-preparing")).to_contain_text("cannot play the clip")
    monkeypatch.setattr(small_clip, "_SHORTER_SIDE_PX", 120)
    await as_a_worker_makes_it(engines, clip, analysis["video"]["id"])
    await page.get_by_test_id("picking").wait_for()
    stage, video = page.get_by_test_id("stage"), page.get_by_test_id("video")
    seen_px = await video.evaluate("v => [v.videoWidth, v.videoHeight]")
    assert min(seen_px) == 120
    box = await stage.bounding_box()
    assert box is not None
    await page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    await page.get_by_test_id("draft").tap()
    climber = (await sent(page, owner, analysis["id"]))["climber"]
    width_px, height_px = (2 * side for side in seen_px)
    assert climber["left_px"] + climber["width_px"] / 2 == pytest.approx(width_px / 4, abs=2)
    assert climber["top_px"] + climber["height_px"] / 2 == pytest.approx(height_px / 2, abs=2)
