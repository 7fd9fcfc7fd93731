"""What a user tells of a clip, where it cannot be true: it is not used, and the result says why."""

from pathlib import Path
from typing import Any

import pytest

from ascension.analyses.choices import OUTSIDE_SHARE, Choices
from ascension.analyses.pipeline import analyze
from ascension.errors.jobs import MarkOutsidePicture
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


def box(left_px: float, top_px: float, width_px: float = 100, height_px: float = 200) -> dict[str, Any]:
    place = {"left_px": left_px, "top_px": top_px, "width_px": width_px, "height_px": height_px}
    return {"climber": {"at_s": 0.1, **place}}


@pytest.mark.parametrize(
    "told",
    [
        distance(to_px=[4400, 400]),
        distance(from_px=[40, -90]),
        rectangle(corners_px=[*CORNERS[:3], [40, 945]]),
        box(-86, 100),
        box(470, 100),
        box(100, 800),
    ],
)
def test_marks_outside_the_picture_are_refused_before_any_work(climb: Path, told: dict[str, Any]) -> None:
    choices = Choices.model_validate(told)
    stages: list[str] = []

    def on_progress(stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
        stages.append(stage)

    with pytest.raises(MarkOutsidePicture, match="the picture has 480 x 854 pixels"):
        analyze(climb, threads=2, model="lite", choices=choices, on_progress=on_progress)
    assert stages == []


def test_marks_may_lie_a_little_outside() -> None:
    slack_px = OUTSIDE_SHARE * 854
    for told in (
        box(-slack_px, -slack_px),
        distance(from_px=[-slack_px, 0], to_px=[480 + slack_px, 854 + slack_px]),
        rectangle(corners_px=[[-80, -80], [560, -80], [560, 930], [-80, 930]]),
    ):
        Choices.model_validate(told).check_within(480, 854)
