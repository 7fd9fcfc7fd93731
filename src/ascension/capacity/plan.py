"""One demand, served under several rules: waits, workers, money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.capacity.demand import DAY_S, Demand, Jobs, draw
from ascension.capacity.fleet import FleetSettings
from ascension.capacity.prices import GPU_HOUR_USD, MONTH_HOURS, Usage, WorkerHours, platform_lines, total_usd
from ascension.capacity.scaling import CpuRule, Rule
from ascension.capacity.simulation import Outcome, simulate

HOUR_S: Final = 3600


@dataclass(frozen=True)
class Money:
    """What the plan is paid with."""

    hour_usd: float = GPU_HOUR_USD
    """Of one worker on demand."""
    reserved: int = 0
    """Workers paid for all month, at the reserved price."""
    cdn: bool = False


@dataclass(frozen=True)
class Waits:
    """Seconds from the request to the start, and who waited too long."""

    jobs: int
    p50_s: float
    p95_s: float
    p99_s: float
    longest_s: float
    late_pct: float


@dataclass(frozen=True)
class Column:
    """What one rule brings. Money is of a month."""

    name: str
    all: Waits
    by_tier: Mapping[str, Waits]
    utilization_pct: float
    longest_queue: int
    mean_workers: float
    most_workers: int
    handed_back: int
    lost_runs: int
    worker_hours: WorkerHours
    workers_usd: float
    platform_usd: float
    usd_per_clip: float
    usd_per_user: float
    hourly: tuple["Hour", ...]


@dataclass(frozen=True)
class Hour:
    """One hour of the simulated time."""

    asked_for: int
    workers: float
    """Able to work, on average."""
    queued: float
    """Jobs that waited, on average."""
    late_pct: float | None
    """Of those asked for in this hour; None where there were none."""


@dataclass(frozen=True)
class ApiNeed:
    """What the API has to carry in the busiest hour."""

    requests_per_s: float
    busy_cores: float
    tasks: int
    """Of one core each, by the documented rule."""


@dataclass(frozen=True)
class Plan:
    """Jobs of some days, and a column for every rule."""

    jobs: int
    days: int
    mean_service_s: float
    offered_slots: float
    """Slots that the jobs would keep busy on average."""
    usage: Usage
    api: ApiNeed
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Question:
    """Everything that is fixed while rules are compared."""

    demand: Demand
    fleet: FleetSettings
    money: Money
    days: int = 7
    late_s: float = 300
    seed: int = 1


def drawn_jobs(question: Question) -> Jobs:
    """The jobs that all rules are tried on."""
    return draw(question.demand, days=question.days, rng=np.random.default_rng(question.seed))


def plan(question: Question, jobs: Jobs, rules: Mapping[str, Rule]) -> Plan:
    """The same jobs under every rule; every rule meets the same chance."""
    mean_clip_s = float(jobs.clip_s.mean())
    usage = Usage(question.demand.clips, mean_clip_s)
    columns = [
        _column(name, question, jobs, usage, _served(question, jobs, rule)) for name, rule in rules.items()
    ]
    return Plan(
        jobs=len(jobs),
        days=question.days,
        mean_service_s=float(jobs.service_s.mean()),
        offered_slots=float(jobs.service_s.sum()) / (question.days * DAY_S),
        usage=usage,
        api=api_need(question.demand, max(hour.asked_for for hour in columns[0].hourly)),
        columns=tuple(columns),
    )


def api_need(demand: Demand, clips_per_hour: float) -> ApiNeed:
    """Tasks that the documented rule settles on."""
    requests_per_s = clips_per_hour * demand.requests_per_clip / HOUR_S
    busy_cores = requests_per_s * demand.request_cpu_s
    rule = CpuRule()
    tasks = rule.least
    for _ in range(rule.most):  # it settles within these steps
        tasks = rule.wanted(tasks, 100 * busy_cores / tasks)
    return ApiNeed(requests_per_s, busy_cores, tasks)


def _served(question: Question, jobs: Jobs, rule: Rule) -> Outcome:
    rng = np.random.default_rng(question.seed + 1)
    return simulate(jobs, question.fleet, rule, until_s=question.days * DAY_S, rng=rng)


def waits_of(wait_s: NDArray[np.float64], late_s: float) -> Waits:
    """Percentiles of at least one wait."""
    p50, p95, p99 = np.percentile(wait_s, (50, 95, 99)).tolist()
    late_pct = float((wait_s > late_s).mean() * 100)
    return Waits(len(wait_s), p50, p95, p99, float(wait_s.max()), late_pct)


def _column(name: str, question: Question, jobs: Jobs, usage: Usage, outcome: Outcome) -> Column:
    until_s = question.days * DAY_S
    wait_s = outcome.started_s - jobs.arrive_s
    tier = np.array(jobs.tier)
    by_tier = {
        one: waits_of(wait_s[tier == one], question.late_s)
        for one in question.demand.tiers
        if (tier == one).any()
    }
    ready_s = sum(worker.ready_seconds(until_s) for worker in outcome.workers)
    hours = worker_hours(outcome, until_s, question.money.reserved)
    workers_usd = hours.usd(question.money.hour_usd)
    platform_usd = workers_usd + total_usd(platform_lines(usage, cdn=question.money.cdn))
    return Column(
        name=name,
        all=waits_of(wait_s, question.late_s),
        by_tier=by_tier,
        utilization_pct=100 * outcome.busy_s / (ready_s * question.fleet.slots),
        longest_queue=outcome.longest_queue,
        mean_workers=sum(worker.seconds(until_s) for worker in outcome.workers) / until_s,
        most_workers=max(minute.workers for minute in outcome.minutes),
        handed_back=outcome.handed_back,
        lost_runs=outcome.lost_runs,
        worker_hours=hours,
        workers_usd=workers_usd,
        platform_usd=platform_usd,
        usd_per_clip=platform_usd / question.demand.clips,
        usd_per_user=platform_usd / question.demand.users,
        hourly=_hours(jobs, wait_s, outcome, question),
    )


def worker_hours(outcome: Outcome, until_s: float, reserved: int) -> WorkerHours:
    """Hours of a month, scaled from the simulated time. Reserved machines replace those on demand first."""
    to_month = MONTH_HOURS / (until_s / HOUR_S)
    spot = on_demand = 0.0
    for worker in outcome.workers:
        hours = worker.seconds(until_s) / HOUR_S * to_month
        spot, on_demand = (spot + hours, on_demand) if worker.spot else (spot, on_demand + hours)
    covered = reserved * MONTH_HOURS
    return WorkerHours(
        on_demand=max(on_demand - covered, 0),
        spot=max(spot - max(covered - on_demand, 0), 0),
        reserved=covered,
    )


def _hours(jobs: Jobs, wait_s: NDArray[np.float64], outcome: Outcome, question: Question) -> tuple[Hour, ...]:
    hour = (jobs.arrive_s // HOUR_S).astype(np.int64)
    count = question.days * 24
    asked_for = np.bincount(hour, minlength=count)
    late = np.bincount(hour, weights=wait_s > question.late_s, minlength=count)
    minutes_of: list[list[int]] = [[] for _ in range(count)]
    for index, minute in enumerate(outcome.minutes):
        minutes_of[min(int((minute.at_s - 1) // HOUR_S), count - 1)].append(index)
    return tuple(
        Hour(
            asked_for=int(asked_for[number]),
            workers=_mean([outcome.minutes[index].workers for index in inside]),
            queued=_mean([outcome.minutes[index].queued for index in inside]),
            late_pct=float(100 * late[number] / asked_for[number]) if asked_for[number] else None,
        )
        for number, inside in enumerate(minutes_of)
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
