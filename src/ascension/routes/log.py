"""What was tried on a route and what was sent, in order: arithmetic over films and over what was told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

_SENT: Final[Mapping[str, bool]] = {"top": True, "fall": False, "down": False}
"""By how an attempt ended; the other endings do not show it."""


@dataclass(frozen=True)
class Filmed:
    """One analyzed climb: how each attempt ended, and what the climber says of them by number, from "1"."""

    analysis_id: UUID
    file_name: str
    route_id: UUID | None
    route: str | None
    at: datetime
    outcomes: Sequence[str]
    sends: Mapping[str, bool]


@dataclass(frozen=True)
class Unfilmed:
    """Tries without a film."""

    id: UUID
    route_id: UUID
    route: str
    day: date
    tries: int
    is_sent: bool
    note: str | None
    at: datetime
    """When it was written down: the order within a day."""


@dataclass(frozen=True)
class Entry:
    """Tries of one day one after the other, of which at most the last is a send. is_sent: None: not known.

    filmed, attempt: what the one try is to be seen on; is_told: the climber said it, not the film
    """

    day: date
    at: datetime
    tries: int
    is_sent: bool | None
    is_told: bool
    filmed: Filmed | None = None
    attempt: int | None = None
    unfilmed: Unfilmed | None = None


@dataclass(frozen=True)
class Figures:
    """tries_until_send: with the send; None: not sent. unknown_before: of these, tries that may be sends.

    is_flash: None where the first try cannot be told
    """

    tries: int
    sends: int
    tries_until_send: int | None
    first_send_day: date | None
    unknown_before: int
    is_flash: bool | None


def entries_of(filmed: Sequence[tuple[date, Filmed]], unfilmed: Iterable[Unfilmed]) -> list[Entry]:
    """All tries, oldest first; within a day in the order in which they came in."""
    entries = [entry for day, climb in filmed for entry in _of_film(day, climb)]
    entries += [
        Entry(one.day, one.at, one.tries, one.is_sent, is_told=True, unfilmed=one) for one in unfilmed
    ]
    return sorted(entries, key=lambda entry: (entry.day, entry.at, entry.attempt or 0))


def _of_film(day: date, climb: Filmed) -> list[Entry]:
    return [
        Entry(
            day,
            climb.at,
            1,
            climb.sends.get(str(number), _SENT.get(outcome)),
            is_told=str(number) in climb.sends,
            filmed=climb,
            attempt=number,
        )
        for number, outcome in enumerate(climb.outcomes, 1)
    ]


def figures_of(entries: Sequence[Entry]) -> Figures:
    """What a log of one route comes to; entries: oldest first."""
    tries = sum(entry.tries for entry in entries)
    sends = sum(entry.is_sent is True for entry in entries)
    first = next((number for number, entry in enumerate(entries) if entry.is_sent), None)
    before = entries if first is None else entries[:first]
    unknown = sum(entry.is_sent is None for entry in before)
    if first is None:
        is_flash = None if not entries or entries[0].is_sent is None else False
        return Figures(tries, sends, None, None, unknown, is_flash)
    until = sum(entry.tries for entry in entries[: first + 1])
    return Figures(
        tries,
        sends,
        until,
        entries[first].day,
        unknown,
        None if entries[0].is_sent is None else until == 1,
    )
