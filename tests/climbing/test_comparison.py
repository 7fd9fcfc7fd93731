"""Two attempts beside each other: planted differences are found where they are, at what they cost."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.body import Body
from ascension.climbing.climb import read
from ascension.climbing.comparison.attempts import compare
from ascension.climbing.comparison.record import Comparison, Difference
from ascension.climbing.comparison.sides import Tried
from ascension.climbing.limbs import FEET, Limb
from ascension.climbing.record import Event, Interval
from tests.climbing.staged import FPS, Action, Sway, staged
from validation.scenes import CutFeet, Reach, Rest

_LOW = (Reach("RH", "H3"), Reach("LF", "F3"), Reach("LH", "H4"))
_HIGH = (Reach("RF", "F4"), Reach("RH", "H5"), Reach("LF", "F5"))
PLAIN = (*_LOW, *_HIGH)
HERE = np.eye(3)


@cache
def tried(*actions: Action) -> Tried:
    return Tried(read(staged(actions).motion, Body()), Body(), 0, HERE)


def begins_s(index: int, *actions: Action) -> float:
    return staged(actions).begins_s[index]


def hold_at(comparison: Comparison, number: int | None) -> tuple[float, float]:
    hold = next(one for one in comparison.holds if one.number == number)
    return hold.x, hold.y


def the_one(comparison: Comparison, kind: str) -> Difference:
    (found,) = [one for one in comparison.differences if one.kind == kind]
    return found


def test_an_attempt_beside_itself_has_no_differences() -> None:
    found = compare(tried(*PLAIN), tried(*PLAIN), 1.0)
    assert found.differences == ()
    assert found.is_whole
    assert all(one.first_s == one.second_s and one.first_path == one.second_path for one in found.sections)
    assert all(one.apart == 0 for one in found.holds)
    assert [piece.kind for piece in found.pieces] == ["both"]
    assert all(one == other for one, other in found.pieces[0].knots)
    assert all(row.difference in (0.0, None) for row in found.measures)
    assert any(row.difference == 0.0 for row in found.measures)


def test_sections_fill_the_attempt_and_end_at_grips_of_hands() -> None:
    found = compare(tried(*PLAIN), tried(*_LOW, Rest(2.0), *_HIGH), 1.0)
    for before, after in pairwise(found.sections):
        assert (before.first.end, before.second.end) == (after.first.start, after.second.start)
    assert sum(one.first_s for one in found.sections) == pytest.approx(found.first_part.end / FPS)
    assert sum(one.second_s for one in found.sections) == pytest.approx(found.second_part.end / FPS)
    assert sum(one.second_s - one.first_s for one in found.sections) == pytest.approx(2.0, abs=0.06)


@pytest.mark.parametrize("seconds", [1.0, 2.0, 4.0])
def test_a_pause_is_found_where_it_is_and_costs_what_it_lasts(seconds: float) -> None:
    actions = (*_LOW, Rest(seconds), *_HIGH)
    found = compare(tried(*PLAIN), tried(*actions), 1.0)
    (pause,) = found.differences
    assert (pause.kind, pause.who) == ("pause", "second")
    assert pause.cost_s == pytest.approx(seconds, abs=0.11)
    assert pause.second is not None
    start_s = begins_s(3, *actions)
    assert pause.second.start / FPS <= start_s + 0.1
    assert pause.second.end / FPS >= start_s + seconds - 0.15
    assert hold_at(found, pause.before_hold)[1] == max(hold.y for hold in found.holds)
    assert pause.first is not None
    assert pause.first.start / FPS == pytest.approx(begins_s(3, *PLAIN), abs=0.4)


def test_another_hold_is_named_with_both() -> None:
    found = compare(tried(*_LOW), tried(Reach("RH", "H5"), *_LOW[1:]), 1.0)
    other = the_one(found, "other_hold")
    assert (other.who, other.limbs) == ("both", (Limb.RIGHT_HAND,))
    first, second = (hold_at(found, number) for number in other.holds)
    assert second[1] > first[1] + 0.3
    assert other.first is not None
    assert other.first.start / FPS == pytest.approx(begins_s(0, *_LOW), abs=0.2)
    assert "detour" not in {one.kind for one in found.differences}


def test_a_swapped_order_is_one_difference() -> None:
    swapped = (Reach("LH", "H4"), Reach("LF", "F3"), Reach("RH", "H3"))
    found = compare(tried(*_LOW), tried(*swapped), 1.0)
    order = the_one(found, "other_order")
    assert not {"other_hold", "extra_move"} & {
        one.kind for one in found.differences if any(limb.is_hand for limb in one.limbs)
    }
    assert order.first is not None
    assert order.second is not None
    assert abs(order.first.start - order.second.start) > FPS


def test_another_hand_on_the_same_hold() -> None:
    found = compare(tried(Reach("RH", "H3")), tried(Reach("LH", "H3")), 1.0)
    other = the_one(found, "other_limb")
    assert set(other.limbs) == {Limb.LEFT_HAND, Limb.RIGHT_HAND}


def test_a_move_too_many_costs_all_that_it_takes() -> None:
    """Up to another hold and back again, between two grips of both."""
    too_many = (_LOW[0], _LOW[1], Reach("RH", "H5"), Rest(0.5), Reach("RH", "H3"), _LOW[2])
    found = compare(tried(*_LOW), tried(*too_many), 1.0)
    extra = [one for one in found.differences if one.limbs == (Limb.RIGHT_HAND,)]
    assert {one.who for one in extra} == {"second"}
    assert {one.kind for one in extra} <= {"extra_move", "readjustment"}
    longer_s = staged(too_many).begins_s[-1] - staged(_LOW).begins_s[-1]
    pauses_s = sum(one.cost_s or 0.0 for one in found.differences if one.kind == "pause")
    assert sum(one.cost_s or 0.0 for one in extra) + pauses_s <= longer_s + 0.3
    assert sum(one.cost_s or 0.0 for one in extra) > 2 * 0.62 - 0.2


def happened(one: Tried, *events: Event) -> Tried:
    """The same climb, of which this is known besides."""
    return replace(one, climb=replace(one.climb, events=events))


@pytest.mark.parametrize("kind", ["foot_cut", "slip"])
def test_what_happened_to_one_has_its_place(kind: Literal["foot_cut", "slip"]) -> None:
    cut = Event(kind, 60, 72, FEET, 0.9)
    plain, other = tried(*PLAIN), happened(tried(*PLAIN), cut)
    (found,) = compare(plain, other, 1.0).differences
    assert (found.kind, found.who, found.limbs) == (kind, "second", FEET)
    assert (found.first, found.second) == (Interval(60, 72), Interval(60, 72))
    assert (found.cost_s, found.confidence) == (pytest.approx(12 / FPS), 0.9)
    assert compare(other, other, 1.0).differences == (), "both have it"
    late = happened(tried(*_LOW, Rest(2.0), *_HIGH), Event(kind, 100, 112, FEET, 0.9))
    kinds = {one.kind for one in compare(other, late, 1.0).differences}
    assert kinds == {"pause"}, "at the same place, whenever it was"


def test_a_fall_ends_what_can_be_compared() -> None:
    fallen = happened(tried(*PLAIN), Event("fall", 80, 100, (), 0.8))
    found = compare(tried(*PLAIN), fallen, 1.0)
    fall = the_one(found, "fall")
    assert (fall.who, fall.second, fall.cost_s, fall.cost_path) == ("second", Interval(80, 100), None, None)
    assert found.second_part.end <= 80
    assert not found.is_whole
    assert compare(fallen, fallen, 1.0).differences == (), "both fall at one place"


def test_a_detour_costs_way() -> None:
    found = compare(tried(*PLAIN), tried(*_LOW, Sway(0.6), *_HIGH), 1.0)
    detour = the_one(found, "detour")
    assert detour.who == "second"
    assert detour.cost_path is not None
    assert detour.cost_path > 0.25
    assert detour.cost_s is not None
    assert detour.cost_s > 0.5


@pytest.mark.parametrize(
    "actions",
    [
        (*_LOW, Rest(2.0), *_HIGH),
        (Reach("RH", "H5"), *_LOW[1:]),
        (Reach("LH", "H4"), Reach("LF", "F3"), Reach("RH", "H3")),
        (*_LOW, _HIGH[0], CutFeet(), *_HIGH[1:]),
        (*_LOW, Sway(0.6), *_HIGH),
    ],
)
def test_the_other_way_round_every_cost_changes_its_sign(actions: tuple[Action, ...]) -> None:
    there, back = compare(tried(*PLAIN), tried(*actions), 1.0), compare(tried(*actions), tried(*PLAIN), 1.0)
    turned = {"first": "second", "second": "first", "both": "both"}

    def told(one: Difference, sign: int) -> tuple[object, ...]:
        who = one.who if sign > 0 else turned[one.who]
        return one.kind, who, one.limbs and sorted(one.limbs), round(sign * (one.cost_s or 0.0), 6)

    assert sorted(map(str, (told(one, 1) for one in there.differences))) == sorted(
        map(str, (told(one, -1) for one in back.differences))
    )
    assert [one.second_s - one.first_s for one in there.sections] == pytest.approx(
        [one.first_s - one.second_s for one in back.sections]
    )
    assert [(row.name, row.difference and round(row.difference, 9)) for row in there.measures] == [
        (row.name, row.difference and round(-row.difference, 9)) for row in back.measures
    ]


def test_where_the_second_wall_lies_does_not_matter() -> None:
    """The second was filmed from elsewhere: its places are others, and the matrix brings them back."""
    actions = (*_LOW, Rest(2.0), *_HIGH)
    plain = compare(tried(*PLAIN), tried(*actions), 1.0)
    to_wall = np.array([[0.5, 0.02, 1.0], [-0.03, 0.55, -2.0], [0.01, 0.0, 1.0]])
    elsewhere = replace(_elsewhere(tried(*actions), np.linalg.inv(to_wall)), to_wall=to_wall)
    moved = compare(tried(*PLAIN), elsewhere, 1.0)
    assert [one.kind for one in moved.differences] == [one.kind for one in plain.differences]
    assert moved.differences[0].cost_s == pytest.approx(plain.differences[0].cost_s, abs=0.3)
    assert all(one.apart is not None and one.apart < 0.01 for one in moved.holds)


def _elsewhere(one: Tried, matrix: FloatArray) -> Tried:
    """The same climb in other places."""

    def mapped(places: FloatArray) -> FloatArray:
        raised = places @ matrix[:, :2].T + matrix[:, 2]
        found: FloatArray = raised[..., :2] / raised[..., 2:]
        return found

    def at(x: float, y: float) -> dict[str, float]:
        place = mapped(np.array([x, y]))
        return {"x": float(place[0]), "y": float(place[1])}

    climb = one.climb
    motion = replace(
        climb.motion,
        landmarks=mapped(climb.motion.landmarks),
        center_of_mass=mapped(climb.motion.center_of_mass),
        torso=climb.motion.torso * float(np.sqrt(np.linalg.det(matrix[:2, :2]))),
    )
    moved = replace(
        climb,
        motion=motion,
        holds=tuple(replace(hold, **at(hold.x, hold.y)) for hold in climb.holds),
        contacts=tuple(replace(contact, **at(contact.x, contact.y)) for contact in climb.contacts),
    )
    return replace(one, climb=moved)


def test_who_gets_less_far_is_compared_as_far_as_they_got() -> None:
    found = compare(tried(*PLAIN), tried(*_LOW), 1.0)
    assert not found.is_whole
    assert found.second_part == Interval(0, found.second_part.end)
    assert found.first_part.end < len(tried(*PLAIN).climb.motion.time_s)
    assert found.pieces[-1].kind == "first_only"
    assert [one.kind for one in found.differences] == []
    reaches = next(row for row in found.measures if row.name == "reach_count")
    assert reaches.first == reaches.second == 2


def test_the_way_never_goes_back_and_has_no_gaps() -> None:
    for actions in ((*_LOW, Rest(2.0), *_HIGH), _LOW, (*_LOW, _HIGH[0], CutFeet(), *_HIGH[1:])):
        pieces = compare(tried(*PLAIN), tried(*actions), 1.0).pieces
        knots = np.array([knot for piece in pieces for knot in piece.knots])
        assert (np.diff(knots, axis=0) >= 0).all()
        for before, after in pairwise(pieces):
            assert before.knots[-1] == after.knots[0]
        assert tuple(knots[0]) == (0, 0)
        assert tuple(knots[-1]) == (
            len(tried(*PLAIN).climb.motion.time_s) - 1,
            len(tried(*actions).climb.motion.time_s) - 1,
        )


def test_routes_with_no_hold_in_common_are_not_compared() -> None:
    away = np.array([[1.0, 0.0, 9.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    with pytest.raises(ValueError, match="no hand of both"):
        compare(tried(*PLAIN), replace(tried(*PLAIN), to_wall=away), 1.0)


def test_doubt_about_the_wall_is_doubt_about_everything() -> None:
    sure, unsure = (compare(tried(*PLAIN), tried(*_LOW, Rest(2.0), *_HIGH), one) for one in (1.0, 0.5))
    for one, other in zip(sure.differences, unsure.differences, strict=True):
        assert other.confidence == pytest.approx(one.confidence / 2)


def repeated(one: Tried, count: int) -> Tried:
    """The same moves again and again, each time 1.5 m higher, on holds of their own."""
    climb, motion = one.climb, one.climb.motion
    frames = motion.frame_count
    order = np.tile(np.arange(frames), count)
    again = np.repeat(np.arange(count), frames)
    time_s = motion.time_s[order] + (motion.time_s[-1] + 1 / FPS) * again
    poses = replace(
        motion.poses,
        time_s=time_s,
        person=motion.poses.person[order],
        landmarks_px=motion.poses.landmarks_px[order],
        visibility=motion.poses.visibility[order],
    )
    raised = np.stack([np.zeros(len(order)), 1.5 * again], axis=-1)
    contacts = tuple(
        replace(
            contact,
            start=contact.start + k * frames,
            end=contact.end + k * frames,
            y=contact.y + 1.5 * k,
            hold=None if contact.hold is None else contact.hold + 100 * k,
        )
        for k in range(count)
        for contact in climb.contacts
    )
    holds = tuple(
        replace(hold, id=hold.id + 100 * k, y=hold.y + 1.5 * k) for k in range(count) for hold in climb.holds
    )
    long = replace(
        climb,
        motion=replace(
            motion,
            poses=poses,
            landmarks=motion.landmarks[order] + raised[:, None],
            center_of_mass=motion.center_of_mass[order] + raised,
        ),
        holds=holds,
        contacts=contacts,
        moves=(),
        events=(),
        attempts=(replace(climb.attempts[0], start=0, end=frames * count),),
    )
    return replace(one, climb=long)


def test_a_climb_of_minutes_is_told_in_bounds() -> None:
    first, second = tried(*PLAIN), tried(*_LOW, Rest(2.0), *_HIGH)
    found = compare(repeated(first, 60), repeated(second, 60), 1.0)
    assert len(found.sections) <= 60
    assert len(found.differences) <= 40
    assert sum(len(piece.knots) for piece in found.pieces) <= 420
    assert sum(one.second_s - one.first_s for one in found.sections) == pytest.approx(60 * 2.0, abs=2.0)
    assert {(one.kind, one.who) for one in found.differences} == {("pause", "second")}
