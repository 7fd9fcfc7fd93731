"""Our own analysis of a clip, as a prediction."""

from pathlib import Path
from typing import Final

import numpy as np

from ascension.analyses.pipeline import analyze
from ascension.analyses.result import Result
from ascension.errors import NoPerson
from validation.prediction import Prediction, nobody

_THREADS: Final = 2


def of_ascension(clip: Path) -> Prediction:
    """Analyze a clip. Raises a JobFailure where it is refused for another reason than that nobody climbs."""
    try:
        return from_result(analyze(clip, threads=_THREADS, on_progress=_quiet).result)
    except NoPerson:
        return nobody(np.zeros(0))


def from_result(result: Result) -> Prediction:
    """The part of a result that can be compared with a truth."""
    count = len(result.person)
    return Prediction(
        time_s=result.time_s(),
        person=result.person,
        landmarks_px=result.landmarks_px,
        visibility=result.visibility,
        center_of_mass_px=result.center_of_mass_px,
        left_right_flagged=np.zeros(count, bool),
    )


def _quiet(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    return
