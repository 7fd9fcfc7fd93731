"""Contacts, holds used, moves and events of stored results against the truth.

`python -m validation.climbs FOLDER [SCENE ...]`: FOLDER holds NAME.gz, one result a clip.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result, decode
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing.contacts import Timeline, timeline_of
from ascension.climbing.events import events_of
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.motion import Motion
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Event, EventKind, Move
from ascension.climbing.series import runs
from ascension.climbing.support import scene_of
from validation.geometry import Array, Mask, Numbers
from validation.motion import Phase
from validation.route import MAT_M
from validation.truth import Truth, load

HARD: Final = (
    "dyno-blurred", "dim", "camouflage", "pole", "belayer-and-rope", "bystander-crosses", "two-bystanders",
    "from-the-side",
)  # fmt: skip
"""Scenes in which much of the climber is hidden, blurred or hard to tell from the wall."""

_WITHIN_S: Final = 0.2
_STEPPED_M: Final = 0.08
"""A foot whose lowest landmark is so near to the mat's surface stands on it."""
_LONG_GAP_S: Final = 1.2
_BELL_SHARE: Final = 0.05
_SHORTEST_S: Final = 0.1
_CUT_S: Final = 0.2
_NEAR_HOLD_M: Final = 0.3


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
    moves_f1_pct:    a move is right if of the same limb, and begun and ended within 0.2 s of the true one
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
    events_right: tuple[str, ...]
    events_missed: tuple[str, ...]
    events_wrong: tuple[str, ...]

    @property
    def moves_f1_pct(self) -> float | None:
        every = self.moves_true + self.moves_found
        return 200 * self.moves_right / every if every else None


_TrueEvent = tuple[EventKind, int, int]
"""What, first frame, first frame after it."""


@dataclass(frozen=True)
class _Span:
    """Something true in frames [start, end)."""

    end_number: int
    start: int
    end: int
    hold: int


def evaluate(scene: str, result: Result, truth: Truth) -> ClimbFigures:
    """A stored result against its clip's truth. Raises ValueError where they are not of one clip."""
    motion = motion_of(result)
    if motion.frame_count != len(truth.time_s):
        raise ValueError(f"{scene}: {motion.frame_count} frames, the truth has {len(truth.time_s)}")
    read = scene_of(motion)
    timeline = timeline_of(read)
    moves = moves_of(read, timeline.contacts)
    known: Mask = np.asarray(np.isfinite(read.ends.places).all(axis=2))
    visible: Mask = truth.visible[:, [END_LANDMARKS[limb][0] for limb in LIMBS]] & known
    claimed, unseen, floor = (
        _claimed(timeline, len(truth.time_s), kind) for kind in ("hold", "unseen", "floor")
    )
    held, stands = truth.contact_hold >= 0, _on_floor(truth)
    holds = _nearest_holds(motion, result, truth, timeline)
    named = _named_holds(timeline, holds, len(truth.time_s))
    used = set(truth.contact_hold[held & known].tolist())
    counted = held & visible & (claimed | unseen)
    true_moves, events = _true_moves(truth, known), events_of(read, timeline, moves)
    right, missed, wrong = _compared(_true_events(truth), events)
    return ClimbFigures(
        scene=scene,
        known_pct=100 * float(known[:, 0].mean()),
        balanced_pct=_balanced_pct(claimed | unseen, held, known),
        visible_pct=_balanced_pct(claimed, held, visible & ~unseen),
        unseen_pct=100 * float(unseen[visible].mean()) if visible.any() else 0.0,
        floor_pct=100 * float(floor[stands & known].mean()) if (stands & known).any() else None,
        iou_pct=_iou_pct(claimed | unseen, truth, known, visible),
        right_hold_pct=100 * float((named == truth.contact_hold)[counted].mean()) if counted.any() else None,
        hold_recall_pct=100 * len(used & set(holds.values())) / len(used) if used else None,
        moves_true=len(true_moves),
        moves_found=len(moves),
        moves_right=_right_moves(true_moves, moves, truth.time_s),
        events_right=right,
        events_missed=missed,
        events_wrong=wrong,
    )


def _claimed(timeline: Timeline, frames: int, kind: str) -> Mask:
    flags = np.zeros((frames, len(LIMBS)), np.bool_)
    for contact in timeline.contacts:
        if contact.kind == kind:
            flags[contact.start : contact.end, LIMBS.index(contact.limb)] = True
    return flags


def _on_floor(truth: Truth) -> Mask:
    """(n, 4) feet on the mat, of somebody who has not left it or is back on it."""
    standing = truth.phase == Phase.ON_FLOOR
    flags = np.zeros((len(truth.time_s), len(LIMBS)), np.bool_)
    for number in (2, 3):
        heights = truth.landmarks_m[:, list(END_LANDMARKS[LIMBS[number]]), 2]
        on_mat = heights.min(axis=1) < MAT_M + _STEPPED_M
        flags[:, number] = standing & on_mat & (truth.contact_hold[:, number] < 0)
    return flags


