"""The measures of results against the same measures of what truly happened.

The truth is the body as it was made, seen all the time, on the holds that it touched, in meters and without
parallax; its angles are those of the picture, as nobody measures others from one camera.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascension.analyses.climb_part import measures_of as measures_told
from ascension.analyses.result import Result
from ascension.biomechanics.poses import PoseSequence
from ascension.climbing.body import Body
from ascension.climbing.contacts import Timeline
from ascension.climbing.events import events_of
from ascension.climbing.limbs import LIMBS
from ascension.climbing.measures.definitions import measures_of
from ascension.climbing.measures.material import Material, material_of
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Attempt, Contact, Measure, UsedHold
from ascension.climbing.series import runs
from ascension.climbing.support import scene_of
from validation.truth import Truth

_RADIUS_M = 0.05
_ALWAYS_USED = 3


@dataclass(frozen=True)
class Pair:
    """One measure of one attempt: ours and the true one."""

    scene: str
    ours: Measure
    true: Measure


@dataclass(frozen=True)
class Offset:
    """One measure over scenes: how many have it, and where both do, the true median and how far ours is off.

    median_off, mean_off: ours minus true, and its mean without sign; None where no scene has both
    """

    both: int
    ours_only: int
    true_only: int
    true_median: float | None = None
    median_off: float | None = None
    mean_off: float | None = None


def compare(scene: str, result: Result, truth: Truth) -> list[Pair]:
    """Attempts are those that the analysis found: what is compared is what it says about them.

    Raises ValueError for a result without a climb.
    """
    climb = result.facts.climb
    if climb is None:
        raise ValueError(f"{scene}: no climb")
    found: list[Pair] = []
    for part in climb.attempts:
        true = {
            one.name: one for one in measures_of(true_material(truth, climb.unit, climb.body, part.attempt))
        }
        found += [Pair(scene, ours, true[ours.name]) for ours in measures_told(part)]
    return found


def true_material(truth: Truth, unit: Unit, body: Body, attempt: Attempt) -> Material:
    """What truly happened, in meters or true torso lengths, for the measures of an attempt."""
    torso_m = _torso_m(truth)
    per_m = 1.0 if unit == "m" else 1 / torso_m
    motion = _true_motion(truth, unit, torso_m, per_m)
    timeline = _true_timeline(truth, per_m)
    scene = scene_of(motion)
    moves = moves_of(scene, timeline.contacts)
    everything = Material(
        motion=motion,
        body=body,
        ends=scene.ends,
        attempt=attempt,
        contacts=timeline.contacts,
        holds=timeline.holds,
        moves=moves,
        events=events_of(scene, timeline, moves),
    )
    return material_of(everything, attempt)


def _torso_m(truth: Truth) -> float:
    middles = truth.landmarks_m[:, [11, 12]].mean(axis=1) - truth.landmarks_m[:, [23, 24]].mean(axis=1)
    return float(np.nanmedian(np.linalg.norm(middles, axis=1)))


def _true_motion(truth: Truth, unit: Unit, torso_m: float, per_m: float) -> Motion:
    """The body as it was made, all of it seen, put straight onto the wall."""
    person = truth.person & np.isfinite(truth.landmarks_px).all(axis=(1, 2))
    places_m = (truth.landmarks_m @ truth.wall_axes.T)[..., :2]
    center_m = (truth.center_of_mass_m @ truth.wall_axes.T)[..., :2]
    poses = PoseSequence(
        time_s=truth.time_s.astype(np.float64),
        person=person,
        landmarks_px=np.where(person[:, None, None], truth.landmarks_px, np.nan).astype(np.float64),
        visibility=np.where(person[:, None], np.ones(truth.landmarks_px.shape[:2]), np.nan),
    )
    return Motion(
        poses=poses,
        landmarks=np.where(person[:, None, None], places_m * per_m, np.nan),
        center_of_mass=np.where(person[:, None], center_m * per_m, np.nan),
        unit=unit,
        torso=torso_m * per_m,
        overhang_deg=float(truth.overhang_deg),
    )


def _true_timeline(truth: Truth, per_m: float) -> Timeline:
    """Contacts with holds; who stands on the floor is not on the wall, and attempts do not reach there."""
    contacts: list[Contact] = []
    for number, limb in enumerate(LIMBS):
        touched = truth.contact_hold[:, number]
        for hold in np.unique(touched[touched >= 0]).tolist():
            x, y = map(float, truth.hold_center_m[hold] * per_m)
            contacts += [
                Contact(limb, start, end, "hold", hold, x, y, 1.0) for start, end in runs(touched == hold)
            ]
    used = sorted({one.hold for one in contacts if one.hold is not None})
    holds = [
        UsedHold(
            id=hold,
            x=float(truth.hold_center_m[hold, 0]) * per_m,
            y=float(truth.hold_center_m[hold, 1]) * per_m,
            radius=_RADIUS_M * per_m,
            hands=_ALWAYS_USED,
            feet=_ALWAYS_USED,
            confidence=1.0,
        )
        for hold in used
    ]
    return Timeline(tuple(sorted(contacts, key=lambda one: (one.limb, one.start))), tuple(holds))


def offset_of(name: str, pairs: Sequence[Pair]) -> Offset:
    """One measure over all pairs, hard scenes included."""
    own = [(pair.ours.value, pair.true.value) for pair in pairs if pair.ours.name == name]
    both = np.array([(ours, true) for ours, true in own if ours is not None and true is not None])
    ours_only = sum(ours is not None and true is None for ours, true in own)
    true_only = sum(ours is None and true is not None for ours, true in own)
    if not len(both):
        return Offset(0, ours_only, true_only)
    off = both[:, 0] - both[:, 1]
    figures = float(np.median(both[:, 1])), float(np.median(off)), float(np.abs(off).mean())
    return Offset(len(both), ours_only, true_only, *figures)


def shares_of(name: str, pairs: Sequence[Pair]) -> tuple[float | None, float | None]:
    """Ours and the true value in one scene; of several attempts the one with the most frames behind it."""
    own = [pair for pair in pairs if pair.ours.name == name]
    longest = max(own, key=lambda pair: sum(one.end - one.start for one in pair.true.frames), default=None)
    return (None, None) if longest is None else (longest.ours.value, longest.true.value)
