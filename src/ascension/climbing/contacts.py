"""The timeline of each limb: on which hold, from when to when, how sure."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.dwells import Dwell
from ascension.climbing.holds import Vote, touches, used_holds
from ascension.climbing.limbs import LIMBS
from ascension.climbing.record import Contact, UsedHold
from ascension.climbing.series import first_from, known, lasts_s, middle, runs
from ascension.climbing.support import Scene, Support, supports_of

REMEMBERED_S: Final = 1.0
"""For so long a hidden end keeps its last state."""

_GUESS_COUNTS: Final = 0.1
_SEEN: Final = 0.95
_UNSEEN: Final = 0.5
_BRIEF: Final = 0.7
_SURE_AFTER_S: Final = 0.5
"""On the rendered scenes 97 % of the contacts said to be 0.95 sure are right, 71 % of those 0.64 sure."""


@dataclass(frozen=True)
class Timeline:
    """Contacts of all limbs by limb and time, and the holds they name by their place in `holds`."""

    contacts: tuple[Contact, ...]
    holds: tuple[UsedHold, ...]


def timeline_of(scene: Scene) -> Timeline:
    """Where a limb has no contact it moves or hangs free, or nothing is known of it.

    A contact whose end is hidden for over 1 s goes on as "unseen". How right it is: docs/validation.md;
    published work on video reaches 84-87 % per use of a hold (Maschek & Schedl 2025, arXiv 2505.12854).
    """
    touched = touches(scene.motion)
    found: list[tuple[Dwell, Support, Vote]] = []
    for dwells, supports in zip(scene.dwells, supports_of(scene), strict=True):
        for dwell, support in zip(dwells, supports, strict=True):
            if support != "air":
                places = touched[dwell.start : dwell.end, dwell.end_number]
                seen = scene.ends.seen[dwell.start : dwell.end, dwell.end_number]
                found.append((dwell, support, _vote(scene, dwell, places, seen)))
    holds, numbers = used_holds(
        tuple(vote for _, support, vote in found if support == "hold"), scene.motion.torso
    )
    number = iter(numbers)
    contacts: list[Contact] = []
    for dwell, support, vote in found:
        hold = next(number) if support == "hold" else None
        contacts += _contacts(scene, dwell, vote, support, hold)
    return Timeline(tuple(contacts), holds)


def _vote(scene: Scene, dwell: Dwell, places: FloatArray, seen: BoolArray) -> Vote:
    """Median place while seen; an end that never is says where it is guessed to be and counts little."""
    sure = known(places)
    chosen = sure & seen if (sure & seen).any() else sure
    x, y = middle(places[chosen]) if chosen.any() else (dwell.x, dwell.y)
    weighed = np.where(seen, 1.0, _GUESS_COUNTS).mean()
    seen_s = float(weighed) * lasts_s(scene.ends.time_s, dwell.start, dwell.end)
    return Vote(LIMBS[dwell.end_number], float(x), float(y), seen_s)


def _contacts(scene: Scene, dwell: Dwell, vote: Vote, support: Support, hold: int | None) -> list[Contact]:
    """A rest as contacts: seen or remembered, and "unseen" in between."""
    kind = "floor" if support == "floor" else "hold"
    forgotten = _forgotten(scene, dwell)
    found: list[Contact] = []
    for unseen, spans in ((False, runs(~forgotten)), (True, runs(forgotten))):
        for start, end in spans:
            first, last = dwell.start + start, dwell.start + end
            found.append(
                Contact(
                    limb=LIMBS[dwell.end_number],
                    start=first,
                    end=last,
                    kind="unseen" if unseen else kind,
                    hold=hold,
                    x=vote.x,
                    y=vote.y,
                    confidence=_UNSEEN if unseen else _confidence(scene, dwell),
                )
            )
    return sorted(found, key=lambda contact: contact.start)


def _forgotten(scene: Scene, dwell: Dwell) -> BoolArray:
    """(n,) of a rest: hidden for over a second, hidden from its beginning for that long, or never seen."""
    seen = scene.ends.seen[dwell.start : dwell.end, dwell.end_number]
    if not seen.any():
        return ~seen
    found = np.zeros(len(seen), np.bool_)
    time_s = scene.ends.time_s[dwell.start : dwell.end]
    for start, end in runs(~seen):
        if lasts_s(scene.ends.time_s, dwell.start + start, dwell.start + end) > REMEMBERED_S:
            first = start if start == 0 else first_from(time_s, float(time_s[start]) + REMEMBERED_S)
            found[first:end] = True
    return found


def _confidence(scene: Scene, dwell: Dwell) -> float:
    seen = float(scene.ends.seen[dwell.start : dwell.end, dwell.end_number].mean())
    cut_off = dwell.start == 0 or dwell.end == len(scene.ends.time_s)
    long = lasts_s(scene.ends.time_s, dwell.start, dwell.end) >= _SURE_AFTER_S
    brief = 1.0 if long or cut_off else _BRIEF
    return brief * (_UNSEEN + (_SEEN - _UNSEEN) * seen)