def _balanced_pct(claimed: Mask, held: Mask, counted: Mask) -> float:
    shares = [float(claimed[held & counted].mean()) if (held & counted).any() else np.nan]
    shares.append(float((~claimed)[~held & counted].mean()) if (~held & counted).any() else np.nan)
    return 100 * float(np.nanmean(shares))


def _spans(truth: Truth) -> list[_Span]:
    """The true contacts with holds; one that the clip's end cuts off at once does not count."""
    found: list[_Span] = []
    for number in range(len(LIMBS)):
        column = truth.contact_hold[:, number]
        for hold in np.unique(column[column >= 0]).tolist():
            found += [
                _Span(number, start, end, hold)
                for start, end in runs(column == hold)
                if _lasts(truth, start, end)
            ]
    return sorted(found, key=lambda span: (span.end_number, span.start))


def _lasts(truth: Truth, start: int, end: int) -> bool:
    return (end - start) / truth.fps >= _SHORTEST_S


def _iou_pct(claimed: Mask, truth: Truth, known: Mask, visible: Mask) -> float | None:
    found: list[float] = []
    for span in _spans(truth):
        own = slice(span.start, span.end)
        if not known[own, span.end_number].any() or visible[own, span.end_number].mean() < 0.5:
            continue
        here = known[:, span.end_number]
        wanted = np.zeros(len(here), np.bool_)
        wanted[own] = here[own]
        best = 0.0
        for start, end in runs(claimed[:, span.end_number] & here):
            got = np.zeros(len(here), np.bool_)
            got[start:end] = True
            best = max(best, float((wanted & got).sum() / (wanted | got).sum()))
        found.append(best)
    return 100 * float(np.mean(found)) if found else None


def _nearest_holds(motion: Motion, result: Result, truth: Truth, timeline: Timeline) -> dict[int, int]:
    """For each hold found the number of the nearest true one; none where that is over 0.3 m away."""
    wall = result.facts.wall
    if wall is None:
        return {}
    raised = np.column_stack([truth.hold_center_m, np.ones(len(truth.hold_center_m))])
    in_frames = np.einsum("nij,hj->nhi", truth.wall_to_frame, raised)
    on_wall = on_wall_px(in_frames[..., :2] / in_frames[..., 2:], result.frame_to_wall())
    to_unit = np.tile(np.array(wall.scale.wall_to_unit).reshape(3, 3), (len(on_wall), 1, 1))
    centers: Array = np.nanmedian(on_wall_px(on_wall, to_unit), axis=0) * [1.0, -1.0]
    reach = _NEAR_HOLD_M if motion.unit == "m" else 2 * _NEAR_HOLD_M
    found: dict[int, int] = {}
    for hold in timeline.holds:
        away = np.hypot(centers[:, 0] - hold.x, centers[:, 1] - hold.y)
        if float(away.min()) <= reach:
            found[hold.id] = int(away.argmin())
    return found


def _named_holds(timeline: Timeline, holds: dict[int, int], frames: int) -> Numbers:
    """(n, 4) number of the true hold that is said to be touched; -1 none."""
    named = np.full((frames, len(LIMBS)), -1, np.int64)
    for contact in timeline.contacts:
        if contact.hold is not None:
            named[contact.start : contact.end, LIMBS.index(contact.limb)] = holds.get(contact.hold, -1)
    return named


def _true_moves(truth: Truth, known: Mask) -> list[_Span]:
    """From one hold, or the floor, to the next hold, where the body is known throughout."""
    floor = _on_floor(truth)
    found: list[_Span] = []
    for number in range(len(LIMBS)):
        touching = (truth.contact_hold[:, number] >= 0) | floor[:, number]
        arrivals = {span.start for span in _spans(truth) if span.end_number == number}
        for start, end in runs(~touching):
            if start > 0 and end in arrivals and known[start - 1 : end + 1, number].all():
                first = _last_bell(truth, number, start, end)
                found.append(_Span(number, first, end, int(truth.contact_hold[end, number])))
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


def _right_moves(true: list[_Span], found: tuple[Move, ...], time_s: Array) -> int:
    """Pairs of a true and a found move of one limb whose begins and ends are within 0.2 s, each once."""
    free = list(found)
    right = 0
    for span in true:
        for move in free:
            begins = abs(time_s[move.reach_start] - time_s[span.start]) <= _WITHIN_S
            ends = abs(time_s[move.reach_end] - time_s[span.end]) <= _WITHIN_S
            if LIMBS.index(move.limb) == span.end_number and begins and ends:
                free.remove(move)
                right += 1
                break
    return right


