"""The few numbers of each attempt that progress is made of, as they are stored with the analysis."""

from typing import Any, Final

from ascension.analyses.climb_part import measures_of
from ascension.analyses.result import read_facts
from ascension.coaching.progress import COMPARED
from ascension.coaching.score import score_of

_DIGITS: Final = 4


def with_attempts(summary: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The summary with `attempts`: outcome, axes of 0-100, raw measures and the unit of lengths.

    What is unknown is left out. Axes are kept whole: 71.48 rounded twice is 72 in the list, 71 on its page.
    """
    climb = read_facts(data)[0].climb
    if climb is None:
        return {**summary, "attempts": []}
    attempts: list[dict[str, Any]] = []
    for one in climb.attempts:
        measures = measures_of(one)
        score = score_of(measures)
        axes = {axis.axis: axis.value for axis in score.axes if axis.value is not None}
        if score.value is not None:
            axes["score"] = score.value
        attempts.append(
            {
                "outcome": one.attempt.outcome,
                "unit": climb.unit,
                "axes": axes,
                "measures": {
                    measure.name: float(f"{measure.value:.{_DIGITS}g}")
                    for measure in measures
                    if measure.name in COMPARED and measure.value is not None
                },
            }
        )
    return {**summary, "attempts": attempts}
