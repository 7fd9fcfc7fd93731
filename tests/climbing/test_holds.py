"""The holds that a made-up climber used."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.climbing.holds import Vote, touches, used_holds
from ascension.climbing.limbs import LIMBS
from tests.climbing.climbers import LEFT_HAND, RIGHT_FOOT, RIGHT_HAND, Climber, Way, motion, read


def test_fingers_and_toes_touch_where_the_climber_was_told_to() -> None:
    climber = Climber()
    found = touches(motion(climber))
    assert found[0] == pytest.approx(np.array(climber.start))


def test_holds_are_in_order_of_height_and_lie_where_the_ends_were() -> None:
    climber = Climber(ways=(Way(RIGHT_HAND, 2.0, 2.6, (0.4, 2.8)),))
    _, timeline = read(climber)
    assert [hold.id for hold in timeline.holds] == [0, 1, 2, 3, 4]
    assert [hold.y for hold in timeline.holds] == sorted(hold.y for hold in timeline.holds)
    places = {(round(hold.x, 2), round(hold.y, 2)) for hold in timeline.holds}
    assert places == {(-0.3, 2.2), (0.3, 2.2), (-0.25, 0.6), (0.25, 0.6), (0.4, 2.8)}
    assert [(hold.hands, hold.feet) for hold in timeline.holds] == [(0, 1)] * 2 + [(1, 0)] * 3


def test_two_hands_and_later_a_foot_on_one_hold() -> None:
    climber = Climber(
        lasts_s=8.0,
        ways=(
            Way(RIGHT_HAND, 1.0, 1.6, (0.0, 2.3)),
            Way(LEFT_HAND, 2.0, 2.6, (-0.08, 2.3)),
            Way(RIGHT_HAND, 3.0, 3.6, (0.1, 2.9)),
            Way(LEFT_HAND, 4.0, 4.6, (-0.2, 2.9)),
            Way(RIGHT_FOOT, 5.0, 6.0, (0.0, 2.25)),
        ),
    )
    _, timeline = read(climber)
    shared = [hold for hold in timeline.holds if hold.hands == 2]
    assert [(hold.feet, round(hold.y, 1)) for hold in shared] == [(1, 2.3)]
    assert 0 < shared[0].radius < 0.1
    named = [(c.limb, c.start) for c in timeline.contacts if c.hold == shared[0].id]
    assert [limb for limb, _ in named] == [LEFT_HAND, RIGHT_HAND, RIGHT_FOOT]


def test_neighbors_stay_two_holds() -> None:
    votes = (Vote(LEFT_HAND, 0.0, 2.0, 1.0), Vote(RIGHT_HAND, 0.17, 2.0, 1.0))
    assert len(used_holds(votes, torso=0.5)[0]) == 2
    assert len(used_holds(votes, torso=0.6)[0]) == 1


def test_a_limb_that_moved_on_a_little_is_on_another_hold_where_two_limbs_may_share_one() -> None:
    moved = (Vote(RIGHT_FOOT, 0.0, 1.0, 1.0), Vote(RIGHT_FOOT, 0.0, 1.14, 1.0))
    assert len(used_holds(moved, torso=0.5)[0]) == 2
    shared = (Vote(LEFT_HAND, 0.0, 2.0, 1.0), Vote(RIGHT_HAND, 0.0, 2.13, 1.0))
    assert len(used_holds(shared, torso=0.5)[0]) == 1
    again = (Vote(RIGHT_FOOT, 0.0, 1.0, 1.0), Vote(RIGHT_FOOT, 0.0, 1.08, 1.0))
    assert len(used_holds(again, torso=0.5)[0]) == 1


def test_a_short_touch_is_less_sure_than_a_long_one_and_a_second_use_makes_it_surer() -> None:
    (short,), _ = used_holds((Vote(LEFT_HAND, 0.0, 2.0, 0.2),), torso=0.5)
    (long,), _ = used_holds((Vote(LEFT_HAND, 0.0, 2.0, 2.0),), torso=0.5)
    (twice,), _ = used_holds((Vote(LEFT_HAND, 0.0, 2.0, 2.0), Vote(RIGHT_FOOT, 0.0, 2.0, 2.0)), torso=0.5)
    assert short.confidence < long.confidence < twice.confidence < 1


def test_no_votes_no_holds() -> None:
    assert used_holds((), torso=0.5) == ((), ())


@given(
    st.lists(
        st.builds(Vote, st.sampled_from(LIMBS), st.floats(-2, 2), st.floats(0, 4), st.floats(0.01, 5.0)),
        max_size=25,
    )
)
@settings(max_examples=60, deadline=None)
def test_every_vote_counts_once_and_every_hold_lies_among_its_votes(votes: list[Vote]) -> None:
    holds, numbers = used_holds(tuple(votes), torso=0.5)
    assert sum(hold.hands for hold in holds) == sum(vote.limb.is_hand for vote in votes)
    assert sum(hold.feet for hold in holds) == sum(not vote.limb.is_hand for vote in votes)
    assert len(numbers) == len(votes)
    for hold in holds:
        own = [vote for vote, number in zip(votes, numbers, strict=True) if number == hold.id]
        assert min(vote.x for vote in own) - 1e-9 <= hold.x <= max(vote.x for vote in own) + 1e-9
        assert 0 < hold.confidence < 1
