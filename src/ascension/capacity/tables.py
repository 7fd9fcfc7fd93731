"""The plan for a terminal: tables and a curve of the busiest day."""

from collections.abc import Callable, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ascension.capacity.chart import DAYS, sparkline
from ascension.capacity.plan import Column, Hour, Plan, Question, Waits
from ascension.capacity.prices import DOCUMENTED, Line, total_usd
from ascension.capacity.what_if import WhatIf
from ascension.infra.console import plural


def duration(seconds: float) -> str:
    """Short: 0.4 s, 12 s, 3.5 min, 2.1 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def usd(amount: float) -> str:
    """Dollars; cents where there are few."""
    if amount >= 10:
        return f"${amount:,.0f}"
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.4f}"


def summary(question: Question, plan: Plan) -> Iterable[str]:
    """What was simulated, and what of it is assumed."""
    demand, fleet, usage = question.demand, question.fleet, plan.usage
    yield (
        f"{demand.users:,} users x {demand.clips_per_month:g} clips a month; simulated: {plan.days} days, "
        f"{plan.jobs:,} jobs of {plan.mean_service_s:.1f} s on average ({demand.computed_frames_per_s:g} "
        f"frames/s a slot), {plan.offered_slots:.2g} slots busy on average"
    )
    yield (
        f"Workers: {fleet.slots} {plural(fleet.slots, 'slot')}, {fleet.boot_s:g} s to boot, "
        f"{100 * fleet.spot_share:.0f} % spot. "
        f"A month: {usage.uploaded_gb:,.0f} GB up, {usage.transferred_gb:,.0f} GB down, "
        f"{usage.stored_gb + usage.archived_gb:,.0f} GB kept, {usage.puts + usage.gets:,.0f} "
        "requests to storage"
    )
    yield (
        f"API: at most {plan.api.requests_per_s:,.1f} requests/s, {plan.api.busy_cores:.2g} cores; "
        f"{plan.api.tasks} tasks"
    )
    yield "Evening peak, clip lengths, spot and crash rates are assumptions: docs/guides/capacity.md"


def rules_table(plan: Plan, late_s: float) -> Table:
    """One column a rule."""
    table = Table(title="The same jobs under each rule")
    table.add_column("")
    for column in plan.columns:
        table.add_column(column.name, justify="right")
    for name, cells in _rows(plan.columns, late_s):
        table.add_row(name, *cells)
    return table


def _rows(columns: Sequence[Column], late_s: float) -> Iterable[tuple[str, list[str]]]:
    yield from _percentiles("wait", [one.all for one in columns])
    for tier in columns[0].by_tier:
        yield from _percentiles(f"  {tier}", [one.by_tier[tier] for one in columns])
    yield ("longest wait", [duration(one.all.longest_s) for one in columns])
    yield (f"later than {duration(late_s)}", [f"{one.all.late_pct:.2f} %" for one in columns])
    yield ("longest queue", [f"{one.longest_queue:,}" for one in columns])
    yield ("workers, mean / most", [f"{one.mean_workers:.1f} / {one.most_workers}" for one in columns])
    yield ("slots at work", [f"{one.utilization_pct:.0f} %" for one in columns])
    yield ("runs cut by spot / crash", [f"{one.handed_back} / {one.lost_runs}" for one in columns])
    yield ("workers a month", [usd(one.workers_usd) for one in columns])
    yield ("all of production a month", [usd(one.platform_usd) for one in columns])
    yield ("  of one clip", [usd(one.usd_per_clip) for one in columns])
    yield ("  of one user", [usd(one.usd_per_user) for one in columns])


def _percentiles(name: str, waits: Sequence[Waits]) -> Iterable[tuple[str, list[str]]]:
    yield f"{name} p50", [duration(one.p50_s) for one in waits]
    yield f"{name} p95", [duration(one.p95_s) for one in waits]
    yield f"{name} p99", [duration(one.p99_s) for one in waits]


def day_curve(plan: Plan) -> RenderableType:
    """The busiest day, one character an hour."""
    asked = [hour.asked_for for hour in plan.columns[0].hourly]
    day = max(range(plan.days), key=lambda one: sum(asked[one * 24 : one * 24 + 24]))
    shown = slice(day * 24, day * 24 + 24)
    lines = [
        Text(f"{DAYS[day % 7]}, the busiest day, by hour"),
        Text(f"  {'':<26} 0     6     12    18"),
        _curve("clips asked for", asked[shown], max(asked[shown]), "an hour"),
    ]
    hours = [(column.name, column.hourly[shown]) for column in plan.columns]
    lines += _curves("workers", hours, lambda hour: hour.workers, "")
    lines += _curves("waiting", hours, lambda hour: hour.queued, "clips")
    return Group(*lines)


def _curves(
    what: str, hours: Sequence[tuple[str, Sequence[Hour]]], value: Callable[[Hour], float], unit: str
) -> Iterable[Text]:
    """Of one measure under every rule, on one scale."""
    highest = max(1, *(value(hour) for _, hourly in hours for hour in hourly))
    for name, hourly in hours:
        yield _curve(f"{what}, {name}", [value(hour) for hour in hourly], highest, unit)


def _curve(name: str, values: Sequence[float], highest: float, unit: str) -> Text:
    return Text(f"  {name:<26} {sparkline(values, highest)}  at most {max(values):,.0f} {unit}".rstrip())


def what_if_table(ways: Sequence[WhatIf], name: str) -> Table:
    """Other ways to pay."""
    table = Table(title=f"What if ({name})")
    for heading in ("", "workers a month", "all of production a month"):
        table.add_column(heading, justify="right" if heading else "left")
    for way in ways:
        table.add_row(way.name, usd(way.workers_usd), usd(way.platform_usd))
    return table


def price_tables(ours: Sequence[Line]) -> Iterable[Table]:
    """The documents' lists and ours, with where each price is from."""
    for name, lines in DOCUMENTED.items():
        yield _price_table(f"{name}, as the document states", lines)
    yield _price_table("production without workers, ours, for this use", ours)


def _price_table(title: str, lines: Sequence[Line]) -> Table:
    table = Table(title=title, show_footer=True)
    table.add_column("line", "total")
    table.add_column("count", justify="right")
    table.add_column("each", justify="right")
    table.add_column("a month", f"${total_usd(lines):,.0f}", justify="right")
    table.add_column("from")
    for line in lines:
        table.add_row(
            line.what, f"{line.count:,.0f}", f"${line.unit_usd:,.6g}", f"${line.usd:,.2f}", line.source
        )
    return table
