"""What the same workers would cost if they were paid for, or counted, in another way."""

from dataclasses import dataclass

from ascension.capacity.plan import Column, Plan
from ascension.capacity.prices import MONTH_HOURS, WorkerHours, platform_lines, total_usd


@dataclass(frozen=True)
class WhatIf:
    """One other way. Money is of a month."""

    name: str
    workers_usd: float
    platform_usd: float


def what_ifs(plan: Plan, column: Column, *, hour_usd: float, always_on: int) -> tuple[WhatIf, ...]:
    """The savings that production.md 1141-1145 names, one by one and together, on one rule's machine hours.

    `always_on`: the workers that run in every hour, for which reserving pays.
    """
    hours = column.mean_workers * MONTH_HOURS
    kept = min(always_on * MONTH_HOURS, hours)
    without_cdn, with_cdn = (total_usd(platform_lines(plan.usage, cdn=cdn)) for cdn in (False, True))

    def way(name: str, paid: WorkerHours, *, cdn: bool = False) -> WhatIf:
        workers_usd = paid.usd(hour_usd)
        return WhatIf(name, workers_usd, workers_usd + (with_cdn if cdn else without_cdn))

    return (
        way(
            f"no scaling: {column.most_workers} workers all month, on demand",
            WorkerHours(column.most_workers * MONTH_HOURS, 0, 0),
        ),
        way("scaled, on demand", WorkerHours(hours, 0, 0)),
        way(f"scaled, {always_on} reserved (-40 %)", WorkerHours(hours - kept, 0, kept)),
        way("scaled, spot (-70 %)", WorkerHours(0, hours, 0)),
        way(f"scaled, {always_on} reserved, the rest spot", WorkerHours(0, hours - kept, kept)),
        way("scaled, spot, clips through the CDN", WorkerHours(0, hours, 0), cdn=True),
    )
