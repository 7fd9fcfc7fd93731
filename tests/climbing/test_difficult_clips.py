"""Clips that nobody made for us: all the way from the skeleton to the advice and the report.

Measured, or refused with a reason, never a crash, never a silent zero.
"""

from dataclasses import replace

import pytest

from ascension.analyses.choices import BodyChoice, Choices
from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.measures.definitions import DEFINITIONS
from tests.climbing.climbers import (
    LEFT_FOOT,
    LEFT_HAND,
    RIGHT_FOOT,
    RIGHT_HAND,
    Climber,
    Way,
    path,
)
from tests.climbing.stored import Lengths, Said, said_of
from tests.climbing.test_attempts import STANDING, up_and_down
from tests.climbing.test_events import falling

LADDER = Climber(
    lasts_s=9.0,
    ways=(
        Way(RIGHT_HAND, 1.0, 1.6, (0.35, 2.7)),
        Way(LEFT_FOOT, 2.4, 3.0, (-0.3, 1.0)),
        Way(LEFT_HAND, 3.8, 4.4, (-0.3, 3.0)),
        Way(RIGHT_FOOT, 5.2, 5.8, (0.3, 1.4)),
        Way(RIGHT_HAND, 6.6, 7.2, (0.3, 3.4)),
    ),
    hips=path((2.0, (0.0, 1.3)), (3.2, (0.0, 1.7)), (5.0, (0.0, 1.7)), (6.0, (0.0, 2.1))),
)
"""It begins and ends in the middle of a climb."""
TRAVERSE = Climber(
    lasts_s=11.0,
    ways=(
        Way(RIGHT_HAND, 1.0, 1.6, (0.9, 2.2)),
        Way(RIGHT_FOOT, 2.2, 2.8, (0.85, 0.6)),
        Way(LEFT_HAND, 3.4, 4.0, (0.4, 2.25)),
        Way(LEFT_FOOT, 4.6, 5.2, (0.35, 0.6)),
        Way(RIGHT_HAND, 5.8, 6.4, (1.6, 2.2)),
        Way(RIGHT_FOOT, 7.0, 7.6, (1.55, 0.6)),
        Way(LEFT_HAND, 8.2, 8.8, (1.1, 2.25)),
        Way(LEFT_FOOT, 9.4, 10.0, (1.05, 0.6)),
    ),
    hips=path((1.8, (0.0, 1.3)), (5.0, (0.6, 1.3)), (6.6, (0.6, 1.3)), (10.0, (1.3, 1.3))),
)
DOWN = Climber(
    lasts_s=9.0,
    start=((-0.3, 3.4), (0.3, 3.4), (-0.25, 1.8), (0.25, 1.8)),
    ways=(
        Way(LEFT_FOOT, 1.0, 1.6, (-0.25, 1.3)),
        Way(RIGHT_FOOT, 2.4, 3.0, (0.25, 1.3)),
        Way(LEFT_HAND, 3.8, 4.4, (-0.3, 2.8)),
        Way(RIGHT_HAND, 5.2, 5.8, (0.3, 2.8)),
        Way(LEFT_FOOT, 6.6, 7.2, (-0.25, 0.8)),
    ),
    hips=path((1.0, (0.0, 2.5)), (3.4, (0.0, 2.1)), (5.2, (0.0, 2.1)), (7.4, (0.0, 1.6))),
)
ASIDE_M = 2.5


def aside(way: Way) -> Way:
    """The same on the second route; what goes with the hips goes with them."""
    return way if way.with_hips else replace(way, to=(way.to[0] + ASIDE_M, way.to[1]))


