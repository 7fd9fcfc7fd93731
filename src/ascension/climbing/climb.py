"""From a motion to everything that is said about the climb."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ascension.climbing.attempts import attempts_of
from ascension.climbing.body import Body, with_body
from ascension.climbing.contacts import Timeline, timeline_of
from ascension.climbing.ends import Ends
from ascension.climbing.events import events_of
from ascension.climbing.habits.reading import habits_of
from ascension.climbing.limbs import HANDS
from ascension.climbing.measures.definitions import loads_of, measures_of
from ascension.climbing.measures.material import Material, material_of
from ascension.climbing.motion import Motion
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Attempt, Contact, Event, Habits, LimbLoads, Measure, Move, UsedHold
from ascension.climbing.support import Scene, scene_of


@dataclass(frozen=True)
class Climb:
    """What the climber did on the wall. `measures`, `habits`, `loads`: one entry for each of `attempts`.

    motion: with the center of mass of this body; loads: None in results from before they were stored
    """

    motion: Motion
    contacts: tuple[Contact, ...]
    holds: tuple[UsedHold, ...]
    moves: tuple[Move, ...]
    events: tuple[Event, ...]
    attempts: tuple[Attempt, ...]
    measures: tuple[tuple[Measure, ...], ...]
    habits: tuple[Habits, ...]
    loads: tuple[LimbLoads | None, ...]


def read(motion: Motion, body: Body) -> Climb:
    """Contacts, holds used, moves, events and attempts of a motion, and the measures of each attempt.

    Without an attempt (nobody has a place on the wall) all but the motion is empty.
    """
    scene = scene_of(with_body(motion, body))
    return read_timeline(scene, timeline_of(scene), body)


def read_timeline(scene: Scene, timeline: Timeline, body: Body) -> Climb:
    """The same from contacts that are known: found, or corrected by the user."""
    motion, contacts = scene.motion, timeline.contacts
    moves = moves_of(scene, contacts)
    events = events_of(scene, timeline, moves)
    attempts = attempts_of(scene, contacts, events)
    found = Climb(motion, contacts, timeline.holds, moves, events, attempts, (), (), ())
    materials = tuple(_materials(found, scene.ends, body))
    return replace(
        found,
        measures=tuple(measures_of(one) for one in materials),
        habits=tuple(habits_of(motion, contacts, moves, events, attempt) for attempt in attempts),
        loads=tuple(loads_of(one) for one in materials),
    )


def _materials(climb: Climb, ends: Ends, body: Body) -> Iterator[Material]:
    """What the measures of each attempt are made of."""
    for number, attempt in enumerate(climb.attempts):
        everything = Material(
            motion=climb.motion,
            body=body,
            ends=ends,
            attempt=attempt,
            contacts=climb.contacts,
            holds=climb.holds,
            moves=climb.moves,
            events=climb.events,
            previous_end=climb.attempts[number - 1].end if number else 0,
            top_y=_top_y(climb.contacts, climb.attempts),
        )
        yield material_of(everything, attempt)


def _top_y(contacts: tuple[Contact, ...], attempts: tuple[Attempt, ...]) -> float | None:
    """Height of the highest hand of the attempts that reached the top; None where none did."""
    heights = [
        contact.y
        for attempt in attempts
        if attempt.outcome == "top"
        for contact in contacts
        if contact.limb in HANDS and contact.kind == "hold" and attempt.start <= contact.start < attempt.end
    ]
    return max(heights, default=None)
