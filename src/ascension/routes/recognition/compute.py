"""ENTRY of the compute child: which of the earlier climbs was on this wall, and on the same holds?"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import numpy as np

from ascension.analyses import result as result_file
from ascension.analyses.result import Result
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.comparison.sides import moved
from ascension.comparisons.reading import between_walls
from ascension.errors.jobs import JobFailure, WallPictureMissing
from ascension.routes.recognition.files import RESULT_FILE, WALL_FILE
from ascension.vision.wall import matching
from ascension.vision.wall.matching import Points

ReportProgress = Callable[[str, int, dict[str, float]], None]

_HAND: Final = {"m": 0.12, "torso": 0.24}
"""A hand's width and what two films are apart, in the unit of the climb."""
_SAME_SHARE: Final = 0.65
"""Of the hand holds that both could have used; measured in docs/decisions/0036-routes.md."""
_FEWEST_HOLDS: Final = 3


@dataclass(frozen=True)
class Climb:
    """A result, the points of its wall's picture, and the places of its hand holds in its unit, y up."""

    result: Result
    points: Points
    to_picture: FloatArray
    unit: str
    holds: FloatArray


@dataclass(frozen=True)
class Likeness:
    """share: of the holds of both, those that the other has, too; wall: 0-1 that it is the same wall."""

    share: float
    wall: float

    @property
    def is_same_route(self) -> bool:
        return self.share >= _SAME_SHARE

    @property
    def confidence(self) -> float:
        """That what `is_same_route` says is right."""
        return self.wall * (self.share if self.is_same_route else 1 - self.share)


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, object]:
    """Compare the climb in `folder` with the `earlier` ones; each lies in a folder of its id.

    climb: empty where it has no picture any more.

    Returns {"like", "is_same_route", "confidence"}: all None where no wall is the same.
    """
    folder, climb, earlier = Path(str(request["folder"])), str(request["climb"]), _names(request["earlier"])
    nothing: dict[str, object] = {"like": None, "is_same_route": None, "confidence": None}
    if not climb:
        return nothing
    try:
        own = read(folder / climb)
    except JobFailure:
        return nothing
    found: list[tuple[bool, float, str]] = []
    for number, name in enumerate(earlier):
        report_progress("walls", 100 * number // len(earlier), {})
        try:
            like = likeness(own, read(folder / name))
        except JobFailure:
            continue
        found.append((like.is_same_route, like.confidence, name))
    if not found:
        return nothing
    # routes on one wall: the one whose holds these are, or the newest of the others
    is_same, confidence, name = max(found, key=lambda one: (one[0], one[1] if one[0] else 0.0))
    return {"like": name, "is_same_route": is_same, "confidence": round(confidence, 2)}


def _names(value: object) -> list[str]:
    return [str(one) for one in cast("list[object]", value)] if isinstance(value, list) else []


def read(folder: Path) -> Climb:
    """What lies in a folder. Raises WallPictureMissing, WallTextureMissing."""
    try:
        result = result_file.decode((folder / RESULT_FILE).read_bytes())
    except ValueError as error:
        raise WallPictureMissing from error
    wall, climb = result.facts.wall, result.facts.climb
    if wall is None or wall.picture is None or climb is None or not (folder / WALL_FILE).exists():
        raise WallPictureMissing
    return Climb(
        result,
        matching.points_of((folder / WALL_FILE).read_bytes()),
        np.array(wall.picture.wall_to_picture).reshape(3, 3),
        climb.unit,
        np.array([(hold.x, hold.y) for hold in climb.holds if hold.hands]).reshape(-1, 2),
    )


def likeness(own: Climb, other: Climb) -> Likeness:
    """How like two climbs are that were on one wall. Raises WallsDiffer.

    The hands' holds of the other are laid onto this wall. Who fell early used the lower ones only, so those
    count that lie no higher than the highest of both (by a hand's width); of these the share that has one of
    the other's within a hand's width, of the one and of the other, and the smaller share of the two.
    """
    found = matching.matched(own.points, other.points)
    wall_px = np.linalg.inv(own.to_picture) @ found.second_to_first @ other.to_picture
    wall_px /= abs(wall_px[2, 2])
    return Likeness(_share(own, other, wall_px), found.confidence)


def _share(own: Climb, other: Climb, wall_px: FloatArray) -> float:
    if min(len(own.holds), len(other.holds)) < _FEWEST_HOLDS:
        return 0.0
    there = moved(other.holds, between_walls(own.result, other.result, wall_px))
    near = _HAND[own.unit]
    top = min(own.holds[:, 1].max(), there[:, 1].max()) + near
    here, there = own.holds[own.holds[:, 1] <= top], there[there[:, 1] <= top]
    if min(len(here), len(there)) < _FEWEST_HOLDS:
        return 0.0
    apart = np.linalg.norm(here[:, None] - there[None], axis=2)
    return float(min((apart.min(axis=1) <= near).mean(), (apart.min(axis=0) <= near).mean()))