TWO_ROUTES = replace(
    STANDING,
    lasts_s=17.0,
    ways=(
        *up_and_down(1.0),
        aside(Way(LEFT_FOOT, 7.3, 7.8, (-0.2, 0.4))),
        aside(Way(RIGHT_FOOT, 7.4, 7.9, (0.2, 0.4))),
        *(aside(way) for way in up_and_down(9.0)),
    ),
    hips=path(
        (1.9, (0.0, 1.3)),
        (3.0, (0.0, 1.6)),
        (4.6, (0.0, 1.6)),
        (5.6, (0.0, 1.3)),
        (7.2, (0.0, 1.3)),
        (8.0, (ASIDE_M, 1.3)),
        (10.0, (ASIDE_M, 1.3)),
        (11.0, (ASIDE_M, 1.6)),
        (12.6, (ASIDE_M, 1.6)),
        (13.6, (ASIDE_M, 1.3)),
    ),
)
"""Up and down on four holds, three steps aside, up and down on four others."""
REST = Climber(
    lasts_s=66.0,
    ways=(Way(RIGHT_HAND, 1.0, 1.6, (0.35, 2.7)), Way(LEFT_HAND, 64.0, 64.6, (-0.3, 2.9))),
    hips=path((0.5, (0.0, 1.3)), (2.0, (0.0, 1.5))),
)
NEVER = (0.0, 99.0)
CASES: dict[str, tuple[Climber, float, Lengths]] = {
    "a climb": (LADDER, 30, "meters"),
    "no wall texture": (LADDER, 30, "no wall"),
    "no height": (LADDER, 30, "torsos"),
    "hands never seen": (replace(LADDER, hidden=dict.fromkeys(HANDS, NEVER)), 30, "meters"),
    "feet never seen": (replace(LADDER, hidden=dict.fromkeys(FEET, NEVER)), 30, "meters"),
    "nothing but the trunk": (replace(LADDER, hidden=dict.fromkeys(LIMBS, NEVER)), 30, "torsos"),
    "a traverse": (TRAVERSE, 30, "meters"),
    "a way down": (DOWN, 30, "meters"),
    "out of the picture": (replace(LADDER, gone=(7.5, 99.0)), 30, "meters"),
    "two routes": (TWO_ROUTES, 30, "meters"),
    "a rest of a minute": (REST, 15, "meters"),
    "a fall on the first move": (falling(0.4, 0.5), 30, "meters"),
    "one frame": (replace(LADDER, lasts_s=1 / 30), 30, "meters"),
    "two frames": (replace(LADDER, lasts_s=2 / 30), 30, "no wall"),
    "nobody leaves the floor": (replace(STANDING, lasts_s=5.0), 30, "meters"),
    "nobody": (replace(LADDER, gone=NEVER), 30, "meters"),
    "240 a second": (LADDER, 240, "meters"),
    "15 a second": (LADDER, 15, "meters"),
    **{f"{limb} never seen": (replace(LADDER, hidden={limb: NEVER}), 30.0, "meters") for limb in LIMBS},
}
"""Each with its frame rate and what is known of lengths."""


