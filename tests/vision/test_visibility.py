"""Which landmarks are called seen: the arithmetic on made-up evidence, the whole on a rendered climb."""

from pathlib import Path

import numpy as np
import pytest

from ascension.biomechanics.conventions import LANDMARK_NAMES, VISIBLE, Landmark
from ascension.vision import networks
from ascension.vision.pose import EVIDENCE
from ascension.vision.reading import read_clip
from ascension.vision.region import Array32
from ascension.vision.visibility import (
    FEATURES,
    GROUPS,
    WEIGHTS,
    features,
    group_of,
    outside_trunk,
    visibility,
)
from tests.biomechanics.bodies import upright
from tests.clips import SCENES, read_pictures, write_clip

WRISTS = [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]


def evidence(frames: int, logit: float) -> Array32:
    """Every opinion alike."""
    return np.full((frames, 33, len(EVIDENCE)), logit, np.float32)


def test_every_landmark_has_a_row_of_weights() -> None:
    assert set(WEIGHTS) == set(GROUPS) == {group_of(landmark) for landmark in range(len(LANDMARK_NAMES))}
    assert {len(row) for row in WEIGHTS.values()} == {len(FEATURES)}


def test_the_distance_to_the_trunk_is_exact() -> None:
    """The trunk reaches from x 260 to 340 at y 100 and from 275 to 325 at y 200; a torso is 100 px."""
    places = upright()
    places[0, Landmark.NOSE] = [300, 40]
    places[0, Landmark.LEFT_WRIST] = [300, 190]
    places[0, Landmark.RIGHT_WRIST] = [300, 900]
    found = outside_trunk(places)[0]
    assert found[Landmark.NOSE] == pytest.approx(0.6)
    assert found[Landmark.LEFT_WRIST] == pytest.approx(-0.1)
    assert found[Landmark.RIGHT_WRIST] == 1.0
    assert found[Landmark.LEFT_HIP] == pytest.approx(0.0, abs=1e-9)


def test_a_folded_arm_is_told_from_a_stretched_one() -> None:
    """An upper arm of 50 px: the wrist lies on it, halfway, or a forearm of 60 px further down."""
    places = np.repeat(upright(), 4, axis=0)
    shoulder, elbow, wrist = Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST
    places[:, shoulder], places[:, elbow], places[:, wrist] = [260, 100], [260, 150], [260, 210]
    places[3, wrist] = [260, 125]
    folded = [FEATURES.index(name) for name in ("segment", "to the root", "to the upper segment")]
    stretched, bent = features(places, evidence(4, 1.0))[[0, 3], wrist][:, folded]
    assert stretched.tolist() == pytest.approx([1.0, 1.1, 0.6], abs=0.03)
    assert bent.tolist() == pytest.approx([25 / 60, 0.25, 0.0], abs=0.03)


def test_more_evidence_makes_a_landmark_more_probable() -> None:
    places = np.repeat(upright(), 20, axis=0)
    seen = evidence(20, 4.0)
    opinions = [EVIDENCE.index(name) for name in ("visibility", "presence", "peak")]
    seen[10:, np.array(WRISTS)[:, None], opinions] = -4.0
    probable = visibility(places, seen)
    assert (probable[:10, WRISTS] > VISIBLE).all()
    assert (probable[10:, WRISTS] < VISIBLE).all()
    assert (probable >= 0).all()
    assert (probable <= 1).all()


def test_arms_are_compared_with_the_clip_legs_are_not() -> None:
    places = np.repeat(upright(), 10, axis=0)
    clear, dim = features(places, evidence(10, 4.0)), features(places, evidence(10, 1.0))
    assert np.array_equal(clear[:, WRISTS, :2], dim[:, WRISTS, :2])
    assert not np.array_equal(clear[:, Landmark.LEFT_ANKLE], dim[:, Landmark.LEFT_ANKLE])


def test_where_nobody_is_nothing_is_probable() -> None:
    places, seen = np.repeat(upright(), 4, axis=0), evidence(4, 2.0)
    places[2], seen[2] = np.nan, np.nan
    probable = visibility(places, seen)
    assert np.isnan(probable[2]).all()
    assert np.isfinite(probable[[0, 1, 3]]).all()


def test_hidden_wrists_of_a_rendered_climb_are_told_from_seen_ones(tmp_path: Path) -> None:
    """Every third frame of a scene. It was one of many that were fitted: 0009 has cross-validated figures."""
    clip = write_clip(tmp_path / "slab.mp4", read_pictures(SCENES / "slab.mp4")[::3])
    truth = np.load(SCENES / "slab.npz")
    reading = read_clip(clip, networks.choose(), "heavy", threads=2)
    probable = visibility(reading.landmarks_px, reading.evidence)[:, WRISTS]
    seen = truth["visible"][::3][: len(probable), WRISTS].astype(bool)
    assert (probable[~seen] < VISIBLE).mean() > 0.6
    assert (probable[seen] < VISIBLE).mean() < 0.25