def _true_events(truth: Truth) -> list[_TrueEvent]:
    """What the truth knows of: flights, falls, cut feet, matched hands."""
    found: list[_TrueEvent] = [("dyno", start, end) for start, end in runs(truth.phase == Phase.IN_FLIGHT)]
    falls: list[_TrueEvent] = [("fall", start, end) for start, end in runs(truth.phase == Phase.FALLING)]
    found += falls
    held = truth.contact_hold >= 0
    cut = ~held[:, 2] & ~held[:, 3] & held[:, :2].any(axis=1) & ~_on_floor(truth).any(axis=1)
    for start, end in runs(cut & np.isin(truth.phase, [Phase.ON_WALL, Phase.IN_FLIGHT])):
        if truth.time_s[end - 1] - truth.time_s[start] >= _CUT_S and held[:start, 2:].any(axis=0).all():
            found.append(("foot_cut", start, end))
    same = held[:, 0] & (truth.contact_hold[:, 0] == truth.contact_hold[:, 1])
    matches: list[_TrueEvent] = [("match", start, end) for start, end in runs(same)]
    highest = int(np.where(truth.hold_on_route, truth.hold_center_m[:, 1], -np.inf).argmax())
    for _, start, end in matches:
        if truth.contact_hold[start, 0] == highest:
            found.append(("top", start, end))
    return found + matches


def _compared(
    true: list[_TrueEvent], found: tuple[Event, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Events found, missed and made up, by overlap."""

    def same(one: _TrueEvent, event: Event) -> bool:
        kind, start, end = one
        return event.kind == kind and event.start < end and start < event.end

    right = tuple(one[0] for one in true if any(same(one, event) for event in found))
    missed = tuple(one[0] for one in true if not any(same(one, event) for event in found))
    wrong = tuple(event.kind for event in found if not any(same(one, event) for one in true))
    return right, missed, wrong


def truth_path(scene: str) -> Path:
    """Where a scene's truth lies."""
    return Path("examples/climb_truth.npz") if scene == "climb" else Path(f"validation/clips/{scene}.npz")


_COLUMNS: Final = (
    "scene", "known", "contact", "visible", "unseen", "floor", "IoU", "hold", "recall", "moves F1",
    "right/true/found", "events",
)  # fmt: skip


def show(rows: list[ClimbFigures]) -> str:
    """The table as text: percentages, then the means of the standard and the hard scenes."""
    lines = ["{:18}{:>7}{:>9}{:>9}{:>8}{:>7}{:>6}{:>6}{:>8}{:>10}{:>18}  {}".format(*_COLUMNS)]
    for row in rows:
        moves = f"{row.moves_right}/{row.moves_true}/{row.moves_found}"
        events = [f"+{kind}" for kind in row.events_right] + [f"MISSED {kind}" for kind in row.events_missed]
        events += [f"WRONG {kind}" for kind in row.events_wrong]
        lines.append(
            f"{row.scene:18}{_pct(row.known_pct):>7}{_pct(row.balanced_pct):>9}{_pct(row.visible_pct):>9}"
            f"{_pct(row.unseen_pct):>8}{_pct(row.floor_pct):>7}{_pct(row.iou_pct):>6}{_pct(row.right_hold_pct):>6}"
            f"{_pct(row.hold_recall_pct):>8}{_pct(row.moves_f1_pct):>10}{moves:>18}  {' '.join(events)}"
        )
    for name, chosen in (
        ("standard", [row for row in rows if row.scene not in HARD]),
        ("hard", [row for row in rows if row.scene in HARD]),
    ):
        if chosen:
            lines.append(f"{name}: {_summary(chosen)}")
    return "\n".join(lines)


def _pct(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _summary(rows: list[ClimbFigures]) -> str:
    right = sum(row.moves_right for row in rows)
    every = sum(row.moves_true + row.moves_found for row in rows)
    figures = {
        "contact visible mean": [row.visible_pct for row in rows],
        "IoU mean": [row.iou_pct for row in rows],
        "hold mean": [row.right_hold_pct for row in rows],
        "recall mean": [row.hold_recall_pct for row in rows],
    }
    parts = [
        f"{name} {np.mean([value for value in values if value is not None]):.1f}"
        for name, values in figures.items()
        if any(value is not None for value in values)
    ]
    lowest = min(rows, key=lambda row: row.visible_pct)
    parts.insert(1, f"lowest {lowest.visible_pct:.1f} ({lowest.scene})")
    if every:
        parts.append(f"moves F1 over all {200 * right / every:.1f}")
    return ", ".join(parts)


def main(folder: Path, scenes: list[str]) -> None:
    """Print the table of a folder's results that have a truth with a climber."""
    names = scenes or [path.stem for path in sorted(folder.glob("*.gz")) if truth_path(path.stem).exists()]
    rows = [
        evaluate(name, decode((folder / f"{name}.gz").read_bytes()), load(truth_path(name))) for name in names
    ]
    print(show(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