@pytest.fixture(scope="module")
def said() -> dict[str, Said]:
    told = Choices(body=BodyChoice(mass_kg=60), overhang_deg=5)
    return {name: said_of(climber, fps, lengths, told) for name, (climber, fps, lengths) in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_everything_has_a_value_or_a_reason_in_every_language(name: str, said: dict[str, Said]) -> None:
    for language, coaching in said[name].coaching.items():
        assert bool(coaching.attempts) == (coaching.reason is None)
        assert bool(said[name].reports[language].parts) != bool(said[name].reports[language].nothing)
        for attempt in coaching.attempts:
            assert attempt.reason
            assert [one.name for one in attempt.measures] == [one.name for one in DEFINITIONS]
            for one in attempt.measures:
                assert (one.value is None) == bool(one.reason) == bool(one.reason_code), one
                assert (one.value is None) == (one.confidence == 0), one
            for axis in attempt.score.axes:
                assert (axis.value is None) == (axis.reason is not None), axis
            for finding in (*attempt.advice.top, *attempt.advice.further):
                assert finding.sentence
                assert finding.confidence >= 0.5


def limbs_and_times(found: Said, attempt: int = 0) -> list[tuple[Limb, float, float]]:
    return [(move.limb, move.reached.start_s, move.reached.end_s) for move in found.attempts[attempt].moves]


def assert_ways(found: Said, climber: Climber, within_s: float = 0.12, attempt: int = 0) -> None:
    """The moves of an attempt are the ways of the climber."""
    moves = limbs_and_times(found, attempt)
    assert [limb for limb, _, _ in moves] == [way.limb for way in climber.ways]
    for (_, start_s, end_s), way in zip(moves, climber.ways, strict=True):
        assert (start_s, end_s) == pytest.approx((way.leaves_s, way.arrives_s), abs=within_s)


@pytest.mark.parametrize("name", ["a climb", "no wall texture", "no height", "240 a second", "15 a second"])
def test_the_moves_are_the_same_whatever_the_lengths_and_the_frame_rate(
    name: str, said: dict[str, Said]
) -> None:
    assert_ways(said[name], LADDER)
    assert said[name].value("reach_count") == 3


def test_a_clip_that_begins_and_ends_in_mid_climb_says_so(said: dict[str, Said]) -> None:
    (attempt,) = said["a climb"].attempts
    assert (attempt.span.start_frame, attempt.span.end_frame) == (0, 270)
    assert (attempt.outcome, attempt.reason_code) == ("unknown", "clip_ends_on_wall")
    assert said["a climb"].why_not("preview_time") == "start_not_shown"
    assert said["a climb"].why_not("route_share") == "top_not_reached"


def test_without_a_wall_lengths_are_torsos_and_nothing_is_sure(said: dict[str, Said]) -> None:
    plain, loose = said["no height"], said["no wall texture"]
    assert loose.coaching["en"].unit == "torso"
    sure, unsure = (
        next(one for one in found.attempts[0].measures if one.name == "reach_distance")
        for found in (plain, loose)
    )
    assert unsure.value == pytest.approx(sure.value, rel=0.01)
    assert unsure.confidence == pytest.approx(sure.confidence / 2, abs=0.02)
    assert "wall_not_followed" in {blank.reason for blank in loose.attempts[0].advice.blanks}


def test_without_a_height_lengths_are_torsos_and_work_is_refused(said: dict[str, Said]) -> None:
    found = said["no height"]
    distance = next(one for one in found.attempts[0].measures if one.name == "reach_distance")
    assert distance.unit == "torso"
    assert distance.value == pytest.approx(said["a climb"].value("reach_distance") / 0.5, rel=0.01)
    assert found.why_not("height_work") == "work_needs_meters"
    assert said["a climb"].value("height_work") > 0


@pytest.mark.parametrize("limb", LIMBS)
def test_a_limb_that_is_never_seen_is_not_known_and_the_others_are(limb: Limb, said: dict[str, Said]) -> None:
    found = said[f"{limb} never seen"]
    assert found.climb is not None
    assert {one.kind for one in found.climb.contacts if one.limb == limb} <= {"unseen"}
    others = {way.limb for way in LADDER.ways} - {limb}
    assert others <= {one for one, _, _ in limbs_and_times(found)}


def test_hands_that_are_never_seen_give_reasons_and_no_zero(said: dict[str, Said]) -> None:
    found = said["hands never seen"]
    for name in (
        "hand_contact_time", "height_gained", "pace", "reach_count", "reach_distance", "reaching_time",
        "long_reach_share", "supported_reach_share", "grip_readjustments", "foot_cut_count", "holds_used",
        "dynamic_count", "dyno_count", "rest_count", "rest_time", "simultaneous_releases",
    ):  # fmt: skip
        assert found.why_not(name) == "hands_seldom_known", name
    assert found.value("climbing_speed") > 0
    assert found.value("foot_contact_time") > 0
    assert {blank.reason for blank in found.attempts[0].advice.blanks} == {"arms_hidden"}
    assert {limb for limb, _, _ in limbs_and_times(found)} == set(FEET)


def test_feet_that_are_never_seen_give_reasons_and_no_zero(said: dict[str, Said]) -> None:
    found = said["feet never seen"]
    for name in (
        "foot_contact_time", "foot_cut_count", "foot_cut_time", "foot_replacements", "foot_taps",
        "holds_used", "release_frequency", "simultaneous_releases", "set_feet_share", "dyno_count",
        "support_offset",
    ):  # fmt: skip
        assert found.why_not(name) == "feet_seldom_known", name
    assert found.value("reach_count") == 3
    assert "feet_hidden" in {blank.reason for blank in found.attempts[0].advice.blanks}


def test_a_traverse_is_one_attempt_that_gains_no_height(said: dict[str, Said]) -> None:
    found = said["a traverse"]
    assert_ways(found, TRAVERSE)
    assert len(found.attempts) == 1
    assert found.value("height_gained") == pytest.approx(0.05, abs=0.02)
    assert found.value("climbing_speed") == pytest.approx(0, abs=0.01)
    assert found.why_not("work_ratio") == "no_height_gained"
    assert found.value("path_ratio") == pytest.approx(1, abs=0.1)


def test_a_way_down_is_climbed_at_a_speed_below_zero(said: dict[str, Said]) -> None:
    found = said["a way down"]
    assert_ways(found, DOWN)
    assert [one.outcome for one in found.attempts] == ["unknown"]
    assert found.value("climbing_speed") == pytest.approx(-0.9 / 9, abs=0.01)
    assert found.why_not("work_ratio") == "no_height_gained"


def test_who_climbs_out_of_the_picture_is_said_to_have_left_it(said: dict[str, Said]) -> None:
    (attempt,) = said["out of the picture"].attempts
    assert (attempt.outcome, attempt.reason_code) == ("left_picture", "body_out_of_sight")
    assert attempt.span.end_s == pytest.approx(7.5, abs=0.05)
    assert_ways(said["out of the picture"], LADDER)


def test_two_routes_in_one_clip_are_two_attempts_with_holds_of_their_own(said: dict[str, Said]) -> None:
    found = said["two routes"]
    assert [one.outcome for one in found.attempts] == ["down", "down"]
    assert found.climb is not None
    used: list[set[int]] = []
    for part in found.climb.attempts:
        own = part.attempt
        inside = (one for one in found.climb.contacts if own.start <= one.start < own.end)
        used.append({one.hold for one in inside if one.hold is not None})
    assert used[0]
    assert used[1]
    assert not used[0] & used[1]
    assert found.value("holds_used", 0) == found.value("holds_used", 1)


def test_a_minute_of_rest_is_one_rest_of_a_minute(said: dict[str, Said]) -> None:
    found = said["a rest of a minute"]
    assert found.value("rest_count") == 1
    assert found.value("rest_time") == pytest.approx(62, abs=2)
    assert_ways(found, REST)


def test_a_fall_on_the_first_move_is_a_fall_with_reasons(said: dict[str, Said]) -> None:
    found = said["a fall on the first move"]
    (attempt,) = found.attempts
    assert (attempt.outcome, attempt.reason_code) == ("fall", "free_fall")
    assert attempt.moves == []
    assert found.why_not("reach_distance") == "no_hand_move"
    assert found.why_not("pace") == "no_hand_move"


@pytest.mark.parametrize("name", ["one frame", "two frames"])
def test_a_frame_or_two_tell_nothing_and_say_so(name: str, said: dict[str, Said]) -> None:
    (attempt,) = said[name].attempts
    assert attempt.outcome == "unknown"
    assert attempt.moves == []
    assert attempt.score.value is None
    assert attempt.advice.top == []


def test_who_stays_on_the_floor_has_not_climbed(said: dict[str, Said]) -> None:
    (attempt,) = said["nobody leaves the floor"].attempts
    assert attempt.reason_code == "stays_on_floor"
    assert attempt.score.value is None
    assert attempt.advice.top == []
    assert said["nobody leaves the floor"].why_not("hand_contact_time")


def test_nobody_has_no_climb_and_the_report_says_why(said: dict[str, Said]) -> None:
    found = said["nobody"]
    assert found.climb is None
    assert found.coaching["en"].reason == "no_climb"
    assert all(report.nothing for report in found.reports.values())
