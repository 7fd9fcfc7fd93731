"""The bench of the plan judges as it says: it agrees with itself, and not with a slower machine."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.capacity.fleet import FleetSettings
from ascension.capacity.scaling import FixedRule
from ascension.capacity.simulation import simulate
from benches.plan import CALIBRATION_JOBS, SLOTS, WORKERS, Overhead, Real, drawn, one_after_the_other, report
from benches.plan_worker import seconds_of, subject_of

WITHIN_S, BETWEEN_S = 0.02, 0.03
NOTHING = Overhead(0, 0)


def as_if_real(count: int, *, slower: float) -> Real:
    """Rows of jobs that took so many times as long as asked for."""
    jobs = drawn(count, 1, 0.95)
    slow = replace(jobs, service_s=jobs.service_s * slower)
    outcome = simulate(
        slow, FleetSettings(slots=SLOTS), FixedRule(WORKERS), until_s=1, rng=np.random.default_rng(0)
    )
    first_s = jobs.arrive_s[0]
    return Real(
        jobs.arrive_s - first_s, outcome.started_s - first_s, outcome.finished_s - first_s, outcome.runs
    )


@pytest.mark.parametrize(("slower", "agrees"), [(1, True), (1.15, False), (0.85, False)])
def test_it_fails_where_the_simulator_is_off(
    slower: float, agrees: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    real = as_if_real(200, slower=slower)
    assert report(drawn(200, 1, 0.95), real, NOTHING) is agrees
    printed = capsys.readouterr().out
    assert ("NOT within 15%" in printed) is not agrees
    # with the times that the runs took, nothing is left but the start of the clock
    assert "own times / real: 1.0" in printed


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
    found = Overhead.of(
        jobs, Real(jobs.arrive_s, started_s, finished_s, np.ones(CALIBRATION_JOBS, dtype=np.int64)), slots
    )
    assert found.within_s == pytest.approx(WITHIN_S)
    assert found.between_s == pytest.approx(BETWEEN_S)


def test_a_subject_tells_its_sleep_and_is_unlike_all_others() -> None:
    subjects = [subject_of(12.345678) for _ in range(100)]
    assert len(set(subjects)) == 100
    assert {seconds_of(subject) for subject in subjects} == {12.345678}
