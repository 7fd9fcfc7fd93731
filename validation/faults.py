"""Faults planted into rendered climbs, and what the advice names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ascension.analyses.climb_part import ClimbPart, measures_of
from ascension.analyses.result import Result
from ascension.climbing.habits.rules import Sort
from ascension.coaching.findings import advice_of
from validation.geometry import Array
from validation.truth import Truth

WITHIN_S: Final = 0.5
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "bent_arm_rest": ("bent_arm_hold", "over_gripping_pause"),
    "foot_cut": ("foot_cut",),
    "re_placed_foot": ("replaced_foot",),
    "late_feet": ("late_feet",),
    "over_gripping_pause": ("over_gripping_pause",),
    "detour": ("detour",),
}
"""What a planted fault may be called. A rest on bent arms before an easy reach is both of its names."""


@dataclass(frozen=True)
class Named:
    """One occurrence of a finding."""

    code: str
    sort: Sort
    begin_s: float
    end_s: float

    def off_s(self, begin_s: float, end_s: float) -> float:
        """From where it is named, its first frame, to the nearest moment of an interval."""
        return max(begin_s - self.begin_s, self.begin_s - end_s, 0.0)


@dataclass(frozen=True)
class FaultFigures:
    """One scene. planted: the fault's kind, None for none; `named` is the occurrence nearest to it."""

    scene: str
    planted: str | None
    begin_s: float
    end_s: float
    named: Named | None
    others: tuple[Named, ...]
    praise: tuple[Named, ...]

    @property
    def off_s(self) -> float | None:
        return self.named and self.named.off_s(self.begin_s, self.end_s)

    @property
    def after_s(self) -> float | None:
        """From the fault's beginning to where it is named; below 0: before."""
        return self.named and self.named.begin_s - self.begin_s

    @property
    def is_right(self) -> bool:
        """Named within half a second of where it is, and nothing else; without one: nothing at all."""
        if self.planted is None:
            return not self.others
        return self.off_s is not None and self.off_s <= WITHIN_S and not self.others


def evaluate(scene: str, result: Result, truth: Truth) -> FaultFigures:
    """Raises ValueError for a result without a climb."""
    if result.facts.climb is None:
        raise ValueError(f"{scene}: no climb")
    said = list(named(result.facts.climb, result.time_s()))
    faults = [one for one in said if one.sort == "fault"]
    praise = tuple(one for one in said if one.sort == "strength")
    plant = _planted(truth)
    if plant is None:
        return FaultFigures(scene, None, 0.0, 0.0, None, tuple(faults), praise)
    kind, begin_s, end_s = plant
    meant = [one for one in faults if one.code in NAMES[kind]]
    nearest = min(meant, key=lambda one: one.off_s(begin_s, end_s), default=None)
    near = [one for one in meant if one.off_s(begin_s, end_s) <= WITHIN_S]
    others = tuple(one for one in faults if one not in near and one is not nearest)
    return FaultFigures(scene, kind, begin_s, end_s, nearest, others, praise)


def _planted(truth: Truth) -> tuple[str, float, float] | None:
    """The fault of a scene and its seconds; feet that are cut without a jump are one in any scene."""
    if len(truth.fault_kinds):
        return str(truth.fault_kinds[0]), float(truth.fault_times_s[0, 0]), float(truth.fault_times_s[0, 1])
    cuts = truth.event_times_s[truth.event_kinds == "foot_cut"]
    if not len(cuts) or "dyno" in truth.event_kinds:
        return None
    return "foot_cut", float(cuts[0, 0]), float(cuts[0, 1])


def named(climb: ClimbPart, time_s: Array) -> Iterator[Named]:
    """All that the advice of all attempts says, each occurrence on its own."""
    last = len(time_s) - 1
    for part in climb.attempts:
        events = [one for one in climb.events if part.attempt.start <= one.start < part.attempt.end]
        for finding in advice_of(part.habits, measures_of(part), events, time_s).all:
            for frames in finding.frames:
                begin_s, end_s = (float(time_s[min(frame, last)]) for frame in (frames.start, frames.end))
                yield Named(finding.code, finding.kind, begin_s, end_s)
