"""A painted wall filmed from two places, and results whose pictures show it."""

from dataclasses import dataclass, fields, replace
from functools import cache

import cv2
import numpy as np

from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Result, WallPicture, decode, encode
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.wall import on_wall_px
from ascension.vision.region import Picture
from tests.web.seeds import FPS, example_result

SIZE_PX = (620, 934)
MARGIN_PX = (70, 40)
"""The picture of the example's wall goes so far beyond its reference frame."""
ELSEWHERE = np.array([[0.86, 0.05, 40.0], [-0.04, 0.9, 30.0], [1.2e-4, 3e-5, 1.0]])
"""Wall pixels of the first clip to wall pixels of the second: another place of the camera."""


PAUSE_FRAME = 150
PAUSE_S = 2.0


@cache
def painted(seed: int = 0, *, shapes: int = 260) -> Picture:
    """A wall of plywood (height, width, 3) with holds all over it; the seed is the wall."""
    random = np.random.default_rng(seed)
    width, height = SIZE_PX
    wall = np.full((height, width, 3), 150, np.uint8)
    for _ in range(shapes):
        place = (int(random.integers(0, width)), int(random.integers(0, height)))
        axes = (int(random.integers(3, 22)), int(random.integers(3, 22)))
        color = tuple(int(one) for one in random.integers(0, 255, 3))
        cv2.ellipse(wall, place, axes, float(random.integers(0, 180)), 0, 360, color, -1)
    return np.clip(wall + random.normal(0, 4, wall.shape), 0, 255).astype(np.uint8)


def webp(picture: Picture) -> bytes:
    done, data = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 85])
    assert done
    return data.tobytes()


def seen_from_elsewhere(wall: Picture, matrix: FloatArray, *, unseen_columns: int = 120) -> Picture:
    """The wall (height, width, 4) under a matrix, darker, with a stripe that was never seen."""
    width, height = SIZE_PX
    turned = cv2.warpPerspective(wall, matrix, (width, height), flags=cv2.INTER_AREA)
    looked = cv2.warpPerspective(np.full(wall.shape[:2], 255, np.uint8), matrix, (width, height))
    looked[:, width // 2 : width // 2 + unseen_columns] = 110
    darker = np.clip(turned * 0.7 + 8, 0, 255).astype(np.uint8)
    return np.dstack([darker, looked]).astype(np.uint8)


def to_picture() -> FloatArray:
    """Wall pixels to pixels of the picture, in both clips."""
    return np.array([[1.0, 0.0, MARGIN_PX[0]], [0.0, 1.0, MARGIN_PX[1]], [0.0, 0.0, 1.0]])


def pictured(result: Result) -> Result:
    """The result with a wall picture of `SIZE_PX`."""
    wall = result.facts.wall
    assert wall is not None
    picture = WallPicture(
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        wall_to_picture=(1, 0, MARGIN_PX[0], 0, 1, MARGIN_PX[1], 0, 0, 1),
        hole_pct=0.0,
        frames=10,
    )
    facts = result.facts.model_copy(update={"wall": wall.model_copy(update={"picture": picture})})
    return replace(result, facts=facts)


def paused(result: Result, frame: int, frames: int) -> Result:
    """The same clip in which everything stands still at a frame for so many more."""
    order = np.concatenate([np.arange(frame), np.full(frames, frame), np.arange(frame, len(result.person))])
    step = int(np.median(np.diff(result.time_ticks)))
    ticks = result.time_ticks[order] + step * np.clip(np.arange(len(order)) - frame, 0, frames)
    columns = {
        one.name: getattr(result, one.name)[order]
        for one in fields(result)
        if one.name not in {"facts", "time_ticks"} and getattr(result, one.name) is not None
    }
    video = result.facts.video.model_copy(update={"frame_count": len(order)})
    facts = result.facts.model_copy(update={"video": video})
    return replace(result, facts=facts, time_ticks=ticks, **columns)


@dataclass(frozen=True)
class Filmed:
    """A stored result with its climb, and the picture of its wall."""

    stored: bytes
    wall: bytes

    @property
    def result(self) -> Result:
        return decode(self.stored)


@cache
def first_clip() -> Filmed:
    """The example's climb before a painted wall."""
    return Filmed(encode(pictured(decode(example_result()))), webp(painted()))


@cache
def second_clip() -> Filmed:
    """The same climb, filmed from elsewhere, with a pause of PAUSE_S at PAUSE_FRAME."""
    first = first_clip().result
    assert first.wall_corners_px is not None
    corners = on_wall_px(first.wall_corners_px, np.tile(ELSEWHERE, (len(first.person), 1, 1)))
    moved = paused(replace(first, wall_corners_px=corners), PAUSE_FRAME, round(PAUSE_S * FPS))
    in_picture = to_picture() @ ELSEWHERE @ np.linalg.inv(to_picture())
    return Filmed(
        encode(with_climb(decode(encode(moved)), Choices())),
        webp(seen_from_elsewhere(painted(), in_picture)),
    )
