"""When workers are added and taken away: pure rules on what metrics show, minute by minute."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

PERIOD_S = 60


@dataclass(frozen=True)
class Observation:
    """One closed period of metrics."""

    at_s: float
    """Its end."""
    mean_queued: float
    """Jobs that waited, averaged over the period."""
    queued: int
    """Now."""
    running: int
    oldest_s: float
    """Age of the job that has waited longest."""


class Rule(Protocol):
    """How many workers there should be."""

    @property
    def first(self) -> int:
        """Workers at the beginning."""
        ...

    @property
    def most(self) -> int:
        """Workers that it never exceeds."""
        ...

    def wanted(self, recent: Sequence[Observation], workers: int, changed_at_s: float | None) -> int:
        """Workers from now on.

        `recent`: closed periods, the newest last. `workers`: those ordered so far, booting ones included.
        `changed_at_s`: when this rule last changed their number.
        """
        ...


@dataclass(frozen=True)
class StepRule:
    """The production document's: two more while the queue stays long, and never one less.

    An alarm on the average QueueDepth above 50 in 2 periods of 60 s adds 2; cooldown 300 s; minimum 2,
    desired 3, maximum 10 (production.md 637-684). A queue that stays long adds again after every cooldown.
    """

    above_jobs: float = 50
    periods: int = 2
    add: int = 2
    cooldown_s: float = 300
    first: int = 3
    most: int = 10

    def wanted(self, recent: Sequence[Observation], workers: int, changed_at_s: float | None) -> int:
        newest = recent[-self.periods :]
        if len(newest) < self.periods or any(one.mean_queued <= self.above_jobs for one in newest):
            return workers
        if changed_at_s is not None and newest[-1].at_s - changed_at_s < self.cooldown_s:
            return workers
        return max(workers, min(self.most, workers + self.add))


@dataclass(frozen=True)
class BacklogRule:
    """Ours: as many slots as are at work, with room to spare, plus those that work the backlog off in time.

    slots = running / busy_share + queued x service_s / target_s; while somebody has waited longer than the
    target, one worker more than there are. Fewer only when `calm_s` long fewer would have done; never below
    `least`.
    """

    service_s: float
    """Mean time of a job on a slot, as ProcessingTime shows it."""
    slots: int
    """Of one worker."""
    target_s: float = 120
    busy_share: float = 0.9
    calm_s: float = 900
    least: int = 2
    first: int = 3
    most: int = 40

    def wanted(self, recent: Sequence[Observation], workers: int, changed_at_s: float | None) -> int:
        del changed_at_s  # no cooldown: workers that boot are counted, so nothing is ordered twice
        if not recent:
            return workers
        now = self._needed(recent[-1])
        if recent[-1].oldest_s > self.target_s:
            now = max(now, workers + 1)
        if now < workers:
            calm = [one for one in recent if one.at_s > recent[-1].at_s - self.calm_s]
            if len(calm) * PERIOD_S < self.calm_s:
                return workers
            now = min(workers, max(self._needed(one) for one in calm))
        return min(self.most, max(self.least, now))

    def _needed(self, seen: Observation) -> int:
        slots = seen.running / self.busy_share + seen.queued * self.service_s / self.target_s
        return math.ceil(slots / self.slots)


@dataclass(frozen=True)
class FixedRule:
    """No scaling at all."""

    first: int

    @property
    def most(self) -> int:
        return self.first

    def wanted(self, recent: Sequence[Observation], workers: int, changed_at_s: float | None) -> int:
        del recent, changed_at_s
        return workers


@dataclass(frozen=True)
class CpuRule:
    """API tasks of one core each that follow their load (production.md 491-512: 70 %, 3 to 10 tasks)."""

    target_pct: float = 70
    least: int = 3
    most: int = 10
    slack: float = 0.9
    """Fewer only below this share of the target, so that the number does not swing."""

    def wanted(self, tasks: int, cpu_pct: float) -> int:
        """Tasks from now on, where `tasks` run at this average load, 100 being all of a core."""
        if self.slack * self.target_pct <= cpu_pct <= self.target_pct:
            return min(self.most, max(self.least, tasks))
        return min(self.most, max(self.least, math.ceil(tasks * cpu_pct / self.target_pct)))


class Depth:
    """The queue's length over time, averaged over periods of a minute as a metric with that period is."""

    def __init__(self) -> None:
        self.jobs = 0
        self.longest = 0
        self._area = 0.0
        self._since_s = 0.0
        self._period_from_s = 0.0

    def change(self, now_s: float, by: int) -> None:
        """So many jobs more, or fewer, wait from now on."""
        self._area += self.jobs * (now_s - self._since_s)
        self._since_s = now_s
        self.jobs += by
        self.longest = max(self.longest, self.jobs)

    def close(self, now_s: float) -> float:
        """End a period: its mean."""
        self.change(now_s, 0)
        mean = self._area / max(now_s - self._period_from_s, 1e-9)
        self._area, self._period_from_s = 0.0, now_s
        return mean
