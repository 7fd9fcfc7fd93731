"""The bench of the plan judges as it says: it agrees with itself, and not with a slower machine."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.capacity.demand import Jobs
from ascension.capacity.fleet import FleetSettings
from ascension.capacity.scaling import FixedRule
from ascension.capacity.simulation import simulate
from benches.plan import CALIBRATION_JOBS, SLOTS, WORKERS, Overhead, Real, drawn, one_after_the_other, report
from benches.plan_worker import seconds_of, subject_of

WITHIN_S, BETWEEN_S = 0.02, 0.03
NOTHING = Overhead(0, 0)


def as_if_real(jobs: Jobs, *, slots: int = SLOTS, slower: float = 1) -> Real:
    """Rows of jobs that as many slots served, and that took so many times as long as asked for."""
    slow = replace(jobs, service_s=jobs.service_s * slower)
    fleet = FleetSettings(slots=slots)
    outcome = simulate(slow, fleet, FixedRule(WORKERS), until_s=1, rng=np.random.default_rng(0))
    return Real(jobs.arrive_s, outcome.started_s, outcome.finished_s, outcome.runs)


@pytest.mark.parametrize(("slots", "agrees"), [(SLOTS, True), (SLOTS - 1, False), (SLOTS + 1, False)])
def test_it_fails_where_the_queue_is_another(
    slots: int, agrees: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = drawn(200, 1, 0.95)
    assert report(jobs, as_if_real(jobs, slots=slots), NOTHING) is agrees
    assert ("NOT within 15%" in capsys.readouterr().out) is not agrees


def test_a_slow_machine_is_no_other_queue(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = drawn(200, 1, 0.95)
    assert report(jobs, as_if_real(jobs, slower=1.15), NOTHING)
    printed = capsys.readouterr().out
    assert "p95 simulated / real: 1.000" in printed
    assert "p95 forecast / real: 0." in printed, "nobody could foresee it"


def test_the_drawn_load_is_the_one_asked_for() -> None:
    jobs = drawn(20_000, 3, 0.9)
    assert jobs.service_s.sum() / (jobs.arrive_s[-1] * WORKERS * SLOTS) == pytest.approx(0.9, rel=0.03)


def test_what_a_job_costs_beside_its_sleep_is_found_again() -> None:
    jobs = one_after_the_other()
    slots = WORKERS * SLOTS
    started_s, finished_s = np.zeros(CALIBRATION_JOBS), np.zeros(CALIBRATION_JOBS)
    free_s = np.zeros(slots)
    for job in range(CALIBRATION_JOBS):
        slot = int(free_s.argmin())
        started_s[job] = free_s[slot]
        finished_s[job] = started_s[job] + jobs.service_s[job] + WITHIN_S
        free_s[slot] = finished_s[job] + BETWEEN_S
    attempts = np.ones(CALIBRATION_JOBS, dtype=np.int64)
    found = Overhead.of(jobs, Real(jobs.arrive_s, started_s, finished_s, attempts))
    assert found.within_s == pytest.approx(WITHIN_S)
    assert found.between_s == pytest.approx(BETWEEN_S)


def test_a_subject_tells_its_sleep_and_is_unlike_all_others() -> None:
    subjects = [subject_of(12.345678) for _ in range(100)]
    assert len(set(subjects)) == 100
    assert {seconds_of(subject) for subject in subjects} == {12.345678}
