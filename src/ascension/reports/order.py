"""How holds and moves are numbered, wherever they are shown."""

from ascension.climbing.climb import Climb
from ascension.climbing.limbs import LIMBS
from ascension.climbing.record import Attempt, Contact, Move


def order_of_holds(contacts: tuple[Contact, ...]) -> dict[int, int]:
    """From a hold's id to its place in the order of first use, from 1."""
    found: dict[int, int] = {}
    for contact in sorted(contacts, key=lambda one: (one.start, LIMBS.index(one.limb))):
        if contact.hold is not None and contact.hold not in found:
            found[contact.hold] = len(found) + 1
    return found


def moves_of(climb: Climb, attempt: Attempt) -> list[Move]:
    """The moves that began in an attempt, in time."""
    own = [move for move in climb.moves if attempt.start <= move.reach_start < attempt.end]
    return sorted(own, key=lambda move: move.reach_start)


def way_of(move: Move, order: dict[int, int]) -> str:
    """From which hold to which: 3 › 5; a dash for the floor and for bare wall."""
    ends = (move.from_hold, move.to_hold)
    return " › ".join("–" if hold is None or hold not in order else str(order[hold]) for hold in ends)
