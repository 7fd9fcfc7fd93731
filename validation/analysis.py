"""Our own analysis of a clip, as a prediction."""

from pathlib import Path
from typing import Final

import numpy as np

from ascension.analyses.choices import Choices
from ascension.analyses.pipeline import analyze
from ascension.analyses.result import Result
from ascension.errors import NoPerson
from validation.prediction import Prediction, nobody

_THREADS: Final = 2


def of_ascension(clip: Path, height_m: float | None = None) -> Prediction:
    """Analyze a clip of a climber who says how tall they are.

    Raises a JobFailure where the clip is refused for another reason than that nobody climbs.
    """
    told = Choices(body_height_m=height_m)
    try:
        return from_result(analyze(clip, threads=_THREADS, choices=told).result)
    except NoPerson:
        return nobody(np.zeros(0))


def from_result(result: Result) -> Prediction:
    """The part of a result that can be compared with a truth."""
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
