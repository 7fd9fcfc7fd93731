"""`ascension plan`: how many workers a number of users needs, how long they wait, what it costs."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console

from ascension.capacity.switches import (
    BootSOption,
    CdnOption,
    ChartOption,
    ClipP95SOption,
    ClipSOption,
    ClipsOption,
    CrashesOption,
    DaysOption,
    FixedOption,
    FramesPerSOption,
    HourUsdOption,
    InterruptionsOption,
    LateSOption,
    LeastOption,
    MostOption,
    OverheadSOption,
    PricesOption,
    RequestMsOption,
    RequestsOption,
    ReservedOption,
    SeedOption,
    SlotsOption,
    SpotOption,
    TargetSOption,
    TiersOption,
    UsersOption,
    VisitsOption,
)
from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, fail, tell
from ascension.infra.files import write_whole
from ascension.infra.settings import JobSettings, WorkerSettings, read

if TYPE_CHECKING:
    from ascension.capacity.fleet import FleetSettings
    from ascension.capacity.plan import Plan, Question
    from ascension.capacity.scaling import Rule
    from ascension.capacity.what_if import WhatIf

MOST_JOBS: Final = 3_000_000
NOTICE_S: Final = 120  # of a spot machine
MOST_OVERLOAD: Final = 20
CHART_SUFFIXES: Final = (".svg", ".html")


@dataclass(frozen=True)
class _Bounds:
    """Of the rules."""

    least: int
    most: int
    target_s: float
    fixed: int | None


def plan(
    users: UsersOption = 100_000,
    clips: ClipsOption = 10,
    days: DaysOption = 7,
    tiers: TiersOption = "infinity=0.02,premium=0.08,free=0.9",
    visits: VisitsOption = None,
    clip_s: ClipSOption = 30,
    clip_p95_s: ClipP95SOption = 90,
    frames_per_s: FramesPerSOption = 78,
    overhead_s: OverheadSOption = 2,
    requests: RequestsOption = 25,
    request_ms: RequestMsOption = 1,
    slots: SlotsOption = 1,
    least: LeastOption = 2,
    most: MostOption = 40,
    target_s: TargetSOption = 120,
    fixed: FixedOption = None,
    boot_s: BootSOption = 300,
    spot: SpotOption = 1,
    interruptions: InterruptionsOption = 0.2,
    crashes: CrashesOption = 1,
    reserved: ReservedOption = 0,
    cdn: CdnOption = False,
    hour_usd: HourUsdOption = 0.526,
    late_s: LateSOption = 300,
    seed: SeedOption = 1,
    prices: PricesOption = False,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Simulate a fleet of workers: waits, workers and money, under the documented scaling rule and ours.

    Nothing runs and nothing is asked of any service. Jobs come with an evening peak; they are selected,
    admitted and handed back as the workers do it. Speeds are measured on processors (docs/benchmarks.md); for
    a GPU say --frames-per-s and --hour-usd. What is assumed and what is left out: docs/guides/capacity.md.

    Exit codes: 0 done; 1 unexpected error, or the chart could not be written; 2 wrong usage.
    """
    # Loaded here: every other command starts without numpy.
    from ascension.capacity.demand import Demand
    from ascension.capacity.options import tier_shares, visits_from
    from ascension.capacity.plan import Money, Question

    _check_told(clip_s < clip_p95_s, "--clip-p95-s", "must be above --clip-s")
    _check_told(least <= most, "--most", "must not be below --least")
    suffix = CHART_SUFFIXES[0] if chart is None else chart.suffix
    _check_told(suffix in CHART_SUFFIXES, "--chart", "write a name that ends in .svg or .html")
    demand = Demand(
        users=users,
        clips_per_month=clips,
        tiers=tier_shares(tiers),
        clip_median_s=clip_s,
        clip_p95_s=clip_p95_s,
        computed_frames_per_s=frames_per_s,
        overhead_s=overhead_s,
        visits=visits_from(visits),
        requests_per_clip=requests,
        request_cpu_s=request_ms / 1000,
    )
    fleet = _fleet(slots, boot_s, spot, interruptions, crashes)
    question = Question(demand, fleet, Money(hour_usd, reserved, cdn), days, late_s, seed)
    bounds = _Bounds(least, most, target_s, fixed)
    _answer(question, bounds, chart, with_prices=prices, as_json=as_json)


def _check_told(fits: bool, switch: str, what: str) -> None:
    if not fits:
        raise typer.BadParameter(what, param_hint=switch)


