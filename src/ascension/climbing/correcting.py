"""A timeline that the user put right: contacts and holds, named by their place on the wall.

Places and not numbers, because numbers of holds change with every reading and a correction must outlive them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ascension.climbing.contacts import Timeline
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.record import Contact, UsedHold

ToldKind = Literal["hold", "smear", "floor", "none"]
Place = tuple[float, float]

NEAR_TORSO: Final = 0.3
"""A hold this near to a place that the user names is the one that is meant: rests join over as much."""
_SAME_TORSO: Final = 0.1
"""A hold that is moved this near to another is that other."""


class MisplacedError(ValueError):
    """What was told names frames, a place or a hold that are not there; says which entry, counted from 0."""


@dataclass(frozen=True)
class ToldContact:
    """This limb is there in frames [start, end), at `place`; "none": it touches nothing."""

    limb: Limb
    start: int
    end: int
    kind: ToldKind
    place: Place | None = None


@dataclass(frozen=True)
class ToldHold:
    """The hold at `at` is at `to`; None: there is no hold, and what rested on it rested on nothing."""

    at: Place
    to: Place | None


def corrected(
    timeline: Timeline,
    holds: Sequence[ToldHold],
    contacts: Sequence[ToldContact],
    *,
    torso: float,
    frames: int,
) -> Timeline:
    """The timeline with what was told, holds first, each in the order given: what is told last counts.

    Contacts and holds that were told have confidence 1. Holds that nothing rests on any more are gone; all
    are numbered anew by height. Raises MisplacedError for a contact beyond the clip or without the place it
    needs, and for a hold where there is none.
    """
    found = timeline
    for number, hold in enumerate(holds):
        moved = _with_hold(found, hold, torso)
        if moved is None:
            x, y = hold.at
            raise MisplacedError(f"holds.{number}: there is no hold at ({x:.2f}, {y:.2f})")
        found = moved
    for number, contact in enumerate(contacts):
        if not 0 <= contact.start < contact.end <= frames:
            raise MisplacedError(
                f"contacts.{number}: the clip has no frames {contact.start} to {contact.end}"
            )
        if contact.kind != "none" and contact.place is None:
            raise MisplacedError(f"contacts.{number}: a contact needs a place on the wall")
        found = _with_contact(found, contact, torso)
    return _numbered(found)


def _with_hold(timeline: Timeline, told: ToldHold, torso: float) -> Timeline | None:
    """None: there is no such hold."""
    number = _nearest(timeline.holds, told.at, NEAR_TORSO * torso)
    if number is None:
        return None
    if told.to is None:
        kept = tuple(contact for contact in timeline.contacts if contact.hold != number)
        return replace(timeline, contacts=kept)
    others = [hold for hold in timeline.holds if hold.id != number]
    same = _nearest(others, told.to, _SAME_TORSO * torso)
    old = timeline.holds[number]
    shift_x, shift_y = told.to[0] - old.x, told.to[1] - old.y
    contacts = tuple(
        replace(one, hold=number if same is None else same, x=one.x + shift_x, y=one.y + shift_y)
        if one.hold == number
        else one
        for one in timeline.contacts
    )
    moved = replace(old, x=told.to[0], y=told.to[1], confidence=1.0)
    holds = tuple(moved if hold.id == number else hold for hold in timeline.holds)
    return Timeline(contacts, holds)


def _with_contact(timeline: Timeline, told: ToldContact, torso: float) -> Timeline:
    pieces: list[Contact] = []
    for contact in timeline.contacts:
        pieces += _outside(contact, told) if contact.limb == told.limb else [contact]
    if told.kind == "none" or told.place is None:
        return replace(timeline, contacts=tuple(pieces))
    holds, number = timeline.holds, None
    x, y = told.place
    if told.kind == "hold":
        number = _nearest(holds, told.place, NEAR_TORSO * torso)
        if number is None:
            number = len(holds)
            holds = (*holds, UsedHold(id=number, x=x, y=y, radius=0.0, hands=0, feet=0, confidence=1.0))
    contact = Contact(
        limb=told.limb,
        start=told.start,
        end=told.end,
        kind=told.kind,
        hold=number,
        x=x,
        y=y,
        confidence=1.0,
        told=True,
    )
    return Timeline((*pieces, contact), holds)


def _outside(contact: Contact, told: ToldContact) -> list[Contact]:
    """What is left of a contact before and after the frames that were told."""
    if contact.end <= told.start or told.end <= contact.start:
        return [contact]
    before = replace(contact, end=min(contact.end, told.start))
    after = replace(contact, start=max(contact.start, told.end))
    return [piece for piece in (before, after) if piece.start < piece.end]


def _nearest(holds: Sequence[UsedHold], place: Place, within: float) -> int | None:
    """The number of the hold nearest to a place, None where none is near."""
    if not holds:
        return None
    away = [float(np.hypot(hold.x - place[0], hold.y - place[1])) for hold in holds]
    nearest = int(np.argmin(away))
    return holds[nearest].id if away[nearest] <= within else None


def _numbered(timeline: Timeline) -> Timeline:
    """Holds by height with their users counted, contacts by limb and time."""
    users: dict[int, list[Contact]] = {}
    for contact in timeline.contacts:
        if contact.hold is not None and contact.kind != "unseen":
            users.setdefault(contact.hold, []).append(contact)
    used = {contact.hold for contact in timeline.contacts if contact.hold is not None}
    kept = sorted((hold for hold in timeline.holds if hold.id in used), key=lambda hold: hold.y)
    numbers = {hold.id: number for number, hold in enumerate(kept)}
    holds = tuple(
        replace(
            hold,
            id=numbers[hold.id],
            hands=sum(one.limb.is_hand for one in users.get(hold.id, ())),
            feet=sum(not one.limb.is_hand for one in users.get(hold.id, ())),
        )
        for hold in kept
    )
    contacts = (
        replace(one, hold=None if one.hold is None else numbers[one.hold]) for one in timeline.contacts
    )
    return Timeline(tuple(sorted(contacts, key=lambda one: (LIMBS.index(one.limb), one.start))), holds)
