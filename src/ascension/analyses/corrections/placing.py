"""One correction on the contacts and holds that are known, and whether it names what is there."""

from typing import Final

from ascension.analyses.corrections.edits import Edits
from ascension.analyses.result import Result
from ascension.biomechanics.poses import BoolArray
from ascension.climbing import correcting
from ascension.climbing.contacts import Timeline
from ascension.climbing.correcting import MisplacedError, ToldContact, ToldHold

NOWHERE: Final = "the climber has no place on the wall"


def placed(timeline: Timeline, edits: Edits, *, torso: float, frames: int) -> Timeline:
    """The timeline with holds and contacts of a correction. Raises MisplacedError, naming the entry."""
    return correcting.corrected(
        timeline,
        [ToldHold(one.at, one.to) for one in edits.holds],
        [
            ToldContact(one.limb, one.start_frame, one.end_frame, one.kind, one.place)
            for one in edits.contacts
        ],
        torso=torso,
        frames=frames,
    )


def check_keypoints(person: BoolArray, edits: Edits) -> None:
    """Raises MisplacedError for a landmark in a frame that shows nobody."""
    for number, one in enumerate(edits.keypoints):
        if one.frame >= len(person) or not person[one.frame]:
            raise MisplacedError(f"keypoints.{number}: frame {one.frame} shows nobody")


def check_on_wall(edits: Edits) -> None:
    """Raises MisplacedError for holds and contacts where the climber has no place on the wall."""
    for name, entries in (("holds", edits.holds), ("contacts", edits.contacts)):
        if entries:
            raise MisplacedError(f"{name}.0: {NOWHERE}")


def check(result: Result, edits: Edits) -> None:
    """Raises MisplacedError as a derivation would; `result` has every earlier correction.

    Known limit: contacts follow the body, so holds beside keypoints in one correction are left to it.
    """
    check_keypoints(result.person, edits)
    climb = result.facts.climb
    if climb is None:
        check_on_wall(edits)
    elif not edits.keypoints:
        timeline = Timeline(climb.contacts, climb.holds)
        placed(timeline, edits, torso=climb.torso, frames=len(result.person))
