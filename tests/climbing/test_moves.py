"""Moves of made-up climbers."""

from dataclasses import replace

import pytest

from ascension.climbing.contacts import timeline_of
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Move
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
)
from tests.climbing.test_contacts import from_the_floor

LADDER = Climber(
    lasts_s=8.0,
    ways=(
        Way(RIGHT_HAND, 1.5, 2.1, (0.35, 2.7)),
        Way(LEFT_FOOT, 3.0, 3.7, (-0.3, 1.1)),
        Way(LEFT_HAND, 5.0, 5.6, (-0.3, 2.9)),
    ),
    hips=path((2.6, (0.0, 1.3)), (3.9, (0.0, 1.7))),
)


def moves(climber: Climber, fps: float = 30.0) -> tuple[Move, ...]:
    scene, timeline = read(climber, fps)
    return moves_of(scene, timeline.contacts)


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 240.0])
def test_every_way_is_a_move_with_its_limb_bounds_and_length(fps: float) -> None:
    found = moves(LADDER, fps)
    assert [move.limb for move in found] == [RIGHT_HAND, LEFT_FOOT, LEFT_HAND]
    for move, way, length in zip(found, LADDER.ways, (0.5025, 0.5025, 0.7), strict=True):
        assert move.reach_start / fps == pytest.approx(way.leaves_s, abs=0.08)
        assert move.reach_end / fps == pytest.approx(way.arrives_s, abs=0.08)
        assert move.distance == pytest.approx(length, abs=0.01)
        assert move.kind == "static"
        assert move.from_hold is not None
        assert move.to_hold not in (None, move.from_hold)


def test_preparation_reach_and_stabilization_follow_each_other() -> None:
    for move in moves(LADDER):
        assert move.preparation_start <= move.reach_start < move.reach_end <= move.settled
    step, reach = moves(LADDER)[1:]
    assert step.settled / 30 == pytest.approx(3.75, abs=0.25)
    assert reach.preparation_start == step.settled


def test_preparation_lasts_three_seconds_at_most() -> None:
    late = Climber(lasts_s=20.0, ways=(Way(LEFT_HAND, 18.0, 18.6, (-0.3, 2.9)),))
    (move,) = moves(late)
    assert (move.reach_start - move.preparation_start) / 30 == pytest.approx(3.0, abs=0.05)


def test_no_moves_without_reaches() -> None:
    assert moves(Climber()) == ()
    assert moves(Climber(lasts_s=1 / 30)) == ()
    assert moves(Climber(gone=(0.0, 9.0))) == ()


def test_the_step_off_the_floor_is_a_move_from_no_hold_and_a_landing_is_none() -> None:
    found = moves(from_the_floor())
    assert [(move.limb, move.from_hold) for move in found] == [(LEFT_FOOT, None), (RIGHT_FOOT, None)]
    down = replace(
        LADDER,
        ways=(
            Way(LEFT_FOOT, 1.0, 1.6, (-0.2, -0.6)),
            Way(RIGHT_FOOT, 1.2, 1.8, (0.2, -0.6)),
            Way(LEFT_HAND, 2.0, 2.6, (-0.3, -0.05), with_hips=True),
            Way(RIGHT_HAND, 2.0, 2.6, (0.3, -0.05), with_hips=True),
        ),
        hips=path((0.8, (0.0, 1.3)), (1.8, (0.0, 0.3))),
    )
    assert moves(down) == ()


def test_a_fast_rise_of_the_hips_makes_a_move_dynamic() -> None:
    quick = Climber(
        ways=(Way(RIGHT_HAND, 2.0, 2.5, (0.35, 3.0)),),
        hips=path((1.9, (0.0, 1.3)), (2.7, (0.0, 2.1))),
    )
    assert [move.kind for move in moves(quick)] == ["dynamic"]


def test_a_hand_that_arrives_as_the_body_stops_rising_is_a_deadpoint() -> None:
    arriving = Climber(
        ways=(Way(RIGHT_HAND, 2.0, 2.5, (0.35, 3.0)),),
        hips=path((1.9, (0.0, 1.3)), (2.48, (0.0, 1.9)), (3.1, (0.0, 1.75))),
    )
    assert [move.kind for move in moves(arriving)] == ["deadpoint"]


def test_both_hands_off_while_the_hips_fly_is_a_dyno() -> None:
    leaping = Climber(
        ways=(Way(LEFT_HAND, 2.0, 2.4, (-0.2, 3.0)), Way(RIGHT_HAND, 2.0, 2.4, (0.2, 3.0))),
        hips=path((1.8, (0.0, 1.3)), (2.5, (0.0, 2.1))),
    )
    assert [move.kind for move in moves(leaping)] == ["dyno", "dyno"]


def test_a_traverse_and_a_way_down_are_moves_too() -> None:
    aside = Climber(
        lasts_s=8.0,
        ways=(
            Way(RIGHT_HAND, 1.0, 1.6, (0.9, 2.2)),
            Way(RIGHT_FOOT, 2.2, 2.8, (0.8, 0.6)),
            Way(LEFT_HAND, 3.4, 4.0, (0.3, 1.9)),
            Way(LEFT_FOOT, 5.0, 5.6, (0.3, 0.2)),
        ),
        hips=path((1.0, (0.0, 1.3)), (5.0, (0.5, 1.1))),
    )
    assert [move.limb for move in moves(aside)] == [RIGHT_HAND, RIGHT_FOOT, LEFT_HAND, LEFT_FOOT]


def test_a_way_from_hold_to_hold_is_freed_of_half_of_the_bodys_parallax() -> None:
    near = replace(motion(LADDER), parallax_pct=10.0)
    here, there = (
        [move.distance for move in moves_of(scene, timeline_of(scene).contacts)]
        for scene in (scene_of(motion(LADDER)), scene_of(near))
    )
    assert here
    assert there == pytest.approx([distance / 1.05 for distance in here])
    in_torsos = scene_of(replace(near, unit="torso"))
    assert [move.distance for move in moves_of(in_torsos, timeline_of(in_torsos).contacts)] == here


def test_a_move_that_is_hardly_seen_is_hardly_believed() -> None:
    (sure,) = moves(Climber(ways=(Way(LEFT_HAND, 2.0, 2.6, (-0.3, 2.9)),)))
    hidden = moves(Climber(ways=(Way(LEFT_HAND, 2.0, 2.6, (-0.3, 2.9)),), hidden={LEFT_HAND: (1.9, 2.7)}))
    assert sure.confidence > 0.9
    assert all(move.confidence < 0.6 for move in hidden)
