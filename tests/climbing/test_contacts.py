"""Contacts of climbers of whom everything is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.biomechanics.conventions import LANDMARK_NAMES
from ascension.climbing.contacts import timeline_of
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.record import Contact
from ascension.climbing.support import scene_of
from tests.climbing.climbers import (
    LEFT_FOOT,
    LEFT_HAND,
    RIGHT_FOOT,
    RIGHT_HAND,
    Climber,
    Way,
    motion,
    path,
    read,
    spans,
)

REACH = Climber(
    ways=(Way(RIGHT_HAND, 2.0, 2.7, (0.35, 2.7)), Way(LEFT_FOOT, 3.2, 3.9, (-0.3, 1.1))),
    hips=path((1.6, (0.0, 1.3)), (2.8, (0.05, 1.5))),
)
"""One reach and one step; the hips move while the other three ends hold."""

ARMS_DOWN = ((-0.3, -0.05), (0.3, -0.05))
"""Hands beside the hips."""


def test_what_does_not_move_holds_from_the_first_to_the_last_frame() -> None:
    assert spans(REACH, LEFT_HAND) == [(0.0, 5.0)]
    assert spans(REACH, RIGHT_FOOT) == [(0.0, 5.0)]


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0, 60.0, 120.0, 240.0])
def test_a_reach_begins_and_ends_with_its_bell_of_speed_at_any_frame_rate(fps: float) -> None:
    for limb, leaves_s, arrives_s in ((RIGHT_HAND, 2.0, 2.7), (LEFT_FOOT, 3.2, 3.9)):
        (start_s, leaving_s), (arriving_s, end_s) = spans(REACH, limb, fps)
        assert start_s == 0
        assert leaving_s == pytest.approx(leaves_s, abs=0.07)
        assert arriving_s == pytest.approx(arrives_s, abs=0.07)
        assert end_s == pytest.approx(5.0, abs=0.01)


@pytest.mark.parametrize("lasts_s", [0.25, 0.5, 1.0, 1.8])
@pytest.mark.parametrize("to", [(0.35, 2.45), (0.35, 2.7), (0.5, 3.2)])
def test_fast_and_slow_reaches_near_and_far(lasts_s: float, to: tuple[float, float]) -> None:
    climber = Climber(ways=(Way(RIGHT_HAND, 1.5, 1.5 + lasts_s, to),))
    (_, leaving_s), (arriving_s, _) = spans(climber, RIGHT_HAND)
    assert leaving_s == pytest.approx(1.5, abs=0.05 + 0.1 * lasts_s)
    assert arriving_s == pytest.approx(1.5 + lasts_s, abs=0.05 + 0.1 * lasts_s)


def test_a_mirrored_climber_has_mirrored_contacts() -> None:
    seen = motion(REACH)
    _, here = read(REACH)
    there = timeline_of(scene_of(_mirrored(seen)))
    sides = {LEFT_HAND: RIGHT_HAND, RIGHT_HAND: LEFT_HAND, LEFT_FOOT: RIGHT_FOOT, RIGHT_FOOT: LEFT_FOOT}
    assert _bounds(there.contacts) == _bounds(
        tuple(replace(contact, limb=sides[contact.limb], x=-contact.x) for contact in here.contacts)
    )


@given(size=st.floats(0.4, 2.5), unit_per_m=st.floats(0.2, 5.0))
@settings(max_examples=15, deadline=None)
def test_children_and_giants_in_any_unit_have_the_same_contacts(size: float, unit_per_m: float) -> None:
    _, here = read(REACH)
    _, there = read(replace(REACH, size=size, unit_per_m=unit_per_m))
    times = size * unit_per_m
    assert [(c.limb, c.start, c.end, c.hold) for c in there.contacts] == [
        (c.limb, c.start, c.end, c.hold) for c in here.contacts
    ]
    assert [c.x for c in there.contacts] == pytest.approx([c.x * times for c in here.contacts], abs=1e-9)


@given(
    leaves_s=st.floats(1.0, 2.0),
    lasts_s=st.floats(0.4, 1.2),
    up_m=st.floats(0.3, 0.9),
    fps=st.sampled_from([25.0, 30.0, 60.0, 240.0]),
)
@settings(max_examples=40, deadline=None)
def test_any_reach_through_noise_of_5_mm(leaves_s: float, lasts_s: float, up_m: float, fps: float) -> None:
    way = Way(LEFT_HAND, leaves_s, leaves_s + lasts_s, (-0.3, 2.2 + up_m))
    climber = Climber(lasts_s=4.0, ways=(way,), noise_m=0.005)
    (_, leaving_s), (arriving_s, _) = spans(climber, LEFT_HAND, fps)
    assert leaving_s == pytest.approx(leaves_s, abs=0.15)
    assert arriving_s == pytest.approx(leaves_s + lasts_s, abs=0.15)


def test_a_hidden_hand_keeps_its_hold_for_a_second_and_is_then_unseen() -> None:
    briefly = Climber(hidden={LEFT_HAND: (1.0, 1.9)})
    assert spans(briefly, LEFT_HAND) == [(0.0, 5.0)]
    assert spans(briefly, LEFT_HAND, kind="unseen") == []
    long = Climber(hidden={LEFT_HAND: (1.0, 3.5)})
    assert spans(long, LEFT_HAND) == [(0.0, 2.0), (3.5, 5.0)]
    assert spans(long, LEFT_HAND, kind="unseen") == [(2.0, 3.5)]


def test_the_guess_of_a_hidden_hand_that_wanders_and_comes_back_is_no_move() -> None:
    wandering = (Way(LEFT_HAND, 1.5, 1.9, (-0.1, 2.0)), Way(LEFT_HAND, 2.0, 2.4, (-0.3, 2.2)))
    seen = Climber(ways=wandering)
    assert len(spans(seen, LEFT_HAND)) > 1
    hidden = replace(seen, hidden={LEFT_HAND: (1.6, 2.5)})
    assert spans(hidden, LEFT_HAND) == [(0.0, 5.0)]


def test_a_hidden_hand_is_on_the_nearer_of_two_holds_until_it_leaves() -> None:
    """The next hold is so near that a guess may be drawn along from it, too."""
    climber = Climber(ways=(Way(LEFT_HAND, 3.0, 3.4, (-0.3, 2.4)),), hidden={LEFT_HAND: (2.0, 3.6)})
    first, second = spans(climber, LEFT_HAND)
    assert first == (0.0, pytest.approx(3.1, abs=0.15))
    assert second == (pytest.approx(3.35, abs=0.15), 5.0)


def test_a_hand_that_is_never_seen_is_unseen_and_its_hold_hardly_believed() -> None:
    _, timeline = read(Climber(hidden={LEFT_HAND: (0.0, 9.0)}))
    own = [contact for contact in timeline.contacts if contact.limb is LEFT_HAND]
    assert [(contact.kind, contact.start, contact.end) for contact in own] == [("unseen", 0, 150)]
    holds = {hold.id: hold.confidence for hold in timeline.holds}
    assert own[0].hold is not None
    assert holds[own[0].hold] <= min(holds.values())


def test_hands_that_hang_beside_the_hips_of_somebody_on_the_floor_touch_nothing() -> None:
    standing = Climber(
        start=(*ARMS_DOWN, (-0.2, 0.4), (0.2, 0.4)),
        starts_with_hips=(LEFT_HAND, RIGHT_HAND),
        hips=path((0.0, (0.0, 1.3)), (5.0, (0.0, 1.3))),
    )
    assert spans(standing, LEFT_HAND) == []
    assert spans(standing, RIGHT_HAND) == []
    for foot in (LEFT_FOOT, RIGHT_FOOT):
        assert spans(standing, foot, kind="floor") == [(0.0, 5.0)]
        assert spans(standing, foot) == []


def test_feet_stay_on_the_floor_until_they_leave_it_though_the_hands_hold() -> None:
    climber = from_the_floor()
    assert spans(climber, LEFT_FOOT, kind="floor")[0] == pytest.approx((0.0, 2.0), abs=0.1)
    assert spans(climber, LEFT_FOOT)[0] == pytest.approx((2.5, 5.0), abs=0.1)
    assert spans(climber, LEFT_HAND)[0] == pytest.approx((1.6, 5.0), abs=0.1)


def test_cut_feet_that_swing_below_the_hips_touch_nothing() -> None:
    swing = path(
        (1.0, (0.0, 1.3)), (1.4, (0.0, 1.15)), (1.9, (0.15, 1.15)), (2.4, (-0.1, 1.15)), (3.0, (0.0, 1.15))
    )
    climber = Climber(
        ways=(
            Way(LEFT_FOOT, 1.0, 1.3, (-0.1, -0.85), with_hips=True),
            Way(RIGHT_FOOT, 1.0, 1.3, (0.1, -0.85), with_hips=True),
            Way(LEFT_FOOT, 3.2, 3.6, (-0.25, 0.6)),
            Way(RIGHT_FOOT, 3.4, 3.8, (0.25, 0.6)),
        ),
        hips=swing,
    )
    for foot, back_s in ((LEFT_FOOT, 3.6), (RIGHT_FOOT, 3.8)):
        (_, off_s), (on_s, _) = spans(climber, foot)
        assert off_s == pytest.approx(1.0, abs=0.1)
        assert on_s == pytest.approx(back_s, abs=0.1)
    assert spans(climber, LEFT_HAND) == [(0.0, 5.0)]


def test_a_tired_arm_that_hangs_down_touches_nothing() -> None:
    climber = Climber(
        ways=(
            Way(LEFT_HAND, 1.0, 1.6, (-0.2, -0.15), with_hips=True),
            Way(LEFT_HAND, 3.0, 3.6, (-0.3, 2.2)),
        )
    )
    (_, off_s), (on_s, _) = spans(climber, LEFT_HAND)
    assert off_s == pytest.approx(1.0, abs=0.1)
    assert on_s == pytest.approx(3.6, abs=0.1)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clips_of_a_few_frames(frames: int) -> None:
    _, timeline = read(Climber(lasts_s=frames / 30))
    assert all(0 <= contact.start < contact.end <= frames for contact in timeline.contacts)


def test_nobody_touches_nothing() -> None:
    _, timeline = read(Climber(gone=(0.0, 9.0)))
    assert timeline.contacts == ()
    assert timeline.holds == ()


def test_a_body_that_is_lost_for_half_a_second_holds_on_and_for_two_does_not() -> None:
    assert spans(Climber(gone=(2.0, 2.5)), LEFT_HAND) == [(0.0, 5.0)]
    assert spans(Climber(gone=(2.0, 4.0)), LEFT_HAND) == [(0.0, 2.0), (4.0, 5.0)]


def test_a_rest_of_a_minute_is_one_contact() -> None:
    assert spans(Climber(lasts_s=60.0), RIGHT_HAND, 25.0) == [(0.0, 60.0)]


def test_a_picture_without_a_wall_is_read_too() -> None:
    unregistered = replace(motion(REACH), registered=False, unit="torso")
    assert _bounds(timeline_of(scene_of(unregistered)).contacts) == _bounds(read(REACH)[1].contacts)


def from_the_floor() -> Climber:
    """Stands, takes two holds, steps on one foot after the other."""
    return Climber(
        start=(*ARMS_DOWN, (-0.2, 0.4), (0.2, 0.4)),
        starts_with_hips=(LEFT_HAND, RIGHT_HAND),
        ways=(
            Way(LEFT_HAND, 1.0, 1.6, (-0.3, 2.3)),
            Way(RIGHT_HAND, 1.0, 1.6, (0.3, 2.3)),
            Way(LEFT_FOOT, 2.0, 2.5, (-0.25, 0.9)),
            Way(RIGHT_FOOT, 2.6, 3.1, (0.25, 0.9)),
        ),
        hips=path((1.9, (0.0, 1.3)), (3.1, (0.0, 1.6))),
    )


def _bounds(contacts: tuple[Contact, ...]) -> list[tuple[Limb, int, int, str, float, float]]:
    return sorted((c.limb, c.start, c.end, c.kind, round(c.x, 6), round(c.y, 6)) for c in contacts)


def _mirrored(seen: Motion) -> Motion:
    order = np.array([LANDMARK_NAMES.index(_other(name)) for name in LANDMARK_NAMES])
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


def _other(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


def test_the_mirror_exchanges_every_pair() -> None:
    assert {_other(name) for name in LANDMARK_NAMES} == set(LANDMARK_NAMES)
    assert len(LIMBS) == 4


def test_feet_that_were_cut_and_hang_low_above_the_floor_touch_nothing() -> None:
    """A high step below the other footholds, on straight legs, to the end of the clip: like the floor."""
    cut = (
        Way(LEFT_FOOT, 2.0, 2.3, (-0.12, 0.42)),
        Way(RIGHT_FOOT, 2.05, 2.3, (0.12, 0.42)),
    )
    climber = Climber(
        start=((-0.3, 2.3), (0.3, 2.3), (-0.25, 1.0), (0.25, 1.0)),
        ways=cut,
        hips=path((2.0, (0.0, 1.4)), (2.3, (0.0, 1.35))),
    )
    for foot in (LEFT_FOOT, RIGHT_FOOT):
        ((start_s, off_s),) = spans(climber, foot)
        assert (start_s, off_s) == pytest.approx((0.0, 2.0), abs=0.1)
        assert spans(climber, foot, kind="floor") == []


def test_feet_that_drop_together_onto_the_height_of_a_hold_touch_nothing() -> None:
    """They hang where they once stood; nobody steps down with both feet at once."""
    climber = Climber(
        lasts_s=7.0,
        start=((-0.3, 2.3), (0.3, 2.3), (-0.2, 0.5), (0.2, 0.5)),
        ways=(
            Way(LEFT_FOOT, 1.0, 1.5, (-0.25, 0.9)),
            Way(RIGHT_FOOT, 2.0, 2.5, (0.25, 0.9)),
            Way(LEFT_FOOT, 4.0, 4.3, (-0.18, 0.5)),
            Way(RIGHT_FOOT, 4.0, 4.3, (0.18, 0.5)),
            Way(LEFT_FOOT, 5.5, 5.9, (-0.25, 0.9)),
            Way(RIGHT_FOOT, 5.7, 6.1, (0.25, 0.9)),
        ),
    )
    for foot, back_s in ((LEFT_FOOT, 5.9), (RIGHT_FOOT, 6.1)):
        assert spans(climber, foot)[-2][1] == pytest.approx(4.0, abs=0.1)
        assert spans(climber, foot)[-1][0] == pytest.approx(back_s, abs=0.1)


def test_a_glimpse_of_a_rest_at_the_end_of_the_clip_is_no_contact() -> None:
    way = Way(RIGHT_HAND, 1.0, 1.6, (0.3, 2.8))
    assert len(spans(Climber(lasts_s=1.64, ways=(way,)), RIGHT_HAND, 60.0)) == 1
    assert len(spans(Climber(lasts_s=1.75, ways=(way,)), RIGHT_HAND, 60.0)) == 2
