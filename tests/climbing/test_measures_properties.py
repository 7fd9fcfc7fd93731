"""What must not change a measure: the mirror, the size of the body, the frame rate, noise, bad input."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.biomechanics.balance import center_of_mass
from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.climbing.body import Body
from ascension.climbing.ends import ends_of
from ascension.climbing.limbs import HANDS, LIMBS, Limb
from ascension.climbing.measures.definitions import DEFINITIONS, measures_of
from ascension.climbing.measures.material import Material, material_of
from ascension.climbing.motion import Motion
from ascension.climbing.record import Attempt, Interval, Measure, UsedHold
from tests.climbing.stories import (
    Happened,
    Reach,
    Story,
    Told,
    enlarged,
    material,
    measured,
    mirrored,
    motion_of,
    steps,
)

OF_SIDES: Final = {one.name for one in DEFINITIONS if one.id == "B28"}
SENSITIVE: Final = {"reach_ldlj", "hip_ldlj", "hip_jerk"}
"""Jerk measures say of themselves that noise and frame rates move them."""
RUNG_M: Final = 0.4
LEAST_VALUES: Final = 55
"""So many of the measures have a value on the ladder: a test over fewer would prove little."""


def ladder(rungs: int = 4) -> Story:
    """Hands and feet take turns, 4 s a rung; the hips follow each hand; a rest at the end."""
    lasts_s = 4.0 * rungs + 4
    begin = {
        Limb.LEFT_HAND: (-0.25, 1.0),
        Limb.RIGHT_HAND: (0.25, 1.02),
        Limb.LEFT_FOOT: (-0.2, -0.87),
        Limb.RIGHT_FOOT: (0.2, -0.85),
    }
    contacts: list[Told] = []
    moves: list[Reach] = []
    ways: dict[Limb, list[tuple[float, float, tuple[float, float], tuple[float, float]]]] = {}
    for number, limb in enumerate(LIMBS):
        since_s, place = 0.0, begin[limb]
        for rung in range(rungs):
            leaves_s = 4.0 * rung + number + 0.2
            above = (place[0] + 0.03 * (-1) ** rung, place[1] + RUNG_M)
            contacts.append(Told(limb, since_s, leaves_s, place, hold=10 * number + rung))
            ways.setdefault(limb, []).append((leaves_s, leaves_s + 0.6, place, above))
            moves.append(Reach(limb, leaves_s, leaves_s + 0.6, 0.2, 0.2, distance=RUNG_M))
            since_s, place = leaves_s + 0.6, above
        contacts.append(Told(limb, since_s, lasts_s, place, hold=10 * number + rungs))
    hips = [
        (4.0 * n + 0.1, 4.0 * n + 3.0, (0.05 * n, RUNG_M * n), (0.05 * (n + 1), RUNG_M * (n + 1)))
        for n in range(rungs)
    ]
    return Story(
        lasts_s,
        steps(*hips),
        {limb: steps(*stops) for limb, stops in ways.items()},
        contacts=tuple(contacts),
        moves=tuple(moves),
        events=(
            Happened("rest", lasts_s - 3.5, lasts_s),
            Happened("readjustment", 5, 5.5, (Limb.LEFT_HAND,)),
        ),
        holds=tuple(UsedHold(10 * n + r, 0, 0, 0.05, 2, 2, 1.0) for n in range(4) for r in range(rungs + 1)),
        overhang_deg=5.0,
        body=Body(mass_kg=60),
    )


def straight(time_s: FloatArray) -> FloatArray:
    return np.full(len(time_s), 155.0)


def values(of: Material) -> dict[str, float]:
    return {one.name: one.value for one in measures_of(of) if one.value is not None}


def test_the_ladder_has_nearly_all_measures() -> None:
    assert len(values(material(ladder()))) >= LEAST_VALUES


def test_in_the_mirror_only_the_sides_change() -> None:
    story = replace(ladder(), elbow_deg=straight)
    before, after = values(material(story)), values(mirrored(material(story)))
    assert before.keys() == after.keys()
    for name, value in before.items():
        sign = -1 if name in OF_SIDES else 1
        assert after[name] == pytest.approx(sign * value, rel=1e-6, abs=1e-3), name


@settings(max_examples=5, deadline=None)
@given(st.floats(0.3, 4.0))
def test_lengths_grow_with_the_body_and_nothing_else_does(times: float) -> None:
    of = material(ladder())
    before, after = values(of), values(enlarged(of, times))
    assert before.keys() == after.keys()
    units = {one.name: one.unit for one in DEFINITIONS}
    for name, value in before.items():
        factor = times if units[name].startswith("length") or units[name] == "J" else 1.0
        assert after[name] == pytest.approx(factor * value, rel=1e-6, abs=1e-6), name


@pytest.mark.parametrize("fps", [25, 60, 240])
def test_the_frame_rate_does_not_matter(fps: float) -> None:
    at_30, other = values(material(ladder())), values(material(ladder(), fps))
    assert at_30.keys() == other.keys()
    for name in at_30.keys() - SENSITIVE:
        within = 2.0 if name.startswith("state_") else 0.05  # 16 moves begin and end half a frame off
        assert other[name] == pytest.approx(at_30[name], rel=0.05, abs=within), name


def test_five_millimeters_of_noise_do_not_matter() -> None:
    quiet, noisy = values(material(ladder())), values(material(replace(ladder(), noise_m=0.005)))
    assert quiet.keys() == noisy.keys()
    tolerances = {"state_": 8.0, "sparc": 0.35, "plateau": 0.3, "_share": 3.0}
    for name in quiet.keys() - SENSITIVE:
        within = next((found for part, found in tolerances.items() if part in name), 0.05)
        assert noisy[name] == pytest.approx(quiet[name], rel=0.08, abs=within), name


def test_the_same_in_torso_lengths() -> None:
    of = material(ladder())
    before = values(of)
    in_torsos = enlarged(replace(of, motion=replace(of.motion, unit="torso")), 1 / of.torso)
    found = {one.name: one for one in measures_of(in_torsos)}
    assert found["reach_distance"].unit == "torso"
    assert found["reach_distance"].value == pytest.approx(before["reach_distance"] / of.torso)
    assert found["climbing_speed"].unit == "torso/s"
    assert found["hip_sparc"].value == pytest.approx(before["hip_sparc"])


def consistent(one: Measure, of: Material) -> None:
    """A value or a reason, never both or neither, and frames inside of the clip."""
    assert (one.value is None) == bool(one.reason), one
    assert one.value is None or np.isfinite(one.value), one
    assert 0 <= one.confidence <= 1, one
    assert (one.value is None) == (one.confidence == 0), one
    for interval in one.frames:
        assert 0 <= interval.start < interval.end <= of.motion.frame_count, one


@pytest.mark.parametrize(
    "story",
    [
        Story(1 / 30),
        Story(2 / 30),
        Story(0.2),
        Story(60),
        Story(10, registered=False),
        Story(10, contacts=tuple(Told(limb, 0, 10, kind="unseen") for limb in LIMBS)),
        Story(10, contacts=(Told(Limb.LEFT_FOOT, 0, 10, kind="floor", hold=None),)),
        replace(ladder(), contacts=()),
        replace(ladder(), moves=()),
        replace(ladder(), body=Body(missing=frozenset(LIMBS))),
        replace(ladder(), attempt_s=(3, 3.1)),
    ],
    ids=["one frame", "two frames", "a moment", "a minute at rest", "no wall", "all hidden", "on the floor",
         "no contacts", "no moves", "no limbs", "a short attempt"],
)  # fmt: skip
def test_bad_input_gives_reasons(story: Story) -> None:
    of = material_of(material(story), material(story).attempt)
    found = measures_of(of)
    assert len(found) == len(DEFINITIONS)
    for one in found:
        consistent(one, of)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_random_bodies_never_crash(seed: int) -> None:
    random = np.random.default_rng(seed)
    frames = int(random.integers(1, 80))
    person = random.random(frames) < random.uniform(0, 1.3)
    places: FloatArray = random.normal(0, 1, (frames, LANDMARK_COUNT, 2)).cumsum(axis=0) * random.choice(
        [0.01, 1]
    )
    visibility: FloatArray = random.random((frames, LANDMARK_COUNT)) ** random.choice([0.1, 1])
    places[~person], visibility[~person] = np.nan, np.nan
    poses = PoseSequence(np.arange(frames) / 30, person, places, visibility)
    motion = Motion(poses, places, center_of_mass(places), "m", 0.5, overhang_deg=0.0)
    whole = Attempt(0, frames, "unknown", "")
    everything = replace(material(ladder()), motion=motion, ends=ends_of(motion), attempt=whole)
    of = material_of(everything, whole)
    for one in measures_of(of):
        consistent(one, of)


def test_confidence_falls_below_eighty_percent_and_ends_at_fifty() -> None:
    def confidence(unseen: float) -> float:
        motion = motion_of(ladder())
        person = np.arange(motion.frame_count) >= unseen * motion.frame_count
        places = np.where(person[:, None, None], motion.landmarks, np.nan)
        seen = np.where(person[:, None], motion.poses.visibility, np.nan)
        poses = PoseSequence(motion.time_s, person, places, seen)
        less = replace(motion, poses=poses, landmarks=places, center_of_mass=center_of_mass(places))
        return measured(
            replace(material(ladder()), motion=less, ends=ends_of(less)), "geometric_entropy"
        ).confidence

    assert confidence(0.0) == confidence(0.19) == pytest.approx(1)
    assert confidence(0.4) == pytest.approx(0.6 / 0.8, rel=0.01)
    assert confidence(0.51) == 0


def test_what_else_takes_confidence() -> None:
    of = material(ladder())
    sure = measured(of, "reach_distance").confidence
    off = replace(of, motion=replace(of.motion, error_pct=10.0))
    assert measured(off, "reach_distance").confidence == pytest.approx(0.9 * sure)
    assert measured(off, "reach_time").confidence == measured(of, "reach_time").confidence
    loose = replace(of, motion=replace(of.motion, registered=False))
    assert measured(loose, "reach_distance").confidence == pytest.approx(0.5 * sure)
    unsure = replace(of, moves=tuple(replace(one, confidence=0.7) for one in of.moves))
    assert measured(unsure, "reach_distance").confidence == pytest.approx(0.7 * sure)
    assert measured(of, "hip_turn_proxy").confidence == pytest.approx(0.5)


def test_an_attempt_takes_only_what_is_its_own() -> None:
    everything = material(ladder())
    second = material_of(everything, Attempt(240, 480, "unknown", ""))
    assert [one.limb in HANDS for one in second.moves].count(True) == 4
    assert all(240 <= one.start < one.end <= 480 for one in second.contacts)
    assert measured(second, "reach_count").value == 4
    assert measured(second, "geometric_entropy").frames == (Interval(240, 480),)
