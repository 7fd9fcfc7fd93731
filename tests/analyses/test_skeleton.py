"""Who becomes the skeleton of a result, on rendered scenes with several people."""

from pathlib import Path

import numpy as np
import pytest

from ascension.analyses.choices import Choices, ClimberBox
from ascension.analyses.pipeline import analyze
from ascension.analyses.result import Result
from ascension.errors.jobs import NoPerson
from tests.clips import SCENES, read_pictures, write_clip


def analyzed(tmp_path: Path, scene: str, climber: ClimberBox | None = None) -> Result:
    """The first second of a scene."""
    clip = write_clip(tmp_path / f"{scene}.mp4", read_pictures(SCENES / f"{scene}.mp4", 30))
    told = Choices(climber=climber)
    return analyze(clip, threads=2, model="full", choices=told).result


def hips_apart_px(result: Result, true: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    found = result.landmarks_px[:, [23, 24]].mean(axis=1)
    return float(np.nanmedian(np.linalg.norm(found - true[: len(found), [23, 24]].mean(axis=1), axis=1)))


def test_the_climber_is_chosen_and_everybody_is_listed(tmp_path: Path) -> None:
    truth = np.load(SCENES / "belayer-and-rope.npz")
    result = analyzed(tmp_path, "belayer-and-rope")
    assert hips_apart_px(result, truth["landmarks_px"]) < 30
    assert [person.is_climber for person in result.facts.people] == [True, False]
    assert all(person.boxes for person in result.facts.people)


def test_a_box_makes_somebody_else_the_climber(tmp_path: Path) -> None:
    truth = np.load(SCENES / "bystander-stands.npz")
    left, top, right, bottom = truth["bystanders_box_px"].reshape(len(truth["time_s"]), -1, 4)[10, 0].tolist()
    box = ClimberBox(at_s=0.33, left_px=left, top_px=top, width_px=right - left, height_px=bottom - top)
    result = analyzed(tmp_path, "bystander-stands", box)
    true = truth["bystanders_px"]
    true = true.reshape(len(truth["time_s"]), -1, 33, 2)[:, 0]
    assert hips_apart_px(result, true) < 30


def test_a_box_around_nobody_says_so(tmp_path: Path) -> None:
    box = ClimberBox(at_s=0.3, left_px=300, top_px=20, width_px=100, height_px=150)
    with pytest.raises(NoPerson, match="box"):
        analyzed(tmp_path, "vertical", box)


def test_people_who_only_stand_and_walk_are_no_climbers(tmp_path: Path) -> None:
    with pytest.raises(NoPerson, match="nobody climbs"):
        analyzed(tmp_path, "nobody-climbs")


def test_what_was_filled_in_is_told(tmp_path: Path) -> None:
    result = analyzed(tmp_path, "vertical")
    assert result.interpolated is not None
    assert result.sides_repaired is not None
    assert result.center_of_mass_seen_pct is not None
    assert result.interpolated.shape == (30, 33)
    assert not result.sides_repaired.any()
    assert 50 < np.nanmedian(result.center_of_mass_seen_pct) <= 100
