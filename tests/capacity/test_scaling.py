"""Scaling rules on a clock that the test moves: the documented policy to the second, and ours."""

import pytest

from ascension.capacity.demand import Demand
from ascension.capacity.plan import api_need
from ascension.capacity.scaling import (
    PERIOD_S,
    BacklogRule,
    CpuRule,
    Depth,
    FixedRule,
    Observation,
    Rule,
    StepRule,
)


class Clock:
    """A queue of a given length, looked at by a rule whenever a period closes."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.workers = rule.first
        self.changes: list[tuple[float, int]] = []
        self._depth = Depth()
        self._recent: list[Observation] = []
        self._now_s = 0

    def queue(self, jobs: int, seconds: int, *, running: int = 0, oldest_s: float = 0) -> None:
        """So many jobs wait for so long."""
        self._depth.change(self._now_s, jobs - self._depth.jobs)
        for _ in range(seconds):
            self._now_s += 1
            if self._now_s % PERIOD_S == 0:
                mean = self._depth.close(self._now_s)
                self._recent.append(Observation(self._now_s, mean, jobs, running, oldest_s))
                self._decide()

    def _decide(self) -> None:
        changed_at_s = self.changes[-1][0] if self.changes else None
        wanted = self.rule.wanted(self._recent, self.workers, changed_at_s)
        if wanted != self.workers:
            self.changes.append((self._now_s, wanted))
            self.workers = wanted


@pytest.mark.proves("M34")
def test_51_jobs_for_119_s_add_nothing_and_for_120_s_two_workers() -> None:
    clock = Clock(StepRule())
    clock.queue(51, 119)
    assert (clock.workers, clock.changes) == (3, [])
    clock.queue(51, 1)
    assert clock.changes == [(120, 5)]


@pytest.mark.proves("M34")
def test_the_cooldown_holds_for_300_s_and_ten_workers_are_the_most() -> None:
    clock = Clock(StepRule())
    clock.queue(500, 120 + 299)
    assert clock.changes == [(120, 5)]
    clock.queue(500, 1)
    assert clock.changes == [(120, 5), (420, 7)]
    clock.queue(500, 3600)
    assert clock.changes == [(120, 5), (420, 7), (720, 9), (1020, 10)]


@pytest.mark.parametrize("jobs", [0, 50])
def test_the_documented_rule_asks_for_more_than_50_and_never_takes_away(jobs: int) -> None:
    clock = Clock(StepRule())
    clock.queue(51, 120)
    clock.queue(jobs, 24 * 3600)
    assert clock.workers == 5


def test_the_alarm_is_on_the_average_of_each_period() -> None:
    clock = Clock(StepRule())
    clock.queue(102, 30)
    clock.queue(0, 30)  # this minute's mean is 51
    clock.queue(100, 30)
    clock.queue(0, 30)  # and this one's 50
    assert clock.changes == []
    clock.queue(102, 30)
    clock.queue(0, 30)
    clock.queue(51, 60)
    assert clock.changes == [(240, 5)]


def backlog(**changes: float) -> BacklogRule:
    told: dict[str, float] = {"target_s": 120, "busy_share": 0.8, **changes}
    return BacklogRule(service_s=15, slots=1, least=2, first=3, most=20, **told)


@pytest.mark.proves("M34")
def test_a_backlog_asks_at_once_for_the_workers_that_clear_it_in_time() -> None:
    clock = Clock(backlog())
    clock.queue(40, PERIOD_S, running=4)
    # 4 at work with a fifth to spare, and 40 x 15 s in 120 s
    assert clock.changes == [(60, 10)]


def test_workers_that_boot_are_not_ordered_twice() -> None:
    clock = Clock(backlog())
    clock.queue(40, 10 * PERIOD_S, running=4)
    assert clock.changes == [(60, 10)]


def test_somebody_who_waits_too_long_brings_a_worker_a_minute() -> None:
    clock = Clock(backlog())
    clock.queue(1, 3 * PERIOD_S, running=1, oldest_s=121)
    assert clock.changes == [(60, 4), (120, 5), (180, 6)]


@pytest.mark.proves("M34")
def test_workers_are_taken_away_after_a_quarter_of_an_hour_of_calm_and_two_stay() -> None:
    clock = Clock(backlog())
    clock.queue(1000, PERIOD_S, running=3)
    assert clock.changes == [(60, 20)]
    clock.queue(0, 900, running=8)
    assert clock.changes == [(60, 20), (960, 10)]
    clock.queue(0, 3600)
    assert clock.workers == 2


def test_one_busy_minute_in_a_calm_quarter_keeps_the_workers() -> None:
    clock = Clock(backlog())
    clock.queue(1000, PERIOD_S, running=3)
    for _ in range(8):
        clock.queue(0, 7 * PERIOD_S)
        clock.queue(0, PERIOD_S, running=16)
    assert clock.workers == 20


def test_without_scaling_nothing_changes() -> None:
    clock = Clock(FixedRule(7))
    clock.queue(10_000, 3600, running=7, oldest_s=3000)
    assert clock.changes == []


@pytest.mark.proves("M35")
@pytest.mark.parametrize(
    ("tasks", "cpu_pct", "wanted"),
    [
        (3, 70, 3),
        (3, 71, 4),
        (3, 100, 5),
        (5, 100, 8),
        (8, 100, 10),
        (10, 100, 10),
        (10, 0, 3),
        (4, 64, 4),
        (4, 50, 3),
    ],
)
def test_api_tasks_follow_their_load_between_3_and_10(tasks: int, cpu_pct: float, wanted: int) -> None:
    assert CpuRule().wanted(tasks, cpu_pct) == wanted


@pytest.mark.proves("M35")
@pytest.mark.parametrize(
    ("clips_per_hour", "tasks"), [(0, 3), (5600, 3), (360_000, 4), (700_000, 7), (1e9, 10)]
)
def test_the_api_tasks_of_a_plan(clips_per_hour: float, tasks: int) -> None:
    need = api_need(Demand(requests_per_clip=25, request_cpu_s=0.001), clips_per_hour)
    assert need.tasks == tasks
    assert need.busy_cores == pytest.approx(clips_per_hour * 25 / 3600 * 0.001)
    assert tasks == 10 or need.busy_cores / tasks <= 0.7


def test_depth_is_the_mean_over_time_and_remembers_the_longest() -> None:
    depth = Depth()
    depth.change(0, 1)
    depth.change(30, 2)
    depth.change(45, -3)
    assert depth.close(60) == pytest.approx((30 * 1 + 15 * 3) / 60)
    assert depth.close(120) == 0
    assert depth.longest == 3
