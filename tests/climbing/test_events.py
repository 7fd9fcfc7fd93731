"""What happened to made-up climbers."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.events import GRAVITY_M_PER_S2, events_of
from ascension.climbing.limbs import LIMBS
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Event, EventKind
from tests.climbing.climbers import (
    LEFT_FOOT,
    LEFT_HAND,
    RIGHT_FOOT,
    RIGHT_HAND,
    Climber,
    Way,
    path,
    read,
)
from tests.climbing.test_contacts import from_the_floor
from tests.climbing.test_moves import LADDER


def events(climber: Climber, kind: EventKind | None = None, fps: float = 30.0) -> list[Event]:
    scene, timeline = read(climber, fps)
    found = events_of(scene, timeline, moves_of(scene, timeline.contacts))
    return [event for event in found if kind in (None, event.kind)]


def falling(from_s: float, lasts_s: float) -> Climber:
    """Lets go with hands and feet and falls freely, then stands on the floor."""
    drop_m = 0.5 * GRAVITY_M_PER_S2 * lasts_s**2

    def hips(time_s: FloatArray) -> FloatArray:
        fallen_s = np.clip(time_s - from_s, 0, lasts_s)
        return np.stack([np.zeros_like(time_s), 2.5 - 0.5 * GRAVITY_M_PER_S2 * fallen_s**2], axis=1)

    lands_s = from_s + lasts_s
    beside = ((-0.45, 0.4), (0.45, 0.4), (-0.2, -0.9), (0.2, -0.9))
    let_go = tuple(
        Way(limb, from_s, from_s + 0.15, place, with_hips=True)
        for limb, place in zip(LIMBS, beside, strict=True)
    )
    stand = (
        Way(LEFT_FOOT, lands_s - 0.05, lands_s, (-0.2, 2.5 - drop_m - 0.9)),
        Way(RIGHT_FOOT, lands_s - 0.05, lands_s, (0.2, 2.5 - drop_m - 0.9)),
        Way(LEFT_HAND, lands_s + 0.2, lands_s + 0.6, (-0.3, -0.05), with_hips=True),
        Way(RIGHT_HAND, lands_s + 0.2, lands_s + 0.6, (0.3, -0.05), with_hips=True),
    )
    return Climber(
        start=((-0.3, 3.4), (0.3, 3.4), (-0.25, 1.8), (0.25, 1.8)), ways=(*let_go, *stand), hips=hips
    )


CUT = Climber(
    ways=(
        Way(LEFT_FOOT, 1.0, 1.3, (-0.1, -0.85), with_hips=True),
        Way(RIGHT_FOOT, 1.0, 1.3, (0.1, -0.85), with_hips=True),
        Way(LEFT_FOOT, 3.0, 3.4, (-0.25, 0.6)),
        Way(RIGHT_FOOT, 3.2, 3.6, (0.25, 0.6)),
    ),
    hips=path((1.0, (0.0, 1.3)), (1.4, (0.0, 1.15)), (2.2, (0.2, 1.15)), (3.0, (0.0, 1.15))),
)


def test_a_quiet_ladder_has_no_events() -> None:
    assert events(LADDER) == []
    assert events(Climber(lasts_s=1 / 30)) == []
    assert events(Climber(gone=(0.0, 9.0))) == []


@pytest.mark.parametrize("fps", [25.0, 60.0, 240.0])
def test_cut_feet(fps: float) -> None:
    (cut,) = events(CUT, "foot_cut", fps)
    assert cut.start / fps == pytest.approx(1.0, abs=0.1)
    assert cut.end / fps == pytest.approx(3.4, abs=0.1)
    assert cut.limbs == (LEFT_FOOT, RIGHT_FOOT)


def test_feet_that_step_one_after_the_other_or_off_the_floor_are_not_cut() -> None:
    assert events(from_the_floor(), "foot_cut") == []
    walking = Climber(ways=(Way(LEFT_FOOT, 1.0, 1.6, (-0.3, 1.0)), Way(RIGHT_FOOT, 1.5, 2.1, (0.3, 1.0))))
    assert events(walking, "foot_cut") == []


@pytest.mark.parametrize("fps", [30.0, 60.0, 240.0])
@pytest.mark.parametrize("unit_per_m", [1.0, 2.0])
def test_a_fall_is_free_fall_with_nothing_on_the_wall(fps: float, unit_per_m: float) -> None:
    (fall,) = events(replace(falling(2.0, 0.5), unit_per_m=unit_per_m), "fall", fps)
    assert fall.start / fps == pytest.approx(2.0, abs=0.12)
    assert fall.end / fps == pytest.approx(2.5, abs=0.12)
    assert fall.limbs == LIMBS
    assert fall.confidence > (0.8 if unit_per_m == 1 else 0.6)


def test_feet_that_shuffle_aside_together_are_not_cut() -> None:
    shuffling = Climber(
        ways=(Way(LEFT_FOOT, 1.0, 1.5, (-0.1, 0.6)), Way(RIGHT_FOOT, 1.0, 1.5, (0.4, 0.6))),
        hips=path((0.8, (0.0, 1.3)), (1.7, (0.15, 1.3))),
    )
    assert events(shuffling, "foot_cut") == []


def test_who_is_lowered_at_walking_speed_does_not_fall() -> None:
    lowered = replace(falling(2.0, 0.5), hips=path((2.0, (0.0, 2.5)), (4.0, (0.0, 1.27))))
    assert events(lowered, "fall") == []


def test_a_hand_that_holds_on_makes_it_no_fall() -> None:
    caught = falling(2.0, 0.5)
    held = replace(caught, ways=tuple(way for way in caught.ways if way.limb is not LEFT_HAND))
    assert events(held, "fall") == []


def test_two_hands_on_one_hold_match_and_the_highest_is_the_top() -> None:
    climber = Climber(
        lasts_s=6.0,
        ways=(Way(RIGHT_HAND, 1.0, 1.6, (0.05, 2.8)), Way(LEFT_HAND, 2.5, 3.1, (-0.05, 2.8))),
    )
    (match,) = events(climber, "match")
    assert (match.start / 30, match.end / 30) == pytest.approx((3.1, 6.0), abs=0.1)
    (top,) = events(climber, "top")
    assert (top.start, top.end) == (match.start, match.end)
    on = replace(climber, lasts_s=8.0, ways=(*climber.ways, Way(RIGHT_HAND, 5.0, 5.6, (0.3, 3.4))))
    assert len(events(on, "match")) == 1
    assert events(on, "top") == []


def test_a_top_of_a_hand_that_is_hidden_is_none() -> None:
    ways = (Way(RIGHT_HAND, 1.0, 1.6, (0.05, 2.8)), Way(LEFT_HAND, 2.5, 3.1, (-0.05, 2.8)))
    assert events(Climber(lasts_s=6.0, ways=ways), "top")
    hidden = Climber(lasts_s=6.0, ways=ways, hidden={LEFT_HAND: (2.7, 9.0)})
    assert events(hidden, "top") == []
    assert events(hidden, "match") == []


def test_a_top_held_for_less_than_half_a_second_is_none() -> None:
    ways = (Way(RIGHT_HAND, 1.0, 1.6, (0.05, 2.8)), Way(LEFT_HAND, 2.5, 3.1, (-0.05, 2.8)))
    assert events(Climber(lasts_s=3.45, ways=ways), "top") == []
    (late,) = events(Climber(lasts_s=3.9, ways=ways), "top")
    (sure,) = events(Climber(lasts_s=6.0, ways=ways), "top")
    assert late.confidence < sure.confidence


def test_back_on_the_same_hold_within_two_seconds_is_a_readjustment() -> None:
    tapping = Climber(
        ways=(Way(RIGHT_FOOT, 1.0, 1.25, (0.32, 0.82)), Way(RIGHT_FOOT, 1.25, 1.5, (0.27, 0.6))),
    )
    (found,) = events(tapping, "readjustment")
    assert found.limbs == (RIGHT_FOOT,)
    assert (found.start / 30, found.end / 30) == pytest.approx((1.0, 1.5), abs=0.1)


def test_a_readjustment_that_was_hardly_seen_is_hardly_believed() -> None:
    ways = (Way(RIGHT_FOOT, 1.0, 1.5, (0.5, 0.95)), Way(RIGHT_FOOT, 1.5, 2.0, (0.36, 0.6)))
    (seen,) = events(Climber(ways=ways), "readjustment")
    (guessed,) = events(Climber(ways=ways, hidden={RIGHT_FOOT: (1.25, 1.75)}), "readjustment")
    assert guessed.confidence < 0.5 < seen.confidence


def test_a_flight_is_a_dyno() -> None:
    leaping = Climber(
        ways=(Way(LEFT_HAND, 2.0, 2.4, (-0.2, 3.0)), Way(RIGHT_HAND, 2.05, 2.45, (0.2, 3.0))),
        hips=path((1.8, (0.0, 1.3)), (2.5, (0.0, 2.1))),
    )
    (dyno,) = events(leaping, "dyno")
    assert (dyno.start / 30, dyno.end / 30) == pytest.approx((2.05, 2.4), abs=0.1)
    assert dyno.limbs == (LEFT_HAND, RIGHT_HAND)


def test_a_shaken_arm_is_a_rest_and_a_bent_hang_is_none() -> None:
    shaking = Climber(
        lasts_s=9.0,
        ways=(
            Way(LEFT_HAND, 3.0, 3.6, (-0.2, -0.15), with_hips=True),
            Way(LEFT_HAND, 6.0, 6.6, (-0.3, 2.2)),
        ),
    )
    (rest,) = events(shaking, "rest")
    assert rest.limbs == (LEFT_HAND,)
    assert rest.end - rest.start > 3 * 30
    short = Climber(lasts_s=2.5)
    assert events(short, "rest") == []


def test_a_minute_on_straight_arms_is_one_rest() -> None:
    (rest,) = events(Climber(lasts_s=60.0), "rest", fps=25.0)
    assert (rest.start, rest.end) == (0, 1500)


def test_a_foot_that_shoots_down_and_comes_back_slips() -> None:
    slipping = Climber(
        ways=(Way(LEFT_FOOT, 2.0, 2.2, (-0.25, 0.3)), Way(LEFT_FOOT, 2.3, 2.8, (-0.25, 0.6))),
    )
    (slip,) = events(slipping, "slip")
    assert slip.limbs == (LEFT_FOOT,)
    assert slip.start / 30 == pytest.approx(2.0, abs=0.1)
    stepping = Climber(ways=(Way(LEFT_FOOT, 2.0, 2.8, (-0.25, 0.2)),))
    assert events(stepping, "slip") == []


def test_who_fell_stands_on_the_floor_however_he_stands() -> None:
    """One foot is put beside the other and higher, as floors look from above; arms hang."""
    fallen = falling(2.0, 0.5)
    late = Way(RIGHT_FOOT, 3.2, 3.6, (0.5, 2.5 - 0.5 * GRAVITY_M_PER_S2 * 0.25 - 0.6))
    _, timeline = read(replace(fallen, lasts_s=6.0, ways=(*fallen.ways, late)))
    after = [one for one in timeline.contacts if one.start > 2.6 * 30]
    assert {one.kind for one in after} == {"floor"}
    assert {one.limb for one in after} == {RIGHT_FOOT}
