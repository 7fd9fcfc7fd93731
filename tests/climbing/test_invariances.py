"""Whatever a climber does: the mirror, the size, the frame rate and noise change nothing that is said.

From the motion to moves, events and measures; contacts alone are in test_contacts.py.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.biomechanics.conventions import Landmark
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb, read
from ascension.climbing.limbs import HANDS, LIMBS, Limb
from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.climbing.motion import Motion
from tests.climbing.climbers import Climber, Place, Way, motion, path

OTHER_SIDE: Final = dict(zip(LIMBS, (LIMBS[1], LIMBS[0], LIMBS[3], LIMBS[2]), strict=True))
OF_SIDES: Final = {one.name for one in DEFINITIONS if one.id == "B28"}
UNITS: Final = {one.name: one.unit for one in DEFINITIONS}
COUNTED: Final = (
    "reach_count", "grip_readjustments", "foot_replacements", "foot_cut_count", "dyno_count", "rest_count",
    "holds_used",
)  # fmt: skip
_OFTEN: Final = 2
"""A foot that steps up thrice is on the holds of hands."""


@st.composite
def climbers(draw: st.DrawFn) -> Climber:
    """Three to five clean ways of one end after the other, with pauses; the hips follow hands and feet up."""
    limbs = [draw(st.sampled_from(HANDS)), *draw(st.lists(st.sampled_from(LIMBS), min_size=2, max_size=4))]
    places: dict[Limb, Place] = dict(
        zip(LIMBS, ((-0.35, 2.2), (0.35, 2.25), (-0.25, 0.6), (0.25, 0.55)), strict=True)
    )
    now, height = 1.0, 1.3
    ways: list[Way] = []
    stops: list[tuple[float, Place]] = [(0.0, (0.0, height))]
    for number, limb in enumerate(limbs):
        if limbs[:number].count(limb) >= _OFTEN:
            continue
        lasts_s = draw(st.floats(0.5, 0.9))
        x, y = places[limb]
        # feet whose only footholds are a high step above stand on the floor, and noise tells how high that is
        highest_m = 0.5 if limb.is_hand else 0.4
        aside, up = draw(st.floats(-0.08, 0.08)), draw(st.floats(0.35, highest_m))
        places[limb] = (x + aside, y + up)
        ways.append(Way(limb, now, now + lasts_s, places[limb]))
        height += up / 4
        stops += [(now, stops[-1][1]), (now + lasts_s + 0.2, (0.0, height))]
        now += lasts_s + draw(st.floats(0.8, 1.4))
    return Climber(lasts_s=now + 0.5, ways=tuple(ways), hips=path(*stops))


def told(climb: Climb) -> list[tuple[Limb, float, float]]:
    """Limb, begin and end of each move in seconds."""
    time_s = climb.motion.time_s
    return [
        (move.limb, float(time_s[move.reach_start]), float(time_s[move.reach_end])) for move in climb.moves
    ]


def values(climb: Climb) -> dict[str, float]:
    return {one.name: one.value for one in climb.measures[0] if one.value is not None}


def assert_ways(climb: Climb, climber: Climber, within_s: float) -> None:
    found = told(climb)
    assert [limb for limb, _, _ in found] == [way.limb for way in climber.ways]
    for (_, start_s, end_s), way in zip(found, climber.ways, strict=True):
        assert (start_s, end_s) == pytest.approx((way.leaves_s, way.arrives_s), abs=within_s)


def mirrored(seen: Motion) -> Motion:
    order = [
        Landmark[name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")]
        for name in (landmark.name for landmark in Landmark)
    ]
    poses = replace(
        seen.poses,
        landmarks_px=seen.poses.landmarks_px[:, order] * (-1, 1),
        visibility=seen.poses.visibility[:, order],
    )
    return replace(
        seen,
        poses=poses,
        landmarks=seen.landmarks[:, order] * (-1, 1),
        center_of_mass=seen.center_of_mass * (-1, 1),
    )


@settings(max_examples=15, deadline=None)
@given(climbers())
def test_what_was_climbed_is_what_is_read(climber: Climber) -> None:
    found = read(motion(climber), Body())
    assert_ways(found, climber, 0.12)
    assert found.events == ()
    assert values(found)["holds_used"] == 4 + len(climber.ways)


@settings(max_examples=10, deadline=None)
@given(climbers())
def test_in_the_mirror_only_the_sides_change(climber: Climber) -> None:
    here, there = (read(seen, Body(mass_kg=60)) for seen in (motion(climber), mirrored(motion(climber))))
    assert sorted(told(there)) == sorted((OTHER_SIDE[limb], start, end) for limb, start, end in told(here))
    before, after = values(here), values(there)
    assert before.keys() == after.keys()
    for name, value in before.items():
        sign = -1 if name in OF_SIDES else 1
        assert after[name] == pytest.approx(sign * value, rel=1e-6, abs=1e-6), name


@settings(max_examples=10, deadline=None)
@given(climbers(), st.floats(0.5, 2.0))
def test_children_and_giants_do_the_same(climber: Climber, size: float) -> None:
    here, there = (read(motion(one), Body()) for one in (climber, replace(climber, size=size)))
    assert told(there) == told(here)
    assert [event.kind for event in there.events] == [event.kind for event in here.events]
    before, after = values(here), values(there)
    assert before.keys() == after.keys()
    for name, value in before.items():
        times = size if UNITS[name].startswith("length") else 1.0
        assert after[name] == pytest.approx(times * value, rel=1e-6, abs=1e-6), name


@settings(max_examples=10, deadline=None)
@given(climbers(), st.sampled_from([15.0, 24.0, 60.0, 120.0, 240.0]))
def test_any_frame_rate_tells_the_same(climber: Climber, fps: float) -> None:
    at_30, other = read(motion(climber), Body()), read(motion(climber, fps), Body())
    assert_ways(other, climber, 0.12)
    before, after = values(at_30), values(other)
    for name in COUNTED:
        assert after[name] == before[name], name
    assert after["reach_distance"] == pytest.approx(before["reach_distance"], rel=0.02)
    assert after["climbing_speed"] == pytest.approx(before["climbing_speed"], rel=0.05)


@settings(max_examples=10, deadline=None)
@given(climbers(), st.sampled_from([24.0, 30.0, 60.0]))
def test_five_millimeters_of_noise_tell_the_same(climber: Climber, fps: float) -> None:
    noisy = read(motion(replace(climber, noise_m=0.005), fps), Body())
    assert_ways(noisy, climber, 0.15)
    before, after = values(read(motion(climber, fps), Body())), values(noisy)
    for name in COUNTED:
        assert after[name] == before[name], name
    assert after["reach_distance"] == pytest.approx(before["reach_distance"], rel=0.05)
    assert np.isfinite(list(after.values())).all()
