"""The simulator against what holds of every queue, against theory, and against what the job protocol says."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.capacity.demand import Demand, Jobs, draw
from ascension.capacity.fleet import FleetSettings
from ascension.capacity.scaling import BacklogRule, FixedRule, Rule, StepRule
from ascension.capacity.simulation import Outcome, simulate
from ascension.jobs.turns import WEIGHTS

DAY_S = 86_400


def jobs_of(*rows: tuple[float, int, str, float]) -> Jobs:
    """Jobs by (arrival, user, tier, service)."""
    arrive_s, user, tier, service_s = zip(*rows, strict=True)
    lengths = np.array(service_s, dtype=np.float64)
    return Jobs(np.array(arrive_s, dtype=np.float64), np.array(user), tier, lengths, lengths)


def poisson(count: int, *, per_s: float, mean_s: float, seed: int = 1) -> Jobs:
    """Exponential gaps and service times, every job of another user."""
    rng = np.random.default_rng(seed)
    service_s = rng.exponential(mean_s, count)
    arrive_s = np.cumsum(rng.exponential(1 / per_s, count))
    return Jobs(arrive_s, np.arange(count), ("free",) * count, service_s, service_s)


def served(jobs: Jobs, rule: Rule, fleet: FleetSettings | None = None, *, until_s: float = 0) -> Outcome:
    return simulate(
        jobs, fleet or FleetSettings(), rule, until_s=until_s or DAY_S, rng=np.random.default_rng(2)
    )


def at_work(outcome: Outcome) -> int:
    """The most jobs that ran side by side in their last runs."""
    changes = sorted([(end, -1) for end in outcome.finished_s] + [(start, 1) for start in outcome.started_s])
    return int(np.cumsum([change for _, change in changes]).max())


rows = st.tuples(
    st.floats(0, 3000),
    st.integers(0, 5),
    st.sampled_from([*WEIGHTS]),
    st.floats(0.1, 400),
)


@given(
    st.lists(rows, min_size=1, max_size=60),
    st.integers(1, 3),
    st.integers(1, 3),
    st.floats(0, 50),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=40, deadline=None)
def test_every_job_is_served_once_and_whole_whatever_happens(
    drawn: list[tuple[float, int, str, float]], workers: int, slots: int, trouble: float, seed: int
) -> None:
    jobs = jobs_of(*sorted(drawn))
    fleet = FleetSettings(
        slots=slots, boot_s=60, spot_share=0.5, interruptions_per_day=trouble, crashes_per_day=trouble
    )
    outcome = simulate(jobs, fleet, FixedRule(workers), until_s=DAY_S, rng=np.random.default_rng(seed))
    assert (outcome.started_s >= jobs.arrive_s).all()
    # the last run is whole
    np.testing.assert_allclose(outcome.finished_s - outcome.started_s, jobs.service_s, rtol=1e-6)
    assert outcome.runs.sum() == len(jobs) + outcome.handed_back + outcome.lost_runs
    assert at_work(outcome) <= workers * slots


def test_little_s_law_holds_exactly() -> None:
    jobs = poisson(3000, per_s=0.5, mean_s=9)
    outcome = served(jobs, FixedRule(5))
    waited_s = (outcome.started_s - jobs.arrive_s).sum()
    assert outcome.finished_s.max() < DAY_S
    assert sum(minute.queued * 60 for minute in outcome.minutes) == pytest.approx(waited_s)
    assert outcome.busy_s == pytest.approx(jobs.service_s.sum())


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c; `load` in Erlang."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.7), (4, 0.8), (12, 0.9)])
def test_waits_are_those_of_erlang_s_formula(servers: int, busy: float) -> None:
    mean_s, count = 10.0, 60_000
    per_s = busy * servers / mean_s
    jobs = poisson(count, per_s=per_s, mean_s=mean_s, seed=servers)
    outcome = served(jobs, FixedRule(servers), until_s=float(jobs.arrive_s[-1]))
    wait_s = outcome.started_s - jobs.arrive_s
    chance = erlang_c(servers, busy * servers)
    spare_per_s = servers / mean_s - per_s
    # waits go together in busy periods: the bounds are some three standard errors of runs this long
    assert (wait_s > 0).mean() == pytest.approx(chance, rel=0.07)
    assert wait_s.mean() == pytest.approx(chance / spare_per_s, rel=0.14)
    later_s = 1 / spare_per_s
    assert (wait_s > later_s).mean() == pytest.approx(chance / math.e, rel=0.17)


def test_slots_of_one_worker_serve_as_many_workers_with_one_slot() -> None:
    jobs = poisson(20_000, per_s=0.7, mean_s=10)
    apart = served(jobs, FixedRule(8))
    together = served(jobs, FixedRule(2), FleetSettings(slots=4))
    np.testing.assert_allclose(np.sort(apart.started_s), np.sort(together.started_s))


def test_one_user_s_fifty_clips_hold_up_another_by_two_at_most() -> None:
    many = [(0.0, 0, "free", 10.0)] * 50
    jobs = jobs_of(*many, (1.0, 1, "free", 10.0))
    outcome = served(jobs, FixedRule(1))
    assert outcome.started_s[-1] == 20
    assert outcome.started_s.max() == 500
    without_admission = served(jobs, FixedRule(1), FleetSettings(admitted_per_user=1000))
    assert without_admission.started_s[-1] == 500


def test_full_tiers_share_by_weight_and_free_never_starves() -> None:
    total = sum(WEIGHTS.values())
    rows = [(0.0, user, tier, 1.0) for user, tier in enumerate(tier for tier in WEIGHTS for _ in range(100))]
    outcome = served(jobs_of(*rows), FixedRule(1))
    first: list[int] = np.argsort(outcome.started_s)[
        1 : 1 + 5 * total
    ].tolist()  # the very first finds an idle reader
    shares = Counter(rows[index][2] for index in first)
    assert {tier: shares[tier] / 5 for tier in WEIGHTS} == pytest.approx(WEIGHTS, abs=0.41)
    free = np.sort(outcome.started_s[[index for index, row in enumerate(rows) if row[2] == "free"]])
    assert np.diff(free[:10]).max() <= total


def test_a_spot_machine_that_is_taken_away_gives_its_job_back_and_is_replaced() -> None:
    jobs = jobs_of(*[(float(n), n, "free", 1000.0) for n in range(40)])
    fleet = FleetSettings(boot_s=300, spot_share=1, interruptions_per_day=20)
    outcome = served(jobs, FixedRule(2), fleet)
    assert outcome.handed_back > 0
    assert outcome.lost_runs == 0
    taken = [worker for worker in outcome.workers if worker.gone_s is not None]
    assert len(taken) == len(outcome.workers) - 2
    assert all(worker.spot for worker in outcome.workers)
    assert max(minute.workers + minute.booting for minute in outcome.minutes) == 2


def test_the_notice_is_long_enough_for_short_jobs() -> None:
    jobs = poisson(4000, per_s=0.1, mean_s=10)
    fleet = FleetSettings(spot_share=1, interruptions_per_day=20)
    jobs = replace(jobs, service_s=np.minimum(jobs.service_s, 100))
    outcome = served(jobs, FixedRule(3), fleet)
    assert len(outcome.workers) > 10
    assert (outcome.handed_back, outcome.runs.max()) == (0, 1)


def test_a_crash_costs_the_lease_and_the_run() -> None:
    jobs = jobs_of((0.0, 0, "free", 1000.0))
    fleet = FleetSettings(crashes_per_day=60, lease_s=20, restart_s=10)
    outcome = served(jobs, FixedRule(1), fleet)
    assert outcome.lost_runs == outcome.runs[0] - 1 > 0
    assert len(outcome.workers) == 1, "the machine stays"
    assert outcome.finished_s[0] - outcome.started_s[0] == pytest.approx(1000)


@pytest.mark.proves("M34")
def test_the_documented_rule_drowns_in_the_evening_where_ours_does_not() -> None:
    demand = Demand(users=100_000)
    jobs = draw(demand, days=1, rng=np.random.default_rng(3))
    documented = served(jobs, StepRule())
    ours = served(jobs, BacklogRule(service_s=float(jobs.service_s.mean()), slots=1))
    late = [((one.started_s - jobs.arrive_s) > 300).mean() for one in (documented, ours)]
    assert late[0] > 0.2
    assert late[1] < 0.01
    assert max(minute.workers for minute in documented.minutes) == 10
    at_night = [minute.workers for minute in ours.minutes if minute.at_s < 5 * 3600]
    assert min(at_night) == 2


def test_workers_work_only_after_their_boot() -> None:
    jobs = jobs_of(*[(0.0, user, "free", 300.0) for user in range(200)])
    slow = served(jobs, StepRule(), FleetSettings(boot_s=1000), until_s=3600)
    by_time = {minute.at_s: (minute.workers, minute.booting) for minute in slow.minutes}
    assert by_time[120] == (3, 2)
    assert by_time[1080][0] == 3
    assert by_time[1140][0] == 5


def test_the_same_seed_brings_the_same_day() -> None:
    jobs = poisson(2000, per_s=0.5, mean_s=9)
    fleet = FleetSettings(spot_share=0.5, interruptions_per_day=10, crashes_per_day=10)
    first, second = (served(jobs, FixedRule(6), fleet) for _ in range(2))
    np.testing.assert_array_equal(first.started_s, second.started_s)
    assert first.minutes == second.minutes
