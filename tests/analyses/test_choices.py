"""What a user tells of a clip, where it cannot be true: it is not used, and the result says why."""

from pathlib import Path
from typing import Any

import pytest

from ascension.analyses.choices import Choices
from ascension.analyses.pipeline import analyze
from tests.clips import cut_climb

FRAMES = 20
CORNERS = [[40, 40], [440, 40], [440, 800], [40, 800]]


def distance(**changes: object) -> dict[str, Any]:
    told: dict[str, object] = {"at_s": 0.1, "from_px": [40, 400], "to_px": [440, 400], "distance_m": 2.0}
    return {"known_distance": {**told, **changes}}


def rectangle(**changes: object) -> dict[str, Any]:
    told: dict[str, object] = {"at_s": 0.1, "corners_px": CORNERS, "width_m": 2.1, "height_m": 4.0}
    return {"known_rectangle": {**told, **changes}}


@pytest.fixture(scope="module")
def climb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_climb(tmp_path_factory.mktemp("climb") / "climb.mp4", FRAMES)


@pytest.mark.parametrize(
    ("told", "method", "reason"),
    [
        (distance(), "distance", "From a distance of 2 m"),
        (distance(distance_m=0.05), "none", "The distance cannot be used: by it the climber's trunk"),
        (distance(distance_m=50), "none", "The distance cannot be used: by it the climber's trunk"),
        (distance(at_s=9), "none", "it was marked at 9 s, and the clip ends at 0.6 s."),
        (rectangle(), "corners", "From a rectangle of 2.1 x 4 m"),
        (rectangle(width_m=0.05, height_m=0.1), "none", "The rectangle cannot be used: by it the climber's"),
        ({**rectangle(at_s=3600), **distance()}, "distance", "The rectangle cannot be used: it was marked"),
    ],
)
def test_lengths_that_cannot_be_true_are_not_used(
    climb: Path, told: dict[str, Any], method: str, reason: str
) -> None:
    choices = Choices.model_validate(told)
    analysis = analyze(climb, threads=2, model="lite", choices=choices)
    wall = analysis.result.facts.wall
    assert wall is not None
    assert wall.scale.method == method
    assert reason in wall.scale.reason
