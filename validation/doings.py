"""What a climber truly did, from the truth's arrays: contacts, moves, events, and which holds were found."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.result import Result
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.record import EventKind
from ascension.climbing.series import runs
from validation.geometry import Array, Mask
from validation.motion import Phase
from validation.route import MAT_M
from validation.truth import Truth

_STEPPED_M: Final = 0.08
"""A foot whose lowest landmark is so near to the mat's surface stands on it."""
_LONG_GAP_S: Final = 1.2
_BELL_SHARE: Final = 0.05
SHORTEST_S: Final = 0.1
"""A contact shorter than this, as the clip ends, is none."""
_CUT_S: Final = 0.2
_NEAR_HOLD_M: Final = 0.3

TrueEvent = tuple[EventKind, int, int]
"""What, first frame, first frame after it."""


@dataclass(frozen=True)
class Span:
    """One limb, by its place in LIMBS, in frames [start, end): on `hold`, or on its way to it."""

    limb_number: int
    start: int
    end: int
    hold: int


@dataclass(frozen=True)
class Step(Span):
    """A true move; from_hold -1: from the floor. length_m: from hold to hold, None from the floor."""

    from_hold: int
    length_m: float | None


def on_floor(truth: Truth) -> Mask:
    """(n, 4) feet on the mat, of somebody who has not left it or is back on it."""
    standing = truth.phase == Phase.ON_FLOOR
    flags = np.zeros((len(truth.time_s), len(LIMBS)), np.bool_)
    for number in (2, 3):
        heights = truth.landmarks_m[:, list(END_LANDMARKS[LIMBS[number]]), 2]
        on_mat = heights.min(axis=1) < MAT_M + _STEPPED_M
        flags[:, number] = standing & on_mat & (truth.contact_hold[:, number] < 0)
    return flags


def contacts(truth: Truth) -> list[Span]:
    """The true contacts with holds; one that the clip's end cuts off at once does not count."""
    found: list[Span] = []
    for number in range(len(LIMBS)):
        column = truth.contact_hold[:, number]
        for hold in np.unique(column[column >= 0]).tolist():
            found += [
                Span(number, start, end, hold)
                for start, end in runs(column == hold)
                if (end - start) / truth.fps >= SHORTEST_S
            ]
    return sorted(found, key=lambda span: (span.limb_number, span.start))


def steps(truth: Truth, known: Mask) -> list[Step]:
    """From one hold, or the floor, to the next hold, where the body is known throughout."""
    floor = on_floor(truth)
    found: list[Step] = []
    for number in range(len(LIMBS)):
        held = truth.contact_hold[:, number]
        arrivals = {span.start for span in contacts(truth) if span.limb_number == number}
        for start, end in runs(~((held >= 0) | floor[:, number])):
            if start > 0 and end in arrivals and known[start - 1 : end + 1, number].all():
                before, after = int(held[start - 1]), int(held[end])
                way = truth.hold_center_m[after] - truth.hold_center_m[before]
                length_m = float(np.hypot(*way)) if before >= 0 else None
                first = _last_bell(truth, number, start, end)
                found.append(Step(number, first, end, after, before, length_m))
    return found


def _last_bell(truth: Truth, number: int, start: int, end: int) -> int:
    """Where a limb hung in the air for a while, the frame in which its way to the hold begins."""
    if truth.time_s[end] - truth.time_s[start] < _LONG_GAP_S:
        return start
    places = truth.landmarks_m[:, list(END_LANDMARKS[LIMBS[number]])].mean(axis=1)
    speed = np.linalg.norm(np.gradient(places, truth.time_s, axis=0), axis=1)
    newest = int(np.searchsorted(truth.time_s, float(truth.time_s[end]) - 0.5 * _LONG_GAP_S))
    peak = newest + int(speed[newest:end].argmax())
    slow = np.flatnonzero(speed[start:peak] < _BELL_SHARE * speed[peak])
    return start + int(slow[-1]) + 1 if len(slow) else start


def events(truth: Truth) -> list[TrueEvent]:
    """What the truth knows of: flights, falls, cut feet, matched hands, the top, feet and hands set again."""
    found: list[TrueEvent] = [("dyno", start, end) for start, end in runs(truth.phase == Phase.IN_FLIGHT)]
    falls: list[TrueEvent] = [("fall", start, end) for start, end in runs(truth.phase == Phase.FALLING)]
    found += falls
    held = truth.contact_hold >= 0
    cut = ~held[:, 2] & ~held[:, 3] & held[:, :2].any(axis=1) & ~on_floor(truth).any(axis=1)
    for start, end in runs(cut & np.isin(truth.phase, [Phase.ON_WALL, Phase.IN_FLIGHT])):
        if truth.time_s[end - 1] - truth.time_s[start] >= _CUT_S and held[:start, 2:].any(axis=0).all():
            found.append(("foot_cut", start, end))
    same = held[:, 0] & (truth.contact_hold[:, 0] == truth.contact_hold[:, 1])
    matches: list[TrueEvent] = [("match", start, end) for start, end in runs(same)]
    highest = int(np.where(truth.hold_on_route, truth.hold_center_m[:, 1], -np.inf).argmax())
    for _, start, end in matches:
        if truth.contact_hold[start, 0] == highest:
            found.append(("top", start, end))
    again: list[TrueEvent] = [
        ("readjustment", int((truth.time_s < begin_s).sum()), int((truth.time_s < end_s).sum()))
        for kind, (begin_s, end_s) in zip(truth.event_kinds, truth.event_times_s, strict=True)
        if kind == "readjustment"
    ]
    return found + matches + again


def nearest_holds(result: Result, climb: ClimbPart, truth: Truth) -> dict[int, int]:
    """For each hold found the number of the nearest true one; none where that is over 0.3 m away."""
    wall = result.facts.wall
    if wall is None:
        return {}
    on_wall = on_wall_px(truth.hold_center_px, result.frame_to_wall())
    to_unit = np.tile(np.array(wall.scale.wall_to_unit).reshape(3, 3), (len(on_wall), 1, 1))
    centers: Array = np.nanmedian(on_wall_px(on_wall, to_unit), axis=0) * [1.0, -1.0]
    reach = _NEAR_HOLD_M if climb.unit == "m" else 2 * _NEAR_HOLD_M
    found: dict[int, int] = {}
    for hold in climb.holds:
        away = np.hypot(centers[:, 0] - hold.x, centers[:, 1] - hold.y)
        if float(away.min()) <= reach:
            found[hold.id] = int(away.argmin())
    return found
