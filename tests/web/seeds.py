"""Accounts and climbs that are there before the browser looks, without the computing."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import cv2
import numpy as np
from playwright.async_api import Page
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Caution, Person, Result, Wall, WallPicture, decode, encode
from ascension.biomechanics.poses import FloatArray
from ascension.infra.storage.keys import thumbnail_key, wall_key
from tests.analyses import outcomes
from tests.analyses.sample import build_sample
from tests.clips import read_pictures, write_clip
from tests.conftest import Engines
from tests.platform import EXAMPLE, ROOT, Climber
from tests.rows import sql

TRUTH = ROOT / "examples" / "climb_truth.npz"
FRAMES = 322
FPS = 30
SIZE_PX = (480, 854)
WIDE_PX = (480, 270)
WIDE_TOP_PX = 350
STANDING_PX = (372, 560, 96, 262)
"""Left, top, width and height of somebody made up who never moves."""
WALL_MARGIN_PX = (70, 40)
OFF_WALL_FRAME = 30
UNSEEN_FRAME = 11
"""A frame of the made-up result in which nobody is seen."""


@asynccontextmanager
async def logged_in(page: Page, climber: Climber) -> AsyncGenerator[Climber]:
    """An account that was made without the form: the page goes on with its session at its next start."""
    try:
        for cookie in climber.http.cookies.jar:
            await page.context.add_cookies(
                [
                    {
                        "name": cookie.name,
                        "value": cookie.value or "",
                        "domain": "localhost",
                        "path": cookie.path,
                    }
                ]
            )
        await page.context.add_init_script("localStorage.setItem('ascension.session', 'true')")
        yield climber
    finally:
        await climber.http.aclose()


def example_result(
    *,
    model: str = "made-up",
    warnings: tuple[Caution, ...] | None = None,
    with_wall: bool = True,
    is_read: bool = True,
    overhang_deg: float | None = None,
) -> bytes:
    """The true poses of the example, encoded; nobody is seen in UNSEEN_FRAME. `is_read`: with its climb."""
    made_up = build_sample(FRAMES)
    with np.load(TRUTH) as truth:
        places = truth["landmarks_px"]
        seen = truth["visible"]
        corners = wall_corners_px(truth["wall_to_frame"])
    landmarks = np.where(made_up.person[:, None, None], places, np.nan)
    facts = made_up.facts.model_copy(
        update={
            "model": made_up.facts.model.model_copy(update={"name": model}),
            "warnings": made_up.facts.warnings if warnings is None else warnings,
            "people": _people(places),
            "wall": _wall(made_up) if with_wall else None,
        }
    )
    center = landmarks[:, 23:25].mean(axis=1)
    stored = encode(
        replace(
            made_up,
            facts=facts,
            landmarks_px=landmarks,
            visibility=np.where(made_up.person[:, None], np.where(seen, 0.95, 0.2), np.nan),
            center_of_mass_px=center,
            wall_corners_px=corners if with_wall else None,
        )
    )
    return encode(with_climb(decode(stored), Choices(overhang_deg=overhang_deg))) if is_read else stored


def wall_corners_px(wall_to_frame: FloatArray) -> FloatArray:
    """Where the example's frames truly lie, in pixels of its middle frame; OFF_WALL_FRAME is taken out."""
    width_px, height_px = SIZE_PX
    frame_to_wall = wall_to_frame[FRAMES // 2] @ np.linalg.inv(wall_to_frame)
    raised = np.array([[0, 0, 1], [width_px, 0, 1], [width_px, height_px, 1], [0, height_px, 1]]) @ (
        frame_to_wall.transpose(0, 2, 1)
    )
    corners: FloatArray = raised[..., :2] / raised[..., 2:]
    corners[OFF_WALL_FRAME] = np.nan
    return corners


def _wall(sample: Result) -> Wall:
    assert sample.facts.wall is not None
    left, top = WALL_MARGIN_PX
    return sample.facts.wall.model_copy(
        update={
            "picture": WallPicture(
                width_px=SIZE_PX[0] + 2 * left,
                height_px=SIZE_PX[1] + 2 * top,
                wall_to_picture=(1, 0, left, 0, 1, top, 0, 0, 1),
                hole_pct=20.0,
                frames=1,
            )
        }
    )


async def store_wall_picture(engines: Engines, climber: Climber, analysis_id: str) -> None:
    """The example's middle frame on gray, as large as `_wall` says; the climber is still in it."""
    left, top = WALL_MARGIN_PX
    middle = read_pictures(EXAMPLE, FRAMES // 2 + 1)[-1]
    padded = np.pad(middle, ((top, top), (left, left), (0, 0)), constant_values=128)
    done, picture = cv2.imencode(".webp", padded[..., ::-1])
    assert done
    key = wall_key(UUID(climber.user["id"]), UUID(analysis_id))
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(
            Bucket=engines.s3_bucket, Key=key, Body=picture.tobytes(), ContentType="image/webp"
        )
    await sql(engines, "update analyses set wall_object_key = %s where id = %s", key, analysis_id)


async def store_thumbnail(engines: Engines, climber: Climber, analysis_id: str) -> None:
    """The example's middle frame, small."""
    size_px = (320, round(320 * SIZE_PX[1] / SIZE_PX[0]))
    middle = cv2.resize(read_pictures(EXAMPLE, FRAMES // 2 + 1)[-1], size_px, interpolation=cv2.INTER_AREA)
    done, picture = cv2.imencode(".webp", middle[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 50])
    assert done
    key = thumbnail_key(UUID(climber.user["id"]), UUID(analysis_id))
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(
            Bucket=engines.s3_bucket, Key=key, Body=picture.tobytes(), ContentType="image/webp"
        )
    await sql(
        engines,
        "update analyses set thumbnail_width_px = %s, thumbnail_height_px = %s where id = %s",
        *size_px,
        analysis_id,
    )


def _people(places: FloatArray) -> tuple[Person, ...]:
    """A mistake to put right: who is followed stands at the right, the one who climbs is somebody else."""
    climbing: list[tuple[float, int, int, int, int]] = []
    for frame in range(0, len(places), FPS):
        left, top = places[frame].min(axis=0).round().astype(int)
        right, bottom = places[frame].max(axis=0).round().astype(int)
        climbing.append((frame / FPS, int(left), int(top), int(right - left), int(bottom - top)))
    standing = tuple((at_s, *STANDING_PX) for at_s, *_ in climbing)
    return (
        Person(id=3, is_climber=True, boxes=standing),
        Person(id=7, is_climber=False, boxes=tuple(climbing)),
    )


def landscape_example(frames: int = 60) -> tuple[bytes, bytes]:
    """A clip filmed with the phone on its side, cut out of the example, and its result."""
    width_px, height_px = WIDE_PX
    with TemporaryDirectory() as folder:
        pictures = (
            picture[WIDE_TOP_PX : WIDE_TOP_PX + height_px] for picture in read_pictures(EXAMPLE, frames)
        )
        clip = write_clip(Path(folder) / "wide.mp4", pictures).read_bytes()
    whole = build_sample(frames)
    video = whole.facts.video.model_copy(update={"width_px": width_px, "height_px": height_px})
    with np.load(TRUTH) as truth:
        seen = whole.person[:, None, None]
        landmarks = np.where(seen, truth["landmarks_px"][:frames] - [0, WIDE_TOP_PX], np.nan)
    facts = whole.facts.model_copy(update={"video": video, "people": (), "wall": None})
    center = landmarks[:, 23:25].mean(axis=1)
    return clip, encode(
        replace(whole, facts=facts, landmarks_px=landmarks, center_of_mass_px=center, wall_corners_px=None)
    )


async def landscape_climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    """A wide clip, ready to play."""
    clip, result = landscape_example()
    analysis = await climber.analyze(clip)
    await outcomes.complete(engines, analysis)
    await store_result(engines, analysis["id"], result)
    return analysis


async def ready_climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    """The example with a made-up result of as many frames, as a worker would have stored it."""
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    await finish_example(engines, analysis)
    return analysis


async def finish_example(engines: Engines, analysis: dict[str, Any]) -> None:
    """As a worker that has analyzed the example."""
    await outcomes.complete(engines, analysis)
    await store_result(engines, analysis["id"], example_result())
    summary = {
        "frame_count": FRAMES,
        "duration_s": FRAMES / FPS,
        "width_px": SIZE_PX[0],
        "height_px": SIZE_PX[1],
    }
    await sql(engines, "update analyses set summary = %s where id = %s", Jsonb(summary), analysis["id"])


async def store_result(engines: Engines, analysis_id: str, stored: bytes) -> None:
    await sql(
        engines,
        "update analyses set result = %s, result_sha256 = %s where id = %s",
        stored,
        hashlib.sha256(stored).digest(),
        analysis_id,
    )


async def failed_climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    """A climb in which nobody was found."""
    analysis = await climber.analyze(b"not looked at by anyone")
    await outcomes.fail(engines, analysis)
    return analysis


async def many_climbs(engines: Engines, climber: Climber, count: int) -> list[str]:
    """Canceled analyses of one video; their ids, oldest first."""
    video = await climber.upload(b"one video, many analyses")
    ids = sorted(str(uuid7()) for _ in range(count))
    for analysis_id in ids:
        await sql(
            engines,
            """
            with job as (
                insert into jobs (id, kind, subject_id, user_id, tier, state)
                values (gen_random_uuid(), 'analysis', %s, %s, 'free', 'canceled') returning *
            )
            insert into analyses (id, user_id, video_id, job_id) select subject_id, user_id, %s, id from job
            """,
            analysis_id,
            climber.user["id"],
            video["id"],
        )
    return ids


async def use_up_quota(engines: Engines, climber: Climber) -> None:
    """Everything the month allows."""
    for _ in range(climber.user["quota"]["limit"]):
        await sql(
            engines,
            "insert into quota_uses (subject_id, user_id) values (%s, %s)",
            uuid4(),
            climber.user["id"],
        )


async def end_sessions(engines: Engines, email: str) -> None:
    """As logging out everywhere else does."""
    await sql(
        engines,
        "update refresh_tokens set revoked_at = now()"
        " where user_id = (select id from users where email = %s)",
        email,
    )


async def expire_videos(engines: Engines, email: str) -> None:
    await sql(
        engines,
        "update videos set state = 'expired' where user_id = (select id from users where email = %s)",
        email,
    )
