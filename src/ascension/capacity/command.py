"""`ascension plan`: how many workers a number of users needs, how long they wait, what it costs."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, fail, tell
from ascension.infra.files import write_whole
from ascension.infra.settings import JobSettings, read

if TYPE_CHECKING:
    from ascension.capacity.plan import Plan, Question
    from ascension.capacity.scaling import Rule
    from ascension.capacity.what_if import WhatIf

MOST_JOBS: Final = 3_000_000
MONTH_DAYS: Final = 30.4
CHART_SUFFIXES: Final = (".svg", ".html")


@dataclass(frozen=True)
class _Bounds:
    """Of the rules."""

    least: int
    most: int
    target_s: float
    fixed: int | None


def plan(
    users: Annotated[int, typer.Option(min=1, max=100_000_000, help="Active users.")] = 100_000,
    clips: Annotated[float, typer.Option(min=0.01, max=1000, help="Of one user in a month.")] = 10,
    days: Annotated[int, typer.Option(min=1, max=31, help="Simulated, from a Monday on.")] = 7,
    tiers: Annotated[
        str, typer.Option(help="Shares of the users by tier.")
    ] = "infinity=0.02,premium=0.08,free=0.9",
    visits: Annotated[
        Path | None,
        typer.Option(help='JSON: {"weekday": [24 numbers], "weekend": [24]}; default: an evening peak.'),
    ] = None,
    clip_s: Annotated[float, typer.Option(min=0.1, max=600, help="Median length of a clip.")] = 30,
    clip_p95_s: Annotated[float, typer.Option(min=0.1, max=600, help="One in twenty is longer.")] = 90,
    frames_per_s: Annotated[
        float,
        typer.Option(min=0.1, help="Computed by one slot; 78: two cores, no GPU, docs/benchmarks.md."),
    ] = 78,
    overhead_s: Annotated[float, typer.Option(min=0, help="Of every job beside its frames.")] = 2,
    slots: Annotated[int, typer.Option(min=1, max=64, help="WORKER_CONCURRENCY of a worker.")] = 1,
    least: Annotated[int, typer.Option(min=1, max=10_000, help="Workers that ours never goes below.")] = 2,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="Workers that ours never exceeds.")] = 40,
    target_s: Annotated[float, typer.Option(min=1, help="Ours works a backlog off in this time.")] = 120,
    fixed: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Also a column without scaling: so many workers.")
    ] = None,
    boot_s: Annotated[float, typer.Option(min=0, help="From ordering a machine to its first job.")] = 300,
    spot: Annotated[float, typer.Option(min=0, max=1, help="Share of workers on spot machines.")] = 1,
    interruptions: Annotated[
        float, typer.Option(min=0, max=3000, help="Of one spot machine in a month; an assumption.")
    ] = 0.2,
    crashes: Annotated[
        float, typer.Option(min=0, max=3000, help="Of one worker in a month; an assumption.")
    ] = 1,
    reserved: Annotated[int, typer.Option(min=0, max=10_000, help="Workers reserved all month.")] = 0,
    cdn: Annotated[bool, typer.Option("--cdn", help="Clips go through the CDN.")] = False,
    hour_usd: Annotated[float, typer.Option(min=0, help="A worker's machine, on demand.")] = 0.526,
    late_s: Annotated[float, typer.Option(min=0, help="A job that waits longer is late.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same jobs.")] = 1,
    prices: Annotated[bool, typer.Option("--prices", help="Also print every price, and where from.")] = False,
    chart: Annotated[
        Path | None, typer.Option(help="Also draw it: .svg or .html; replaces the file.")
    ] = None,
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
    from ascension.capacity.fleet import FleetSettings
    from ascension.capacity.options import tier_shares, visits_from
    from ascension.capacity.plan import Money, Question

    if clip_p95_s <= clip_s:
        raise typer.BadParameter("must be above --clip-s", param_hint="--clip-p95-s")
    if most < least:
        raise typer.BadParameter("must not be below --least", param_hint="--most")
    if chart is not None and chart.suffix not in CHART_SUFFIXES:
        raise typer.BadParameter("write a name that ends in .svg or .html", param_hint="--chart")
    _check_size(users * clips, days)
    jobs = read(JobSettings)
    question = Question(
        Demand(
            users=users,
            clips_per_month=clips,
            tiers=tier_shares(tiers),
            clip_median_s=clip_s,
            clip_p95_s=clip_p95_s,
            computed_frames_per_s=frames_per_s,
            overhead_s=overhead_s,
            visits=visits_from(visits),
        ),
        FleetSettings(
            slots=slots,
            boot_s=boot_s,
            spot_share=spot,
            interruptions_per_day=interruptions / MONTH_DAYS,
            crashes_per_day=crashes / MONTH_DAYS,
            lease_s=jobs.job_lease_s,
            sweep_s=jobs.job_sweep_s,
            admitted_per_user=jobs.job_admitted_per_user,
        ),
        Money(hour_usd, reserved, cdn),
        days,
        late_s,
        seed,
    )
    _answer(question, _Bounds(least, most, target_s, fixed), chart, with_prices=prices, as_json=as_json)


def _check_size(clips_per_month: float, days: int) -> None:
    expected = clips_per_month / MONTH_DAYS * days
    if expected > MOST_JOBS:
        raise typer.BadParameter(
            f"{expected:,.0f} jobs are too many to simulate (at most {MOST_JOBS:,}): fewer --days or --users"
        )


def _answer(
    question: "Question", bounds: _Bounds, chart: Path | None, *, with_prices: bool, as_json: bool
) -> None:
    from ascension.capacity.plan import drawn_jobs
    from ascension.capacity.plan import plan as plan_of
    from ascension.capacity.what_if import what_ifs

    jobs = drawn_jobs(question)
    if not len(jobs):
        raise typer.BadParameter("nobody asked for anything in that time: more --users, --clips or --days")
    found = plan_of(question, jobs, _rules(question, bounds, float(jobs.service_s.mean())))
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
