"""Who asks for analyses, when, and how long each takes: one drawn list of jobs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.jobs.turns import WEIGHTS

DAY_S: Final = 86_400
MONTH_DAYS: Final = 30.4
Z_P95: Final = 1.6449


@dataclass(frozen=True)
class Visits:
    """How many start climbing in each hour of a day, relative to each other, from 00:00."""

    weekday: tuple[float, ...]
    weekend: tuple[float, ...]

    def week(self) -> NDArray[np.float64]:
        """Shares of the week's visits, hour by hour from Monday 00:00; their sum is 1."""
        hours = np.array([*self.weekday * 5, *self.weekend * 2], dtype=np.float64)
        return hours / hours.sum()


# Our assumption, no measurement: no figures of our users exist. Its one strong feature, a weekday evening
# several times as busy as noon, is what climbing gyms' public counters look like (docs/guides/capacity.md).
GYM_VISITS: Final = Visits(
    weekday=(0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 5, 5, 7, 11, 18, 24, 24, 17, 9, 3, 1),
    weekend=(0, 0, 0, 0, 0, 0, 0, 1, 3, 7, 10, 12, 12, 13, 14, 14, 12, 10, 8, 6, 4, 2, 1, 0),
)


@dataclass(frozen=True)
class Demand:
    """What is asked for. All users live in one time zone, which makes the peak as steep as it can be."""

    users: int = 100_000
    clips_per_month: float = 10
    tiers: Mapping[str, float] = field(
        default_factory=lambda: {"infinity": 0.02, "premium": 0.08, "free": 0.9}
    )
    """Share of users by tier."""
    clips_per_visit: float = 3
    between_clips_s: float = 360
    clip_median_s: float = 30
    clip_p95_s: float = 90
    clip_max_s: float = 600
    video_frames_per_s: float = 30
    computed_frames_per_s: float = 78
    """Of one slot."""
    overhead_s: float = 2
    """Of every job beside its frames: the fetch, the start, the end."""
    visits: Visits = GYM_VISITS
    requests_per_clip: float = 25
    """To the API: an upload of some parts, an analysis, its reading."""
    request_cpu_s: float = 0.001

    @property
    def clips(self) -> float:
        """In a month."""
        return self.users * self.clips_per_month

    def service_s(self, clip_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds a slot needs for clips of these lengths."""
        return clip_s * self.video_frames_per_s / self.computed_frames_per_s + self.overhead_s


@dataclass(frozen=True)
class Jobs:
    """Jobs in the order of arrival; all arrays have one entry a job."""

    arrive_s: NDArray[np.float64]
    """From Monday 00:00."""
    user: NDArray[np.int64]
    tier: tuple[str, ...]
    service_s: NDArray[np.float64]
    """What a slot needs for it, undisturbed."""
    clip_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.tier)


def draw(demand: Demand, *, days: int, rng: np.random.Generator) -> Jobs:
    """The jobs of some days from a Monday on.

    Visits are a Poisson process whose rate follows the hours; a visit brings 1 + Poisson clips of one user,
    apart by exponential pauses. Lengths are log-normal, cut at the limit. The monthly quota is not applied.
    """
    visits = rng.poisson(_visits_per_day(demand) * days * _weight_of(demand, days))
    begin_s = _times(demand, days, int(visits), rng)
    clips = 1 + rng.poisson(max(demand.clips_per_visit - 1, 0), int(visits))
    user = np.repeat(rng.integers(0, demand.users, int(visits)), clips)
    pause_s = rng.exponential(demand.between_clips_s, int(clips.sum()))
    arrive_s = np.repeat(begin_s, clips) + _since_first(pause_s, clips)
    inside = arrive_s < days * DAY_S
    arrive_s, user = arrive_s[inside], user[inside]
    order = np.argsort(arrive_s, kind="stable")
    clip_s = clip_lengths_s(demand, len(order), rng)
    names = list(demand.tiers)
    bounds = np.cumsum(list(demand.tiers.values())) / sum(demand.tiers.values())
    # a user's tier follows from the user's number: the first share of them has the first tier
    tier_index: list[int] = np.searchsorted(bounds, (user[order] + 0.5) / demand.users).tolist()
    return Jobs(
        arrive_s[order],
        user[order],
        tuple(names[index] for index in tier_index),
        demand.service_s(clip_s),
        clip_s,
    )


def clip_lengths_s(demand: Demand, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Log-normal lengths with the demand's median and 95th percentile, none above its limit."""
    spread = math.log(demand.clip_p95_s / demand.clip_median_s) / Z_P95
    drawn = rng.lognormal(math.log(demand.clip_median_s), spread, count)
    return np.minimum(drawn, demand.clip_max_s)


def known_tiers() -> tuple[str, ...]:
    """Those that delivery knows."""
    return tuple(WEIGHTS)


def _visits_per_day(demand: Demand) -> float:
    return demand.clips / MONTH_DAYS / demand.clips_per_visit


def _hours(demand: Demand, days: int) -> NDArray[np.float64]:
    """Share of a week's visits in each hour of the days."""
    week = demand.visits.week()
    return np.resize(week, days * 24)


def _weight_of(demand: Demand, days: int) -> float:
    """How busy the days are, compared with as many average days."""
    return float(_hours(demand, days).sum() * 7 / days)


def _times(demand: Demand, days: int, visits: int, rng: np.random.Generator) -> NDArray[np.float64]:
    hours = _hours(demand, days)
    hour = rng.choice(len(hours), size=visits, p=hours / hours.sum())
    return (hour + rng.random(visits)) * 3600


def _since_first(pause_s: NDArray[np.float64], clips: NDArray[np.int64]) -> NDArray[np.float64]:
    """Running sums of the pauses that start at zero with each visit."""
    if len(pause_s) == 0:
        return pause_s
    total_s = np.cumsum(pause_s)
    first = np.cumsum(clips) - clips
    return total_s - np.repeat(total_s[first], clips)
