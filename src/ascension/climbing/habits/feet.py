"""Habits of the feet: cut, slipped, placed again, placed quietly."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ascension.climbing.habits import rules
from ascension.climbing.habits.signals import UNSEEN, Signals
from ascension.climbing.limbs import END_LANDMARKS, FEET, LIMBS, Limb
from ascension.climbing.record import Contact, Event, Evidence, Habit, HabitKind
from ascension.climbing.series import runs

_LOUD: frozenset[str] = frozenset({"foot_cut", "slip", "fall"})


def of_feet(signals: Signals) -> Iterator[Habit]:
    """What the feet did, and whether they were quiet all the way."""
    for event in _without_pieces(signals):
        if not signals.inside[event.start]:
            continue
        kind = _named(event)
        jumped = signals.during(frozenset({"dyno"}), _second_before(signals, event.start), event.end)
        if kind is not None and not jumped and (kind != "foot_cut" or _both_in_the_air(signals, event)):
            yield Habit(
                kind, event.start, event.end, event.limbs, _evidence(signals, event), event.confidence
            )
    lifted = list(_lifted(signals))
    yield from lifted
    if not lifted:
        yield from _quiet(signals)


def _without_pieces(signals: Signals) -> list[Event]:
    """Feet that are cut again within a second hung in between, though one may have seemed to stand."""
    found: list[Event] = []
    for event in sorted(signals.events, key=lambda event: (event.kind, event.start)):
        last = found[-1] if found else None
        if (
            last is not None
            and event.kind == last.kind == "foot_cut"
            and signals.seconds(last.end, event.start) <= rules.CUT_AGAIN_S
        ):
            found[-1] = replace(last, end=event.end, confidence=min(last.confidence, event.confidence))
        else:
            found.append(event)
    return found


def _second_before(signals: Signals, frame: int) -> int:
    """Feet that hang after a jump were not cut."""
    return signals.frame_at(float(signals.time_s[frame]) - 1.0)


def _both_in_the_air(signals: Signals, event: Event) -> bool:
    """Both feet, each in sight, were at once away from where they had stood and where they stood next."""
    if signals.ends.seen[event.start : event.end, 2:].mean(axis=0).min() < rules.SEEN_SHARE:
        return False
    away = np.ones(event.end - event.start, np.bool_)
    for foot in FEET:
        number = LIMBS.index(foot)
        places = signals.ends.places[:, number] / signals.motion.torso
        before = [one.end - 1 for one in signals.contacts if one.limb == foot and one.end <= event.start + 1]
        after = [one.start for one in signals.contacts if one.limb == foot and one.start >= event.end - 1]
        for frame in (*before[-1:], *after[:1]):
            way = np.linalg.norm(places[event.start : event.end] - places[frame], axis=1)
            away[way <= rules.CUT_AWAY_TORSO] = False
    longest = max((signals.seconds(event.start + a, event.start + b) for a, b in runs(away)), default=0.0)
    return longest >= rules.CUT_AWAY_S


def feet_seen(signals: Signals) -> float:
    """Share of the frames on the wall in which it is known of both feet where they are."""
    wall = signals.on_wall
    return float((signals.states[wall, 2:] != UNSEEN).all(axis=1).mean()) if wall.any() else 0.0


def _named(event: Event) -> HabitKind | None:
    of_a_foot = any(limb in FEET for limb in event.limbs)
    match event.kind:
        case "foot_cut":
            return "foot_cut"
        case "slip":
            return "foot_slip"
        case "readjustment":
            return "replaced_foot" if of_a_foot else "readjusted_grip"
        case _:
            return None


def _evidence(signals: Signals, event: Event) -> tuple[Evidence, ...]:
    return (Evidence("duration", signals.seconds(event.start, event.end), "s"),)


def _lifted(signals: Signals) -> Iterator[Habit]:
    """A standing foot that is lifted a little and set on the same place: too near for a contact to end."""
    for contact in signals.contacts:
        if contact.kind != "hold" or contact.limb not in FEET:
            continue
        inside = slice(max(contact.start, signals.start), min(contact.end, signals.end))
        number = LIMBS.index(contact.limb)
        places = signals.ends.places[inside, number] / signals.motion.torso
        if len(places) == 0 or not np.isfinite(places).all():
            continue
        away = np.linalg.norm(places - np.median(places, axis=0), axis=1)
        for first, last in runs(np.asarray(away > rules.BACK_TORSO, np.bool_)):
            start, end = inside.start + first, inside.start + last
            stood_s = min(signals.seconds(inside.start, start), signals.seconds(end, inside.stop - 1))
            lasted_s, seen = signals.seconds(start, end), signals.ends.visibility[start:end, number]
            if (
                away[first:last].max() < rules.LIFTED_TORSO
                or not 0 < lasted_s <= rules.LIFTED_S
                or stood_s < rules.STOOD_S
                or seen.min() < rules.LIFTED_SEEN
                or not signals.inside[start]
                or _rises_torso(signals, contact, start, end) < rules.LIFTED_WHOLE_TORSO
            ):
                continue
            height = Evidence(
                "lifted", float(away[first:last].max()) * signals.motion.torso, signals.motion.unit
            )
            evidence = (Evidence("duration", lasted_s, "s"), height)
            sure = contact.confidence * float(seen.mean())
            yield Habit("replaced_foot", start, end, (contact.limb,), evidence, sure)


def _rises_torso(signals: Signals, contact: Contact, start: int, end: int) -> float:
    """How far ankle, heel and toe all rise at the height of [start, end), from where they stood around it."""
    first = max(signals.frame_at(float(signals.time_s[start]) - rules.BACK_OVER_S), contact.start)
    last = min(signals.frame_at(float(signals.time_s[end]) + rules.BACK_OVER_S), contact.end)
    heights = signals.motion.landmarks[:, list(END_LANDMARKS[contact.limb]), 1] / signals.motion.torso
    stood = (np.median(heights[first:start], axis=0) + np.median(heights[end:last], axis=0)) / 2
    return float((heights[start:end] - stood).min(axis=1).max())


def _quiet(signals: Signals) -> Iterator[Habit]:
    """Enough placements, all seen, none of them corrected."""
    placed = [move for move in signals.foot_moves() if signals.inside[move.reach_start]]
    loud = any(
        event.kind in _LOUD or (event.kind == "readjustment" and set(event.limbs) & set(FEET))
        for event in signals.events
    )
    seen = feet_seen(signals)
    if len(placed) < rules.QUIET_PLACEMENTS or loud or seen < rules.SEEN_SHARE:
        return
    limbs: tuple[Limb, ...] = tuple(foot for foot in FEET if any(move.limb == foot for move in placed))
    sure = float(np.mean([move.confidence for move in placed])) * seen
    evidence = (Evidence("placements", float(len(placed)), "n"),)
    yield Habit("quiet_feet", placed[0].reach_start, placed[-1].settled, limbs, evidence, sure)
