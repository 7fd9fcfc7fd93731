"""Our own analysis of a clip, and the part of it that any prediction has."""

from pathlib import Path
from typing import Final

import numpy as np

from ascension.accounts.climber import BodyChoice
from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.pipeline import Analysis, analyze
from ascension.analyses.result import Result, decode, encode
from ascension.comparisons.compute import Side
from ascension.errors.jobs import NoPerson
from validation.prediction import Prediction
from validation.truth import Truth

MASS_KG: Final = 70.0
"""Of every rendered climber, as nobody can see it."""
_THREADS: Final = 2


def told_of(truth: Truth) -> Choices:
    """What the climber says: how tall and how heavy they are, and how far the wall leans."""
    if not truth.person.any():
        return Choices()
    return Choices(
        body_height_m=round(truth.height_m, 3),
        body=BodyChoice(mass_kg=MASS_KG),
        overhang_deg=float(truth.overhang_deg),
    )


def of_clip(clip: Path, told: Choices, kept: Path | None = None) -> Result | None:
    """The analysis of a clip; None where nobody was found.

    kept: the stored result; what is not there yet is written to it. Of what is, everything that follows from
    the skeleton is derived anew. Raises a JobFailure where the clip is refused for another reason.
    """
    if kept is not None and kept.exists():
        data = kept.read_bytes()
        return with_climb(decode(data), told) if data else None
    found = _analyzed(clip, told)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(b"" if found is None else encode(found.result))
    return found and found.result


def attempt_of_clip(clip: Path, told: Choices, kept: Path | None = None) -> Side:
    """The only attempt of a clip, and the picture of its wall, to be compared. kept: as of `of_clip`; the
    picture lies beside it. Raises NoPerson where nobody was found, or another JobFailure.
    """
    picture = kept and kept.with_suffix(".webp")
    if kept is not None and picture is not None and kept.exists() and picture.exists():
        return Side(with_climb(decode(kept.read_bytes()), told), 1, picture.read_bytes() or None)
    found = _analyzed(clip, told)
    if found is None:
        raise NoPerson
    if kept is not None and picture is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(encode(found.result))
        picture.write_bytes(found.wall_webp or b"")
    return Side(found.result, 1, found.wall_webp)


def _analyzed(clip: Path, told: Choices) -> Analysis | None:
    try:
        return analyze(clip, threads=_THREADS, choices=told)
    except NoPerson:
        return None


def from_result(result: Result) -> Prediction:
    """The part of a result that can be compared with a peer's."""
    count = len(result.person)
    frame_to_wall, meters_per_unit, stated_pct = None, None, None
    if result.facts.wall is not None:
        scale = result.facts.wall.scale
        wall_to_unit = np.array(scale.wall_to_unit, np.float64).reshape(3, 3)
        frame_to_wall = np.array([wall_to_unit @ placed for placed in result.frame_to_wall()])
        meters_per_unit = 1.0 if scale.unit == "m" else None
        stated_pct = scale.error_pct
    return Prediction(
        time_s=result.time_s(),
        person=result.person,
        landmarks_px=result.landmarks_px,
        visibility=result.visibility,
        center_of_mass_px=result.center_of_mass_px,
        left_right_flagged=np.zeros(count, bool) if result.sides_repaired is None else result.sides_repaired,
        frame_to_wall=frame_to_wall,
        meters_per_unit=meters_per_unit,
        scale_stated_pct=stated_pct,
    )
