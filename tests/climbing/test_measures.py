"""Every measure on a made-up climb whose answer is known."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.body import Body
from ascension.climbing.limbs import HANDS, LIMBS
from ascension.climbing.measures.definitions import DEFINITIONS, measures_of
from tests.climbing.stories import (
    Happened,
    Path,
    Reach,
    Story,
    Told,
    hand_moves,
    jump,
    line,
    material,
    measured,
    reason,
    steps,
    still,
    value,
)

LEFT_HAND, RIGHT_HAND, LEFT_FOOT, RIGHT_FOOT = LIMBS
ALL_ON = tuple(Told(limb, 0, 10, hold=number) for number, limb in enumerate(LIMBS))
HANDS_ON = tuple(Told(limb, 0, 10) for limb in HANDS)


def half_circle(time_s: FloatArray) -> FloatArray:
    """Radius 1 m in 10 s."""
    turn = np.pi * time_s / 10
    return np.column_stack([np.sin(turn), 1 - np.cos(turn)])


def in_steps(*pieces: tuple[float, float]) -> Path:
    """Straight up in pieces of (seconds, meters per second)."""
    ends_s = np.cumsum([0.0, *(lasts for lasts, _ in pieces)])
    heights = np.cumsum([0.0, *(lasts * speed for lasts, speed in pieces)])
    return lambda time_s: np.column_stack([np.zeros(len(time_s)), np.interp(time_s, ends_s, heights)])


def angle(*pieces: tuple[float, float]) -> Callable[[FloatArray], FloatArray]:
    """Angles in pieces of (until second, degrees)."""

    def path(time_s: FloatArray) -> FloatArray:
        found = np.zeros(len(time_s))
        start_s = 0.0
        for until_s, degrees in pieces:
            found[(time_s >= start_s) & (time_s < until_s)] = degrees
            start_s = until_s
        return found

    return path


class TestPath:
    def test_b01_a_straight_way_has_no_entropy(self) -> None:
        story = Story(10, line((0, 0), (0.5, 2), 10))
        assert value(story, "geometric_entropy") == pytest.approx(0, abs=1e-6)

    def test_b01_a_half_circle(self) -> None:
        exact = np.log(2 * np.pi / (np.pi + 2))
        assert value(Story(10, half_circle), "geometric_entropy") == pytest.approx(exact, abs=0.002)

    def test_b01_says_what_it_may_be_compared_with(self) -> None:
        assert "same route only" in measured(material(Story(10, half_circle)), "geometric_entropy").source

    def test_b02_a_half_circle_is_longer_than_its_diameter(self) -> None:
        story = Story(10, half_circle)
        assert value(story, "path_ratio") == pytest.approx(np.pi / 2, rel=0.005)
        assert value(story, "excess_path") == pytest.approx(np.pi - 2, abs=0.02)

    def test_b02_there_and_back_has_no_direct_way(self) -> None:
        story = Story(10, steps((0, 5, (0, 0), (0, 1)), (5, 10, (0, 1), (0, 0))))
        assert reason(story, "path_ratio") == ("hips_ended_where_they_started", {})
        assert value(story, "excess_path") == pytest.approx(2, abs=0.01)

    def test_b03_speed_is_height_over_time(self) -> None:
        story = Story(10, line((0, 0), (3, 2), 10))
        assert value(story, "climbing_speed") == pytest.approx(0.2, rel=1e-4)
        assert measured(material(story), "climbing_speed").unit == "m/s"

    def test_b03_a_way_down_is_negative(self) -> None:
        assert value(Story(10, line((0, 2), (0, 0), 10)), "climbing_speed") == pytest.approx(-0.2, rel=1e-4)

    def test_b03_four_moves_in_ten_seconds(self) -> None:
        assert value(Story(10, moves=hand_moves(1, 3, 5, 7)), "pace") == pytest.approx(24)

    def test_b25_work_counts_what_was_climbed_twice(self) -> None:
        hips = steps((0, 4, (0, 0), (0, 1)), (4, 6, (0, 1), (0, 0.5)), (6, 10, (0, 0.5), (0, 1.5)))
        story = Story(12, hips, body=Body(mass_kg=60))
        assert value(story, "height_work") == pytest.approx(60 * 9.81 * 2, rel=0.01)
        assert value(story, "work_ratio") == pytest.approx(2 / 1.5, rel=0.01)

    def test_b25_needs_a_mass_and_meters(self) -> None:
        story = Story(10, line((0, 0), (0, 1), 10))
        assert reason(story, "height_work") == ("work_needs_mass", {})
        assert reason(replace(story, unit="torso", body=Body(mass_kg=60)), "height_work") == (
            "work_needs_meters",
            {},
        )

    def test_ways_of_the_body_are_freed_of_parallax_ways_from_hold_to_hold_of_half_of_it(self) -> None:
        """Seen 10 % larger than the wall behind it, a body that rose 1 m seems to rise 1.1 m."""
        contacts = (Told(LEFT_HAND, 0, 5, (0, 1)), Told(LEFT_HAND, 6, 10, (0, 2)))
        story = Story(
            10, line((0, 0), (0, 1.1), 10), contacts=contacts, body=Body(mass_kg=60), parallax_pct=10
        )
        assert value(story, "climbing_speed") == pytest.approx(0.1, rel=1e-3)
        assert value(story, "height_work") == pytest.approx(60 * 9.81, rel=0.005)
        assert value(story, "height_gained") == pytest.approx(1 / 1.05)
        assert value(replace(story, unit="torso"), "height_gained") == pytest.approx(1)
        assert value(replace(story, unit="torso"), "climbing_speed") == pytest.approx(0.11, rel=1e-3)

    def test_b29_from_the_lowest_to_the_highest_hand(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 5, (0, 1)),
            Told(LEFT_HAND, 6, 10, (0, 2.2)),
            Told(RIGHT_HAND, 0, 10, (0, 1.5)),
        )
        story = Story(10, contacts=contacts)
        assert value(story, "height_gained") == pytest.approx(1.2)
        assert reason(story, "route_share") == ("top_not_reached", {})
        assert measured(replace(material(story), top_y=3.0), "route_share").value == pytest.approx(60)


class TestStillness:
    story = Story(15, in_steps((4, 0.2), (3, 0), (4, 0.2), (1, 0), (3, 0.2)))

    def test_b04_counts_what_lasts(self) -> None:
        assert value(self.story, "plateau_count") == 1
        assert value(self.story, "plateau_longest") == pytest.approx(3, abs=0.2)
        assert value(self.story, "plateau_mean") == pytest.approx(3, abs=0.2)
        assert value(self.story, "immobility_share") == pytest.approx(20, abs=1.5)

    def test_b04_says_where(self) -> None:
        (plateau,) = measured(material(self.story), "plateau_longest").frames
        assert (plateau.start, plateau.end) == pytest.approx((120, 210), abs=4)

    def test_b04_never_still(self) -> None:
        story = Story(10, line((0, 0), (0, 2), 10))
        assert value(story, "immobility_share") == 0
        assert reason(story, "plateau_longest") == ("never_still", {"least": 1.5})

    def test_b04_a_rest_of_a_minute(self) -> None:
        assert value(Story(60), "plateau_longest") == pytest.approx(60)
        assert value(Story(60), "immobility_share") == pytest.approx(100)

    def test_b05_four_states(self) -> None:
        """2 s nothing moves, 4 s the hips, 6 s a hand, 8 s both."""
        hips = in_steps((2, 0), (4, 0.2), (6, 0), (8, 0.2))

        def hand(time_s: FloatArray) -> FloatArray:
            return np.column_stack([-0.3 + np.interp(time_s, [0, 6, 20], [0, 0, 4]), np.ones(len(time_s))])

        ends = dict.fromkeys(LIMBS, still((0.2, -0.8))) | {LEFT_HAND: hand}
        story = Story(20, hips, ends)
        shares = {"immobility": 10, "postural_regulation": 20, "hold_interaction": 30, "traction": 40}
        for state, share in shares.items():
            assert value(story, f"state_{state}") == pytest.approx(share, abs=2), state

    def test_b31_rests_are_counted_and_added(self) -> None:
        story = Story(20, events=(Happened("rest", 2, 6), Happened("rest", 10, 13.5)))
        assert value(story, "rest_count") == 2
        assert value(story, "rest_time") == pytest.approx(7.5)

    def test_b31_no_rest_is_zero_because_it_was_looked_for(self) -> None:
        found = measured(material(Story(20)), "rest_time")
        assert found.value == 0
        assert found.confidence > 0.9

    def test_b34_the_time_before_the_climb_that_was_spent_still(self) -> None:
        story = Story(20, in_steps((3, 0.5), (4, 0), (13, 0.2)), attempt_s=(8, 20))
        assert value(story, "preview_time") == pytest.approx(5, abs=1.3)
        still_only = Story(20, in_steps((8, 0), (12, 0.2)), attempt_s=(8, 20))
        assert value(still_only, "preview_time") == pytest.approx(8, abs=0.1)

    def test_b34_a_clip_that_starts_on_the_wall(self) -> None:
        assert reason(Story(10), "preview_time") == ("start_not_shown", {"least": 2})
        assert reason(Story(10, attempt_s=(1.9, 10)), "preview_time") == ("start_not_shown", {"least": 2})


class TestMoves:
    hand = steps((2, 3.2, (-0.3, 1), (-0.3, 1.7)), (5, 6.2, (-0.3, 1.7), (0.1, 2.3)))
    story = Story(
        10,
        steps((1.5, 3.5, (0, 0), (0, 0.3)), (4.5, 6.5, (0, 0.3), (0, 0.6))),
        {LEFT_HAND: hand},
        moves=(Reach(LEFT_HAND, 2, 3.2, 0.5, 0.3), Reach(LEFT_HAND, 5, 6.2, 0.5, 0.3)),
    )

    def test_b06_an_ideal_reach(self) -> None:
        assert value(self.story, "reach_sparc") == pytest.approx(-1.40, abs=0.03)
        assert value(self.story, "hip_sparc") == pytest.approx(-1.40, abs=0.05)

    def test_b06_four_perfect_reaches_are_as_smooth_as_one(self) -> None:
        """Over the whole climb, the rests between them would count as roughness (-10.0)."""
        stops = [(4.0 * n, 4.0 * n + 1.2, (0.0, 0.7 * n), (0.0, 0.7 * (n + 1))) for n in range(4)]
        moves = tuple(Reach(LEFT_HAND, start, end, 0, 0.3) for start, end, _, _ in stops)
        story = Story(16, ends={LEFT_HAND: steps(*stops)}, moves=moves)
        assert value(story, "reach_sparc") == pytest.approx(-1.40, abs=0.03)

    def test_b06_a_reach_in_three_attempts_is_rougher(self) -> None:
        hand = steps(
            (2, 2.5, (0, 1), (0, 1.3)), (2.6, 3.0, (0, 1.3), (0, 1.5)), (3.1, 3.6, (0, 1.5), (0, 1.7))
        )
        story = replace(self.story, ends={LEFT_HAND: hand}, moves=(Reach(LEFT_HAND, 2, 3.6),))
        assert value(story, "reach_sparc") < -2

    def test_b07_an_ideal_reach(self) -> None:
        assert value(self.story, "reach_ldlj") == pytest.approx(-np.log(204.8), abs=0.35)
        assert value(self.story, "hip_ldlj") == pytest.approx(-np.log(204.8), abs=0.35)

    def test_b08_an_ideal_way_of_the_hips(self) -> None:
        assert value(self.story, "hip_jerk") == pytest.approx(720, rel=0.15)

    def test_b06_hidden_hands_have_no_smoothness(self) -> None:
        hidden = dict.fromkeys((Landmark.LEFT_WRIST, Landmark.LEFT_INDEX, Landmark.LEFT_PINKY), (0.0, 10.0))
        assert reason(replace(self.story, hidden=hidden), "reach_sparc") == (
            "moves_seldom_seen",
            {"share": 0},
        )

    def test_b16_and_b17(self) -> None:
        moves = (
            Reach(LEFT_HAND, 2, 3, 0.4, 0.2, distance=0.5),
            Reach(RIGHT_HAND, 4, 5.4, 0.6, 0.4, distance=0.7),
            Reach(LEFT_HAND, 7, 7.9, 1.2, 0.6, distance=0.9),
            Reach(LEFT_FOOT, 8, 9.9, distance=0.3),
        )
        story = Story(10, moves=moves)
        assert value(story, "preparation_time") == pytest.approx(0.6)
        assert value(story, "reaching_time") == pytest.approx(1.0)
        assert value(story, "stabilization_time") == pytest.approx(0.4)
        assert value(story, "reach_count") == 3
        assert value(story, "reach_distance") == pytest.approx(0.7)
        assert value(story, "reach_time") == pytest.approx(1.1)

    def test_b17_a_grip_put_again_on_its_hold_is_no_reach(self) -> None:
        again = Reach(LEFT_HAND, 4, 4.3, from_hold=2, to_hold=2)
        unknown = Reach(LEFT_HAND, 6, 7, from_hold=None, to_hold=None)
        story = Story(10, moves=(Reach(LEFT_HAND, 1, 2), again, unknown))
        assert value(story, "reach_count") == 2
        assert value(story, "pace") == pytest.approx(12)

    def test_b27_kinds_are_counted(self) -> None:
        moves = (
            Reach(LEFT_HAND, 1, 2),
            Reach(RIGHT_HAND, 3, 4, kind="dynamic"),
            Reach(RIGHT_HAND, 5, 6, kind="deadpoint"),
            Reach(LEFT_HAND, 7, 8, kind="dyno"),
        )
        story = Story(10, moves=moves)
        assert value(story, "dynamic_count") == 3
        assert value(story, "deadpoint_count") == 1
        assert value(story, "dyno_count") == 1

    def test_b27_both_hands_of_a_dyno_are_one_dyno(self) -> None:
        moves = (Reach(LEFT_HAND, 3, 3.6, kind="dyno"), Reach(RIGHT_HAND, 3.2, 3.5, kind="dyno"))
        story = Story(10, moves=moves)
        assert value(story, "dyno_count") == value(story, "dynamic_count") == 1
        (dyno,) = measured(material(story), "dyno_count").frames
        assert (dyno.start, dyno.end) == (90, 108)

    def test_b27_few_frames_a_second_make_it_less_sure(self) -> None:
        story = Story(10, moves=hand_moves(1, 3))
        at_30, at_60 = (measured(material(story, fps), "dynamic_count").confidence for fps in (30, 60))
        assert at_30 == pytest.approx(0.6 * at_60)

    def test_b32_every_move_takes_a_fifth_of_a_second_longer(self) -> None:
        """But for one that took a second longer."""
        moves = tuple(Reach(HANDS[n % 2], 4.0 * n + 1, 4.0 * n + 2 + 0.2 * n + (n == 2)) for n in range(5))
        assert value(Story(24, moves=moves), "tempo_decay") == pytest.approx(0.2)

    def test_b32_three_moves_are_no_trend(self) -> None:
        assert reason(Story(10, moves=hand_moves(1, 3, 5)), "tempo_decay") == (
            "too_few_moves_for_trend",
            {"needed": 4, "found": 3},
        )


class TestArms:
    def test_b09_six_of_ten_seconds_straight(self) -> None:
        story = Story(10, elbow_deg=angle((6, 170), (10, 100)), contacts=HANDS_ON)
        assert value(story, "straight_arm_share") == pytest.approx(60)

    def test_b09_150_degrees_are_straight_149_are_not(self) -> None:
        for degrees, share in ((150.01, 100), (149.9, 0)):
            story = Story(10, elbow_deg=angle((10, degrees)), contacts=HANDS_ON)
            assert value(story, "straight_arm_share") == share

    def test_b09_an_arm_that_hangs_holds_nothing(self) -> None:
        hanging = {LEFT_HAND: still((-0.3, 0.1)), RIGHT_HAND: still((0.3, 0.1))}
        assert reason(Story(10, ends=hanging, contacts=HANDS_ON), "straight_arm_share") == (
            "no_arm_held_body",
            {"least": 1},
        )

    def test_b10_only_what_lasts_a_second(self) -> None:
        pieces = ((2, 100), (4, 160), (5.5, 100), (8, 160), (8.5, 100), (10, 160))
        story = Story(10, elbow_deg=angle(*pieces), contacts=HANDS_ON)
        assert value(story, "bent_hold_longest") == pytest.approx(2)
        assert value(story, "bent_hold_time") == pytest.approx(3.5)
        assert [(one.start, one.end) for one in measured(material(story), "bent_hold_time").frames] == [
            (0, 60),
            (120, 165),
        ]

    def test_b10_hidden_elbows_are_not_straight_ones(self) -> None:
        hidden = {Landmark.LEFT_ELBOW: (0.0, 6.0), Landmark.RIGHT_ELBOW: (0.0, 6.0)}
        story = Story(10, elbow_deg=angle((10, 100)), contacts=HANDS_ON, hidden=hidden)
        assert reason(story, "bent_hold_time") == (
            "elbows_of_holding_hands_seldom_seen",
            {"share": pytest.approx(40, abs=0.5)},
        )

    def test_b11_the_shoulder_after_one_of_two_grips(self) -> None:
        moves = hand_moves(1, 6)
        story = Story(10, shoulder_deg=angle((5, 120), (10, 170)), moves=moves)
        assert value(story, "shoulder_relaxing_share") == pytest.approx(50)

    def test_b33_turned_half_of_the_time(self) -> None:
        """Hips 24 cm wide, and 12 cm wide for six of ten seconds."""
        narrow = {
            Landmark.LEFT_HIP: jump(6, (-0.06, 0), (-0.12, 0)),
            Landmark.RIGHT_HIP: jump(6, (0.06, 0), (0.12, 0)),
        }
        assert value(Story(10, landmarks=narrow), "hip_turn_proxy") == pytest.approx(0.5)
        assert value(Story(10, landmarks=narrow), "shoulder_turn_proxy") == pytest.approx(1)


def test_every_measure_of_the_issue_is_there() -> None:
    assert {one.id for one in DEFINITIONS} == {f"B{number:02}" for number in range(1, 35)}
    names = [one.name for one in DEFINITIONS]
    assert len(set(names)) == len(names)


def test_the_guide_explains_each_with_its_unit() -> None:
    guide = FilePath(__file__).parents[2] / "docs" / "guides" / "measures.md"
    rows = [line.split(" | ") for line in guide.read_text().splitlines() if line.startswith("| B")]
    explained: dict[str, tuple[str, str]] = {}
    for identity, names, _, units, *_ in rows:
        listed, given = names.replace("`", "").split(", "), units.split(", ")
        given = given * len(listed) if len(given) == 1 else given
        for name, unit in zip(listed, given, strict=True):
            explained[name] = (identity.removeprefix("| "), unit)
    assert explained == {one.name: (one.id, one.unit) for one in DEFINITIONS}


def test_proxies_and_estimates_say_so_in_their_names() -> None:
    for one in DEFINITIONS:
        for kind in ("proxy", "estimate"):
            assert (one.kind == kind) == one.name.endswith(kind), one.name


def test_a_body_without_hands_has_no_hand_measures() -> None:
    story = Story(10, contacts=ALL_ON, body=Body(missing=frozenset(HANDS)))
    assert reason(story, "contact_asymmetry") == ("no_hands", {})
    found = {one.name: one for one in measures_of(material(story))}
    assert found["foot_contact_time"].value == pytest.approx(10)