def _fleet(
    slots: int, boot_s: float, spot_share: float, interruptions_a_month: float, crashes_a_month: float
) -> "FleetSettings":
    from ascension.capacity.demand import MONTH_DAYS
    from ascension.capacity.fleet import FleetSettings

    jobs, worker = read(JobSettings), read(WorkerSettings)
    return FleetSettings(
        slots=slots,
        boot_s=boot_s,
        notice_s=NOTICE_S - min(worker.worker_notice_margin_s, NOTICE_S),
        spot_share=spot_share,
        interruptions_per_day=interruptions_a_month / MONTH_DAYS,
        crashes_per_day=crashes_a_month / MONTH_DAYS,
        lease_s=jobs.job_lease_s,
        sweep_s=jobs.job_sweep_s,
        admitted_per_user=jobs.job_admitted_per_user,
    )


def _check_size(question: "Question") -> None:
    from ascension.capacity.demand import MONTH_DAYS

    expected = question.demand.clips / MONTH_DAYS * question.days
    if expected > MOST_JOBS:
        raise typer.BadParameter(
            f"{expected:,.0f} jobs are too many to simulate (at most {MOST_JOBS:,}): fewer --days or --users"
        )


def _check_load(question: "Question", rules: "dict[str, Rule]", work_s: float) -> None:
    """A hopeless fleet would be simulated for years."""
    from ascension.capacity.demand import DAY_S

    fewest = min(rule.most for rule in rules.values()) * question.fleet.slots
    busy_slots = work_s / (question.days * DAY_S)
    if busy_slots > MOST_OVERLOAD * fewest:
        raise typer.BadParameter(
            f"this keeps {busy_slots:,.0f} slots busy, and {fewest} are too few to show anything: "
            "more --slots, --most, --fixed or --frames-per-s, or fewer --users"
        )


def _answer(
    question: "Question", bounds: _Bounds, chart: Path | None, *, with_prices: bool, as_json: bool
) -> None:
    from ascension.capacity.plan import drawn_jobs
    from ascension.capacity.plan import plan as plan_of
    from ascension.capacity.what_if import what_ifs

    _check_size(question)
    jobs = drawn_jobs(question)
    if not len(jobs):
        raise typer.BadParameter("nobody asked for anything in that time: more --users, --clips or --days")
    rules = _rules(question, bounds, float(jobs.service_s.mean()))
    _check_load(question, rules, float(jobs.service_s.sum()))
    found = plan_of(question, jobs, rules)
    ours = found.columns[1]
    ways = what_ifs(found, ours, hour_usd=question.money.hour_usd, always_on=bounds.least)
    if chart is not None:
        _draw(found, chart, as_json=as_json)
    if as_json:
        tell(_document(question, found, ways))
    else:
        _print(question, found, ways, with_prices=with_prices)
        if chart is not None:
            typer.echo(f"Chart: {chart}")


def _rules(question: "Question", bounds: _Bounds, service_s: float) -> "dict[str, Rule]":
    from ascension.capacity.scaling import BacklogRule, FixedRule, StepRule

    ours = BacklogRule(
        service_s=service_s,
        slots=question.fleet.slots,
        target_s=bounds.target_s,
        least=bounds.least,
        first=max(bounds.least, min(3, bounds.most)),
        most=bounds.most,
    )
    rules: dict[str, Rule] = {"documented": StepRule(), "ours": ours}
    if bounds.fixed is not None:
        rules[f"fixed {bounds.fixed}"] = FixedRule(bounds.fixed)
    return rules


def _draw(found: "Plan", chart: Path, *, as_json: bool) -> None:
    from ascension.capacity.chart import html_of, svg_of

    try:
        write_whole(chart, svg_of(found) if chart.suffix == ".svg" else html_of(found))
    except OSError as error:
        fail("cannot_write", f"{chart}: {error.strerror}", EXIT_UNEXPECTED, as_json=as_json)


def _document(question: "Question", found: "Plan", ways: "tuple[WhatIf, ...]") -> dict[str, object]:
    from ascension.capacity.prices import DOCUMENTED, platform_lines, total_usd

    platform = platform_lines(found.usage, cdn=question.money.cdn)
    return {
        "asked": asdict(question),
        **asdict(found),
        "what_if": [asdict(way) for way in ways],
        "documented_usd": {name: total_usd(lines) for name, lines in DOCUMENTED.items()},
        "prices": [{**asdict(line), "usd": line.usd} for line in platform],
    }


def _print(question: "Question", found: "Plan", ways: "tuple[WhatIf, ...]", *, with_prices: bool) -> None:
    from ascension.capacity.prices import platform_lines
    from ascension.capacity.tables import day_curve, price_tables, rules_table, summary, what_if_table

    console = Console(highlight=False)
    console.print(*summary(question, found), sep="\n")
    console.print()
    console.print(day_curve(found))
    console.print()
    console.print(rules_table(found, question.late_s))
    console.print(what_if_table(ways, found.columns[1].name))
    if with_prices:
        console.print(*price_tables(platform_lines(found.usage, cdn=question.money.cdn)))
