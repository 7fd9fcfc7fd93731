"""One clip, one or several tries."""

from dataclasses import replace

import pytest

from ascension.climbing.attempts import attempts_of
from ascension.climbing.events import events_of
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Attempt
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
from tests.climbing.test_contacts import ARMS_DOWN, from_the_floor
from tests.climbing.test_events import falling
from tests.climbing.test_moves import LADDER


def attempts(climber: Climber) -> tuple[Attempt, ...]:
    scene, timeline = read(climber)
    events = events_of(scene, timeline, moves_of(scene, timeline.contacts))
    found = attempts_of(scene, timeline.contacts, events)
    assert all(attempt.reason for attempt in found)
    return found


def up_and_down(begins_s: float) -> tuple[Way, ...]:
    """From standing on the floor onto four holds and back, in six seconds."""
    up = (
        Way(LEFT_HAND, begins_s, begins_s + 0.6, (-0.3, 2.3)),
        Way(RIGHT_HAND, begins_s, begins_s + 0.6, (0.3, 2.3)),
        Way(LEFT_FOOT, begins_s + 1.0, begins_s + 1.5, (-0.25, 0.9)),
        Way(RIGHT_FOOT, begins_s + 1.6, begins_s + 2.1, (0.25, 0.9)),
    )
    down = (
        Way(LEFT_FOOT, begins_s + 3.6, begins_s + 4.1, (-0.2, 0.4)),
        Way(RIGHT_FOOT, begins_s + 4.2, begins_s + 4.7, (0.2, 0.4)),
        Way(LEFT_HAND, begins_s + 5.0, begins_s + 5.6, (-0.3, -0.05), with_hips=True),
        Way(RIGHT_HAND, begins_s + 5.0, begins_s + 5.6, (0.3, -0.05), with_hips=True),
    )
    return up + down


STANDING = Climber(
    start=(*ARMS_DOWN, (-0.2, 0.4), (0.2, 0.4)), starts_with_hips=(LEFT_HAND, RIGHT_HAND), lasts_s=16.0
)


def test_a_clip_on_the_wall_is_one_attempt_without_a_known_end() -> None:
    (attempt,) = attempts(LADDER)
    assert (attempt.start, attempt.end, attempt.outcome) == (0, 240, "unknown")


def test_an_attempt_begins_when_the_last_foot_leaves_the_floor() -> None:
    (attempt,) = attempts(from_the_floor())
    assert attempt.start / 30 == pytest.approx(2.6, abs=0.1)


def test_a_fall_ends_an_attempt() -> None:
    (attempt,) = attempts(falling(2.0, 0.5))
    assert attempt.outcome == "fall"
    assert attempt.end / 30 == pytest.approx(2.5, abs=0.12)


def test_a_fall_on_the_first_move_from_the_clips_beginning() -> None:
    (attempt,) = attempts(falling(0.4, 0.5))
    assert attempt.outcome == "fall"


def test_the_top_ends_an_attempt() -> None:
    climber = Climber(
        lasts_s=6.0,
        ways=(Way(RIGHT_HAND, 1.0, 1.6, (0.05, 2.8)), Way(LEFT_HAND, 2.5, 3.1, (-0.05, 2.8))),
    )
    (attempt,) = attempts(climber)
    assert (attempt.outcome, attempt.start, attempt.end) == ("top", 0, 180)


def test_two_tries_with_the_floor_between_are_two_attempts() -> None:
    climber = replace(
        STANDING,
        ways=up_and_down(1.0) + up_and_down(8.0),
        hips=path(
            (1.9, (0.0, 1.3)),
            (3.0, (0.0, 1.6)),
            (4.6, (0.0, 1.6)),
            (5.6, (0.0, 1.3)),
            (9.0, (0.0, 1.3)),
            (10.0, (0.0, 1.6)),
            (11.6, (0.0, 1.6)),
            (12.6, (0.0, 1.3)),
        ),
    )
    first, second = attempts(climber)
    assert (first.outcome, second.outcome) == ("down", "down")
    assert (first.start / 30, first.end / 30) == pytest.approx((2.6, 5.1), abs=0.15)
    assert (second.start / 30, second.end / 30) == pytest.approx((9.6, 12.1), abs=0.15)


def test_who_leaves_the_picture_leaves_it_with_a_reason() -> None:
    (attempt,) = attempts(replace(LADDER, gone=(5.9, 99.0)))
    assert attempt.outcome == "left_picture"
    assert attempt.reason == "body_out_of_sight"
    (gone,) = attempt.reason_numbers
    assert (gone.name, gone.unit) == ("gone", "s")
    assert gone.value == pytest.approx(2.1, abs=0.05)


def test_standing_on_the_floor_is_an_attempt_of_nothing() -> None:
    (attempt,) = attempts(replace(STANDING, lasts_s=5.0))
    assert attempt.outcome == "unknown"
    assert attempt.reason == "stays_on_floor"


@pytest.mark.parametrize("frames", [1, 2])
def test_a_clip_of_a_frame_or_two_gives_a_reason(frames: int) -> None:
    (attempt,) = attempts(Climber(lasts_s=frames / 30))
    assert attempt.outcome == "unknown"


def test_nobody_has_no_attempts() -> None:
    assert attempts(Climber(gone=(0.0, 99.0))) == ()
