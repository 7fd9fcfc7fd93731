"""The measures of stored results against the same measures of what truly happened.

`python -m validation.measures FOLDER [SCENE ...]`: FOLDER holds NAME.gz, one result a clip. The truth is the
body as it was made, seen all the time, on the holds that it touched, in meters and without parallax; its
angles are those of the picture, as nobody measures others from one camera.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result, decode
from ascension.biomechanics.poses import PoseSequence
from ascension.climbing.body import Body
from ascension.climbing.climb import read
from ascension.climbing.contacts import Timeline
from ascension.climbing.events import events_of
from ascension.climbing.limbs import LIMBS
from ascension.climbing.measures import DEFINITIONS, measures_of
from ascension.climbing.measures_material import Material, material_of
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Attempt, Contact, Measure, UsedHold
from ascension.climbing.series import runs
from ascension.climbing.support import scene_of
from validation.climbs import truth_path
from validation.truth import Truth, load

_MASS_KG = 70.0
_RADIUS_M = 0.05
_ALWAYS_USED = 3


@dataclass(frozen=True)
class Pair:
    """One measure of one attempt: ours and the true one."""

    scene: str
    ours: Measure
    true: Measure


def compare(scene: str, result: Result, truth: Truth) -> list[Pair]:
    """Attempts are those that the analysis found: what is compared is what it says about them."""
    motion = motion_of(result, overhang_deg=float(truth.overhang_deg))
    body = Body(mass_kg=_MASS_KG)
    climb = read(motion, body)
    found: list[Pair] = []
    for attempt, measures in zip(climb.attempts, climb.measures, strict=True):
        true = measures_of(true_material(truth, motion.unit, body, attempt))
        found += [Pair(scene, *both) for both in zip(measures, true, strict=True)]
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


def show(pairs: list[Pair]) -> str:
    """A Markdown table: per measure the scenes that have it, the true median and how far ours is off."""
    lines = [
        "| id | measure | unit | both | ours only | truth only | true median | median off | mean off |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for definition in DEFINITIONS:
        own = [pair for pair in pairs if pair.ours.name == definition.name]
        both = np.array([
            (pair.ours.value, pair.true.value)
            for pair in own
            if pair.ours.value is not None and pair.true.value is not None
        ]).reshape(-1, 2)  # fmt: skip
        ours = sum(pair.ours.value is not None for pair in own) - len(both)
        true = sum(pair.true.value is not None for pair in own) - len(both)
        figures = ["-", "-", "-"]
        if len(both):
            off = both[:, 0] - both[:, 1]
            figures = [f"{np.median(both[:, 1]):.3g}", f"{np.median(off):+.3g}", f"{np.abs(off).mean():.3g}"]
        cells = [
            definition.id,
            definition.name,
            definition.unit,
            str(len(both)),
            str(ours),
            str(true),
            *figures,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(folder: Path, scenes: list[str]) -> None:
    """Prints the table of all results in the folder whose truth is there, or of the named scenes."""
    names = scenes or sorted(path.stem for path in folder.glob("*.gz"))
    pairs: list[Pair] = []
    for name in names:
        if truth_path(name).exists():
            truth = load(truth_path(name))
            pairs += compare(name, decode((folder / f"{name}.gz").read_bytes()), truth)
    print(show(pairs))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
