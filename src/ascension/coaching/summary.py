"""The few numbers of each attempt that progress is made of, as they are stored with the analysis."""

from typing import Any, Final

from ascension.analyses.climb_part import measures_of
from ascension.analyses.result import read_facts
from ascension.coaching.progress import COMPARED
from ascension.coaching.score import score_of

_DIGITS: Final = 4


def with_attempts(summary: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The summary with `attempts`: outcome, axes of 0-100 and raw measures; what is unknown is left out."""
    facts, _ = read_facts(data)
    found = facts.climb.attempts if facts.climb is not None else ()
    attempts: list[dict[str, Any]] = []
    for one in found:
        measures = measures_of(one)
        score = score_of(measures)
        axes = {axis.axis: round(axis.value, 1) for axis in score.axes if axis.value is not None}
        if score.value is not None:
            axes["score"] = round(score.value, 1)
        attempts.append(
            {
                "outcome": one.attempt.outcome,
                "axes": axes,
                "measures": {
                    measure.name: float(f"{measure.value:.{_DIGITS}g}")
                    for measure in measures
                    if measure.name in COMPARED and measure.value is not None
                },
            }
        )
    return {**summary, "attempts": attempts}
