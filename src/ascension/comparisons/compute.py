"""ENTRY of the compute child: two stored results, and the pictures of their walls, beside each other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ascension.analyses import result as result_file
from ascension.analyses.result import Result, Scale
from ascension.analyses.told_to_others import without_body
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.comparison.sides import moved
from ascension.comparisons.files import RESULT_FILE, WALL_FILE
from ascension.comparisons.reading import Chosen, WallMatch, compared, same_wall
from ascension.comparisons.schemas import ComparisonResult, WallMatchRead
from ascension.errors.jobs import AttemptMissing, WallPictureMissing
from ascension.vision.wall import matching as wall_matching

ReportProgress = Callable[[str, int, dict[str, float]], None]

_CM_PER_M: Final = 100


@dataclass(frozen=True)
class Side:
    """One of the two: an attempt of a result, from 1, and the picture of its wall if there is one."""

    result: Result
    attempt: int
    wall_webp: bytes | None


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, object]:
    """Compare what lies in `first_folder` and `second_folder`; `same_analysis`: both are one clip.

    Where `first_is_own` or `second_is_own` is false, a coach compares: of that one, what others may know.

    Returns {"comparison": ...}, a ComparisonResult. Raises a JobFailure as `side_by_side`.
    """
    report_progress("walls", 0, {})
    first, second = (
        _side(
            Path(str(request[f"{side}_folder"])),
            int(str(request[f"{side}_attempt"])),
            is_own=bool(request[f"{side}_is_own"]),
        )
        for side in ("first", "second")
    )
    answer = side_by_side(first, second, same_analysis=bool(request["same_analysis"]))
    report_progress("differences", 100, {})
    return {"comparison": answer.model_dump(mode="json")}


def _side(folder: Path, attempt: int, *, is_own: bool) -> Side:
    picture = folder / WALL_FILE
    stored = (folder / RESULT_FILE).read_bytes()
    try:
        result = result_file.decode(stored if is_own else without_body(stored))
    except ValueError as error:
        raise AttemptMissing from error
    return Side(result, attempt, picture.read_bytes() if picture.exists() else None)


def side_by_side(first: Side, second: Side, *, same_analysis: bool) -> ComparisonResult:
    """What differs between two attempts.

    Raises AttemptMissing, WallPictureMissing, WallTextureMissing, WallsDiffer, NothingShared.
    """
    match = same_wall(first.result) if same_analysis else _matched(first, second)
    return compared(Chosen(first.result, first.attempt), Chosen(second.result, second.attempt), match)


def _matched(first: Side, second: Side) -> WallMatch:
    if first.wall_webp is None or second.wall_webp is None:
        raise WallPictureMissing
    scale, to_picture = _pictured(first.result)
    _, other_to_picture = _pictured(second.result)
    found = wall_matching.match(first.wall_webp, second.wall_webp)
    picture_to_wall = np.asarray(np.linalg.inv(to_picture), np.float64)
    second_to_first = picture_to_wall @ found.second_to_first @ other_to_picture
    second_to_first /= abs(second_to_first[2, 2])
    there = moved(found.first_px, picture_to_wall)
    away = there - moved(found.second_px, picture_to_wall @ found.second_to_first)
    residual_px = float(np.median(np.hypot(away[:, 0], away[:, 1])))
    return WallMatch(
        second_to_first,
        WallMatchRead(
            method="picture",
            second_to_first=[float(f"{value:.9g}") for value in second_to_first.ravel()],
            inliers=found.inliers,
            residual_px=round(residual_px, 2),
            residual_cm=round(_CM_PER_M * residual_px * scale.unit_per_px, 2) if scale.unit == "m" else None,
            confidence=round(found.confidence, 2),
        ),
    )


def _pictured(result: Result) -> tuple[Scale, FloatArray]:
    """The scale of a wall, and (3, 3) from its pixels to those of its picture."""
    wall = result.facts.wall
    if wall is None or wall.picture is None:
        raise WallPictureMissing
    return wall.scale, np.array(wall.picture.wall_to_picture).reshape(3, 3)
