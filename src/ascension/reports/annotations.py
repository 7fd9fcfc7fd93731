"""What the overlay video shows of a climb, in the words of the report."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ascension.analyses.result import Result
from ascension.climbing.climb import Climb
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.record import Contact, EventKind, StanceLoads
from ascension.reports.order import moves_of, order_of_holds, way_of
from ascension.reports.reading import climb_of
from ascension.reports.texts import Texts
from ascension.vision.tracks import Banner, Ring, Tracks

_TOLD: Final[tuple[EventKind, ...]] = ("foot_cut", "slip", "dyno", "fall", "top")
_READ_IN_S: Final = 1.5
"""So long words stay, however short what they tell of was."""
_SURE: Final = 0.7
"""Below this confidence a ring is faint, as in the player."""


def annotated(result: Result, texts: Texts) -> Tracks:
    """The skeleton, and contacts with their holds' numbers, events, moves; loads where the angle was told."""
    read = climb_of(result)
    climb = read if isinstance(read, Climb) and read.attempts else None
    loads = () if climb is None else tuple(one for part in climb.loads if part for one in part.stances)
    return Tracks(
        poses=result.poses(),
        center_of_mass_px=result.center_of_mass_px,
        joint_angles_deg=result.joint_angles_deg,
        frame_to_wall=None if result.wall_corners_px is None else result.frame_to_wall(),
        rings=() if climb is None else tuple(_rings(climb, loads, texts)),
        banners=() if climb is None else tuple(_banners(climb, texts)),
        captions=_captions(result, climb, loads, texts),
    )


def _rings(climb: Climb, loads: tuple[StanceLoads, ...], texts: Texts) -> Iterator[Ring]:
    order = order_of_holds(climb.contacts)
    for contact in climb.contacts:
        number = str(order[contact.hold]) if contact.hold in order else ""
        for start, end, load_pct in _pieces(contact, loads):
            load = "" if load_pct is None else texts.percent(load_pct)
            yield Ring(
                start=start,
                end=end,
                landmarks=END_LANDMARKS[contact.limb],
                label=" · ".join(part for part in (number, load) if part),
                dashed=contact.kind == "unseen",
                faint=contact.kind in {"floor", "smear"} or contact.confidence < _SURE,
            )


def _pieces(contact: Contact, loads: tuple[StanceLoads, ...]) -> Iterator[tuple[int, int, float | None]]:
    """A contact cut where the estimate of its load changes: start, end, percent of all loads."""
    limb, at = LIMBS.index(contact.limb), contact.start
    for stance in loads:
        start, end = max(stance.start, contact.start), min(stance.end, contact.end)
        if start >= end:
            continue
        if at < start:
            yield at, start, None
        yield start, end, 100 * stance.loads[limb] / sum(stance.loads)
        at = end
    if at < contact.end:
        yield at, contact.end, None


def _banners(climb: Climb, texts: Texts) -> Iterator[Banner]:
    time_s = climb.motion.time_s
    for event in climb.events:
        if event.kind in _TOLD:
            last = int((time_s < time_s[event.start] + _READ_IN_S).sum())
            yield Banner(event.start, max(event.end, last), texts.event[event.kind].capitalize())


def _captions(
    result: Result, climb: Climb | None, loads: tuple[StanceLoads, ...], texts: Texts
) -> tuple[tuple[str, ...], ...]:
    """Time and move, or that nobody is there; above it what the numbers of percent are."""
    last = [texts.exact_clock(time_s) for time_s in result.time_s().tolist()]
    if climb is not None:
        for start, end, text in _moves(climb, texts):
            last[start:end] = [f"{time}   {text}" for time in last[start:end]]
    for frame in (~result.person).nonzero()[0]:
        last[frame] += f"   {texts.label['nobody']}"
    loaded = {frame for stance in loads for frame in range(stance.start, stance.end)}
    return tuple(
        (texts.label["load"], line) if frame in loaded else (line,) for frame, line in enumerate(last)
    )


def _moves(climb: Climb, texts: Texts) -> Iterator[tuple[int, int, str]]:
    """From the start of each move to that of the next, or the end of its attempt."""
    order = order_of_holds(climb.contacts)
    for attempt in climb.attempts:
        moves = moves_of(climb, attempt)
        edges = pairwise([*(move.reach_start for move in moves), attempt.end])
        for number, (move, (start, end)) in enumerate(zip(moves, edges, strict=True), 1):
            words = {"limb": texts.limb[move.limb], "way": way_of(move, order)}
            yield start, end, texts.label["move_of"].format(number=number, count=len(moves), **words)
