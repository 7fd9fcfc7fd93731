"""Contacts, holds used, moves and events of a result against the truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result
from ascension.climbing.ends import ends_of
from ascension.climbing.limbs import END_LANDMARKS, HANDS, LIMBS
from ascension.climbing.record import Event, Move
from ascension.climbing.series import runs
from validation import doings
from validation.doings import Step, TrueEvent
from validation.geometry import Array, Mask, Numbers
from validation.truth import Truth

WITHIN_S: Final = 0.2


@dataclass(frozen=True)
class ClimbFigures:
    """How right a climb was read; None where the scene has nothing to be right about.

    known_pct:       frames in which the body has a place; everything below is over these
    balanced_pct:    mean of sensitivity and specificity of "on a hold", all four ends
    visible_pct:     the same over the frames in which wrist or ankle are visible and not said to be unseen
    unseen_pct:      share of the frames in which they are visible and said to be unseen
    floor_pct:       share of the frames with a foot on the floor that say so
    iou_pct:         mean over true contacts, half of each visible: overlap by union with the best one found
    right_hold_pct:  share of the visible frames in contact whose hold is nearest to the true one
    hold_recall_pct: share of the holds truly used that were found
    moves_right:     of the same limb, and begun and ended within 0.2 s of the true one
    reaches_m:       found and true length of the right moves of the hands, from hold to hold
    """

    scene: str
    known_pct: float
    balanced_pct: float
    visible_pct: float
    unseen_pct: float
    floor_pct: float | None
    iou_pct: float | None
    right_hold_pct: float | None
    hold_recall_pct: float | None
    moves_true: int
    moves_found: int
    moves_right: int
    reaches_m: tuple[tuple[float, float], ...]
    events_right: tuple[str, ...]
    events_missed: tuple[str, ...]
    events_wrong: tuple[str, ...]

    @property
    def moves_f1_pct(self) -> float | None:
        every = self.moves_true + self.moves_found
        return 200 * self.moves_right / every if every else None

    @property
    def reach_error_pct(self) -> float | None:
        """Median over the reaches, without sign."""
        errors = [abs(found / true - 1) for found, true in self.reaches_m]
        return 100 * float(np.median(errors)) if errors else None

    @property
    def reach_error_cm(self) -> float | None:
        """Median over the reaches, with sign: above 0 is too long."""
        errors = [found - true for found, true in self.reaches_m]
        return 100 * float(np.median(errors)) if errors else None


def evaluate(scene: str, result: Result, truth: Truth) -> ClimbFigures:
    """What a result says of a climb against its clip's truth.

    Raises ValueError where they are not of one clip, or the result has no climb.
    """
    climb, frames = result.facts.climb, len(truth.time_s)
    if climb is None or len(result.person) != frames:
        raise ValueError(
            f"{scene}: {len(result.person)} frames, the truth has {frames}; climb: {climb is not None}"
        )
    known: Mask = np.asarray(np.isfinite(ends_of(motion_of(result)).places).all(axis=2))
    visible: Mask = truth.visible[:, [END_LANDMARKS[limb][0] for limb in LIMBS]] & known
    claimed, unseen, floor = (_claimed(climb, frames, kind) for kind in ("hold", "unseen", "floor"))
    held, stands = truth.contact_hold >= 0, doings.on_floor(truth)
    holds = doings.nearest_holds(result, climb, truth)
    used = set(truth.contact_hold[held & known].tolist())
    counted = held & visible & (claimed | unseen)
    named = _named_holds(climb, holds, frames) == truth.contact_hold
    true_moves = doings.steps(truth, known)
    moves = matched(true_moves, climb.moves, truth.time_s)
    right, missed, wrong = _compared(doings.events(truth), climb.events)
    return ClimbFigures(
        scene=scene,
        known_pct=100 * float(known[:, 0].mean()),
        balanced_pct=_balanced_pct(claimed | unseen, held, known),
        visible_pct=_balanced_pct(claimed, held, visible & ~unseen),
        unseen_pct=100 * float(unseen[visible].mean()) if visible.any() else 0.0,
        floor_pct=100 * float(floor[stands & known].mean()) if (stands & known).any() else None,
        iou_pct=_iou_pct(claimed | unseen, truth, known, visible),
        right_hold_pct=100 * float(named[counted].mean()) if counted.any() else None,
        hold_recall_pct=100 * len(used & set(holds.values())) / len(used) if used else None,
        moves_true=len(true_moves),
        moves_found=len(climb.moves),
        moves_right=len(moves),
        reaches_m=_reaches_m(moves) if climb.unit == "m" else (),
        events_right=right,
        events_missed=missed,
        events_wrong=wrong,
    )


def _claimed(climb: ClimbPart, frames: int, kind: str) -> Mask:
    flags = np.zeros((frames, len(LIMBS)), np.bool_)
    for contact in climb.contacts:
        if contact.kind == kind:
            flags[contact.start : contact.end, LIMBS.index(contact.limb)] = True
    return flags


def _balanced_pct(claimed: Mask, held: Mask, counted: Mask) -> float:
    shares = [float(claimed[held & counted].mean()) if (held & counted).any() else np.nan]
    shares.append(float((~claimed)[~held & counted].mean()) if (~held & counted).any() else np.nan)
    return 100 * float(np.nanmean(shares))


def _iou_pct(claimed: Mask, truth: Truth, known: Mask, visible: Mask) -> float | None:
    found: list[float] = []
    for span in doings.contacts(truth):
        own = slice(span.start, span.end)
        if not known[own, span.limb_number].any() or visible[own, span.limb_number].mean() < 0.5:
            continue
        here = known[:, span.limb_number]
        wanted = np.zeros(len(here), np.bool_)
        wanted[own] = here[own]
        best = 0.0
        for start, end in runs(claimed[:, span.limb_number] & here):
            got = np.zeros(len(here), np.bool_)
            got[start:end] = True
            best = max(best, float((wanted & got).sum() / (wanted | got).sum()))
        found.append(best)
    return 100 * float(np.mean(found)) if found else None


def _named_holds(climb: ClimbPart, holds: dict[int, int], frames: int) -> Numbers:
    """(n, 4) number of the true hold that is said to be touched; -1 none."""
    named = np.full((frames, len(LIMBS)), -1, np.int64)
    for contact in climb.contacts:
        if contact.hold is not None:
            named[contact.start : contact.end, LIMBS.index(contact.limb)] = holds.get(contact.hold, -1)
    return named


def matched(true: list[Step], found: tuple[Move, ...], time_s: Array) -> list[tuple[Step, Move]]:
    """Pairs of a true and a found move of one limb whose begins and ends are within 0.2 s, each once."""
    free, pairs = list(found), list[tuple[Step, Move]]()
    for step in true:
        for move in free:
            begins = abs(time_s[move.reach_start] - time_s[step.start]) <= WITHIN_S
            ends = abs(time_s[move.reach_end] - time_s[step.end]) <= WITHIN_S
            if LIMBS.index(move.limb) == step.limb_number and begins and ends:
                free.remove(move)
                pairs.append((step, move))
                break
    return pairs


def _reaches_m(moves: list[tuple[Step, Move]]) -> tuple[tuple[float, float], ...]:
    return tuple(
        (move.distance, step.length_m) for step, move in moves if step.length_m and move.limb in HANDS
    )


def _compared(
    true: list[TrueEvent], found: tuple[Event, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Events found, missed and made up, by overlap. Of rests the truth says too little to judge them."""

    def same(one: TrueEvent, event: Event) -> bool:
        kind, start, end = one
        return event.kind == kind and event.start < end and start < event.end

    right = tuple(one[0] for one in true if any(same(one, event) for event in found))
    missed = tuple(one[0] for one in true if not any(same(one, event) for event in found))
    wrong = tuple(
        event.kind for event in found if event.kind != "rest" and not any(same(one, event) for one in true)
    )
    return right, missed, wrong
