"""Everything that is measured of a scene, from one analysis of it; and what was aimed at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from ascension.analyses.result import Result
from validation import climbs, evaluation, faults, measures, plans
from validation.climbs import ClimbFigures
from validation.evaluation import Figures
from validation.faults import FaultFigures
from validation.listed import files_of, named
from validation.measures import Pair
from validation.plans import PlanFigures
from validation.planted import ASIDE, PLANTED
from validation.prediction import Prediction
from validation.truth import Truth, load

EXAMPLE: Final = "climb"
_EXAMPLES: Final = Path(__file__).parents[1] / "examples"

Group = Literal["standard", "hard", "planted", "nobody"]
_PLANTED: Final = {scene.name for scene in (*PLANTED, *ASIDE)}
HARD: Final = (
    "dyno-blurred", "dim", "camouflage", "pole", "belayer-and-rope", "bystander-crosses", "two-bystanders",
    "from-the-side",
)  # fmt: skip
"""Scenes in which much of the climber is hidden, blurred or hard to tell from the wall."""


@dataclass(frozen=True)
class Clip:
    """A clip with its truth. is_dyno: the scene is about one."""

    scene: str
    path: Path
    truth: Truth
    is_dyno: bool

    @property
    def group(self) -> Group:
        if not self.truth.person.any():
            return "nobody"
        if self.scene in _PLANTED:
            return "planted"
        return "hard" if self.scene in HARD else "standard"


@dataclass(frozen=True)
class Reading:
    """What the climber did, by the result and by the truth."""

    climb: ClimbFigures
    plan: PlanFigures
    faults: FaultFigures
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Proof:
    """One scene. reading: None where nobody climbs, or nobody was found."""

    scene: str
    group: Group
    figures: Figures
    reading: Reading | None


def clip_of(scene: str) -> Clip:
    """Raises KeyError for a name that is in no list, OSError where it is not rendered."""
    if scene == EXAMPLE:
        return Clip(scene, _EXAMPLES / "climb.mp4", load(_EXAMPLES / "climb_truth.npz"), is_dyno=False)
    path, facts = files_of(named(scene))
    return Clip(scene, path, load(facts), "dyno" in named(scene).tags)


def prove(clip: Clip, found: Prediction, result: Result | None) -> Proof:
    """All figures of a scene. result: where it is our own analysis that found this."""
    figures = evaluation.evaluate(clip.scene, found, clip.truth, dyno=clip.is_dyno)
    reading = None
    if result is not None and result.facts.climb is not None and clip.group != "nobody":
        reading = read(clip.scene, result, clip.truth)
    return Proof(clip.scene, clip.group, figures, reading)


def read(scene: str, result: Result, truth: Truth) -> Reading:
    """What the climber did, against the truth. Raises ValueError for a result without a climb."""
    return Reading(
        climbs.evaluate(scene, result, truth),
        plans.evaluate(scene, result, truth),
        faults.evaluate(scene, result, truth),
        tuple(measures.compare(scene, result, truth)),
    )


@dataclass(frozen=True)
class Target:
    """What was aimed at: the median over a group's scenes, or their mean, is at least, or at most, this."""

    what: str
    group: Group
    limit: float | None
    value: Callable[[Proof], float | None]
    is_least: bool = True
    by_mean: bool = False


@dataclass(frozen=True)
class Reached:
    """A target and the figures; worst: value and scene. is_met: None without a limit or a figure."""

    target: Target
    scenes: int
    median: float | None = None
    mean: float | None = None
    worst: tuple[float, str] | None = None

    @property
    def is_met(self) -> bool | None:
        limit, value = self.target.limit, self.mean if self.target.by_mean else self.median
        if limit is None or value is None:
            return None
        return value >= limit if self.target.is_least else value <= limit


def _share_off(name: str) -> Callable[[Proof], float | None]:
    def off(proof: Proof) -> float | None:
        ours, true = measures.shares_of(name, proof.reading.pairs if proof.reading else ())
        return None if ours is None or true is None else abs(ours - true)

    return off


def _planned_pct(proof: Proof) -> float | None:
    plan = proof.reading and proof.reading.plan
    return 100 * plan.right / plan.planned if plan and plan.planned else None


def _center_pct(proof: Proof) -> float | None:
    spread = proof.figures.center_of_mass_pct
    return spread and spread.mean


def _faults_pct(proof: Proof) -> float | None:
    return proof.reading and 100.0 * proof.reading.faults.is_right


def _targets(group: Group, contact_pct: float | None) -> tuple[Target, ...]:
    return (
        Target(
            "contacts where visible, %",
            group,
            contact_pct,
            lambda p: p.reading and p.reading.climb.visible_pct,
        ),
        Target("contacts, IoU, %", group, 80.0, lambda p: p.reading and p.reading.climb.iou_pct),
        Target("right hold, %", group, None, lambda p: p.reading and p.reading.climb.right_hold_pct),
        Target("holds found, %", group, None, lambda p: p.reading and p.reading.climb.hold_recall_pct),
        Target("moves, F1 at 0.2 s, %", group, 90.0, lambda p: p.reading and p.reading.climb.moves_f1_pct),
        Target("planned moves told, %", group, 100.0, _planned_pct, by_mean=True),
        Target("center of mass, % of the torso", group, 3.0, _center_pct, is_least=False),
        Target(
            "reach lengths, %",
            group,
            6.0,
            lambda p: p.reading and p.reading.climb.reach_error_pct,
            is_least=False,
        ),
        Target("straight arms, points", group, None, _share_off("straight_arm_share"), is_least=False),
        Target("immobility, points", group, None, _share_off("immobility_share"), is_least=False),
    )


TARGETS: Final = (
    *_targets("standard", 95.0),
    *_targets("hard", 84.0),
    *_targets("planted", None),
    Target("planted faults named, and nothing else, %", "planted", 100.0, _faults_pct, by_mean=True),
)


def reached(target: Target, proofs: Sequence[Proof]) -> Reached:
    """Over the scenes of the target's group; scenes count alike, however long they are."""
    found = [(target.value(proof), proof.scene) for proof in proofs if proof.group == target.group]
    known = [(value, scene) for value, scene in found if value is not None]
    if not known:
        return Reached(target, 0)
    values = [value for value, _ in known]
    worst = (min if target.is_least else max)(known)
    return Reached(target, len(known), float(np.median(values)), float(np.mean(values)), worst)
