"""The milestone: a clip chosen in a browser ends as a skeleton over the playing video."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.async_api import Page, Request

from tests.clips import short_climb
from tests.conftest import Engines
from tests.platform import ROOT, Programs
from tests.web.steps import register, until

FPS = 30
SIZE_PX = (480, 854)
# BlazePose: shoulders, elbows, hips, knees
LIMBS = (11, 12, 13, 14, 23, 24, 25, 26)


@pytest.mark.proves("M02", "M06", "M07", "M69")
async def test_a_clip_chosen_in_the_browser_becomes_a_skeleton_over_the_video(
    page: Page, web_url: str, programs: Programs, engines: Engines, tmp_path: Path
) -> None:
    clip = tmp_path / "climb.mp4"
    clip.write_bytes(await asyncio.to_thread(short_climb, 90))
    programs.worker()
    requests: list[Request] = []

    def record(request: Request) -> None:
        requests.append(request)

    page.on("request", record)
    await register(page, web_url)

    async with page.expect_file_chooser() as chooser:
        await page.locator("label", has=page.get_by_test_id("choose")).click()
    await (await chooser.value).set_files(clip)

    climb = page.get_by_test_id("climb")
    await climb.wait_for()
    percents: set[str] = set()
    state = ""
    while state != "completed":
        state, percent = await climb.evaluate(
            "c => [c.dataset.state, c.querySelector('[data-testid=progress]')?.dataset.percent ?? '']"
        )
        percents.add(percent)
        assert state not in ("failed", "canceled"), await climb.inner_text()
        await page.wait_for_timeout(100)
    assert len(percents) >= 5, "progress did not arrive live"
    assert await page.get_by_test_id("connection").get_attribute("data-live") in ("true", "open", "live")

    storage = urlsplit(engines.s3_endpoint).netloc
    assert any(r.method == "PUT" and urlsplit(r.url).netloc == storage for r in requests)
    through_api = [r for r in requests if urlsplit(r.url).netloc == urlsplit(web_url).netloc]
    assert sum(len(r.post_data_buffer or b"") for r in through_api) < 10_000

    await climb.get_by_role("link").first.click()
    overlay, video = page.get_by_test_id("overlay"), page.get_by_test_id("video")
    await overlay.wait_for()
    await until(video, "v => v.readyState >= 2")
    await video.evaluate("v => { v.muted = true; v.playbackRate = 1; return v.play(); }")
    await until(video, "v => v.currentTime > 1")
    await video.evaluate("v => v.pause()")
    await page.wait_for_timeout(300)
    await _assert_drawn_over_the_body(page)

    before = int(await overlay.get_attribute("data-frame") or -1)
    await page.get_by_test_id("step-forward").click()
    await until(overlay, f"c => c.dataset.frame === '{before + 1}'")
    await _assert_drawn_over_the_body(page)


async def _assert_drawn_over_the_body(page: Page) -> None:
    """The canvas holds paint at the true joints of the frame that the video shows, and little elsewhere."""
    overlay = page.get_by_test_id("overlay")
    frame = int(await overlay.get_attribute("data-frame") or -1)
    media_time_s = float(await overlay.get_attribute("data-media-time") or -1)
    assert frame == round(media_time_s * FPS), "the skeleton belongs to another frame"
    with np.load(ROOT / "examples" / "climb_truth.npz") as truth:
        joints = truth["landmarks_px"][frame][list(LIMBS)] / SIZE_PX
    painted = await overlay.evaluate(
        """(canvas, joints) => {
            const context = canvas.getContext("2d");
            const reach = Math.round(canvas.width * 0.05);
            return joints.map(([x, y]) => {
                const [left, top] = [x * canvas.width - reach, y * canvas.height - reach];
                const { data } = context.getImageData(left, top, 2 * reach, 2 * reach);
                return data.some((value, i) => i % 4 === 3 && value > 100);
            });
        }""",
        joints.tolist(),
    )
    assert sum(painted) >= len(LIMBS) - 1, painted
    share = await overlay.evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let painted = 0;
            for (let i = 3; i < data.length; i += 4) painted += data[i] > 100 ? 1 : 0;
            return painted / (data.length / 4);
        }"""
    )
    assert share < 0.2
