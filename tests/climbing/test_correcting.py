"""A timeline that was put right: what was told is there, everything else stays."""

import itertools
from typing import get_args

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ascension.climbing.body import Body
from ascension.climbing.climb import read_timeline
from ascension.climbing.contacts import Timeline, timeline_of
from ascension.climbing.correcting import ToldContact, ToldHold, ToldKind, corrected
from ascension.climbing.limbs import Limb
from ascension.climbing.record import Contact
from ascension.climbing.support import Scene, scene_of
from tests.climbing.stories import motion_of
from tests.climbing.test_measures_properties import ladder

FOOT = Limb.LEFT_FOOT


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scene_of(motion_of(ladder()))


@pytest.fixture(scope="module")
def timeline(scene: Scene) -> Timeline:
    return timeline_of(scene)


def told(scene: Scene, timeline: Timeline, *edits: ToldContact | ToldHold) -> Timeline:
    return corrected(
        timeline,
        [one for one in edits if isinstance(one, ToldHold)],
        [one for one in edits if isinstance(one, ToldContact)],
        torso=scene.motion.torso,
        frames=len(scene.motion.known),
    )


def of(timeline: Timeline, limb: Limb) -> list[Contact]:
    return [one for one in timeline.contacts if one.limb == limb]


def test_nothing_told_changes_nothing(scene: Scene, timeline: Timeline) -> None:
    assert told(scene, timeline).contacts == timeline.contacts
    assert len(told(scene, timeline).holds) == len(timeline.holds)


def test_holds_are_numbered_by_height_and_their_users_counted(scene: Scene, timeline: Timeline) -> None:
    found = told(scene, timeline, ToldContact(FOOT, 10, 20, "hold", (3.0, 0.5)))
    assert [hold.id for hold in found.holds] == list(range(len(found.holds)))
    assert [hold.y for hold in found.holds] == sorted(hold.y for hold in found.holds)
    for hold in found.holds:
        users = [one for one in found.contacts if one.hold == hold.id]
        assert hold.hands + hold.feet == len(users) > 0


def test_a_contact_takes_the_place_of_what_was_there_and_leaves_the_rest(
    scene: Scene, timeline: Timeline
) -> None:
    first = of(timeline, FOOT)[0]
    middle = ToldContact(FOOT, first.start + 5, first.end - 5, "hold", (first.x + 2, first.y))
    found = told(scene, timeline, middle)
    before, new, after = of(found, FOOT)[:3]
    assert (before.start, before.end, before.told) == (first.start, first.start + 5, False)
    assert (new.start, new.end, new.told, new.confidence) == (first.start + 5, first.end - 5, True, 1.0)
    assert (after.start, after.end) == (first.end - 5, first.end)
    assert before.hold == after.hold != new.hold
    others = [limb for limb in Limb if limb != FOOT]
    assert [len(of(found, limb)) for limb in others] == [len(of(timeline, limb)) for limb in others]


def test_a_contact_near_a_hold_is_on_it(scene: Scene, timeline: Timeline) -> None:
    hold = timeline.holds[0]
    found = told(scene, timeline, ToldContact(FOOT, 200, 210, "hold", (hold.x + 0.05, hold.y)))
    new = next(one for one in found.contacts if one.told)
    assert new.hold == 0
    assert len(found.holds) == len(timeline.holds)


def test_what_is_told_last_counts_and_none_takes_away(scene: Scene, timeline: Timeline) -> None:
    frames = len(scene.motion.known)
    found = told(
        scene,
        timeline,
        ToldContact(FOOT, 0, frames, "floor", (0.0, -1.0)),
        ToldContact(FOOT, 0, frames, "none"),
    )
    assert of(found, FOOT) == []


def test_a_hold_that_is_moved_takes_its_contacts_along(scene: Scene, timeline: Timeline) -> None:
    hold = timeline.holds[0]
    found = told(scene, timeline, ToldHold((hold.x, hold.y), (hold.x + 5, hold.y)))
    moved = next(one for one in found.holds if one.x > 4)
    assert {one.limb for one in found.contacts if one.hold == moved.id} == {
        one.limb for one in timeline.contacts if one.hold == hold.id
    }
    assert all(one.x > 4 for one in found.contacts if one.hold == moved.id)


def test_a_hold_moved_onto_another_is_that_other(scene: Scene, timeline: Timeline) -> None:
    one, other = timeline.holds[0], timeline.holds[1]
    found = told(scene, timeline, ToldHold((one.x, one.y), (other.x, other.y)))
    assert len(found.holds) == len(timeline.holds) - 1
    assert len(found.contacts) == len(timeline.contacts)


def test_a_hold_that_is_none_goes_with_its_contacts(scene: Scene, timeline: Timeline) -> None:
    hold = timeline.holds[-1]
    found = told(scene, timeline, ToldHold((hold.x, hold.y), None))
    assert len(found.holds) == len(timeline.holds) - 1
    on_it = sum(one.hold == hold.id for one in timeline.contacts)
    assert len(found.contacts) == len(timeline.contacts) - on_it
    assert len(read_timeline(scene, found, Body()).moves) < len(read_timeline(scene, timeline, Body()).moves)


def test_what_is_not_there_is_refused(scene: Scene, timeline: Timeline) -> None:
    frames = len(scene.motion.known)
    with pytest.raises(ValueError, match="there is no hold at"):
        told(scene, timeline, ToldHold((99.0, 99.0), None))
    with pytest.raises(ValueError, match="has no frames"):
        told(scene, timeline, ToldContact(FOOT, 5, frames + 1, "none"))
    with pytest.raises(ValueError, match="needs a place"):
        told(scene, timeline, ToldContact(FOOT, 5, 9, "hold"))


places = st.tuples(st.floats(-3, 3), st.floats(-2, 6))
holds = st.tuples(st.integers(0, 30), st.none() | places)
"""One of the holds that were found, and where it is told to be."""


@st.composite
def contacts(draw: st.DrawFn) -> ToldContact:
    start = draw(st.integers(0, 598))
    kind: ToldKind = draw(st.sampled_from(get_args(ToldKind)))
    place = None if kind == "none" else draw(places)
    return ToldContact(draw(st.sampled_from(Limb)), start, draw(st.integers(start + 1, 599)), kind, place)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    edits=st.lists(contacts() | holds, max_size=8),
    missing=st.frozensets(st.sampled_from(Limb), max_size=2),
)
def test_whatever_is_told_is_read_or_refused(
    scene: Scene,
    timeline: Timeline,
    edits: list[ToldContact | tuple[int, tuple[float, float] | None]],
    missing: frozenset[Limb],
) -> None:
    named: list[ToldContact | ToldHold] = []
    for edit in edits:
        if isinstance(edit, tuple):
            hold = timeline.holds[edit[0] % len(timeline.holds)]
            named.append(ToldHold((hold.x, hold.y), edit[1]))
        else:
            named.append(edit)
    try:
        found = told(scene, timeline, *named)
    except ValueError:
        reject()  # the hold was moved away by an earlier edit
    for limb in Limb:
        own = of(found, limb)
        assert all(one.start < one.end for one in own)
        assert all(before.end <= after.start for before, after in itertools.pairwise(own)), "one at a time"
    assert all(one.hold is None or one.hold < len(found.holds) for one in found.contacts)
    climb = read_timeline(scene, found, Body(missing=missing))
    assert len(climb.measures) == len(climb.attempts)
