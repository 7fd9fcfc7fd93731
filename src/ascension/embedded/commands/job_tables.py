"""Jobs, tiers and workers for a terminal."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from ascension.capacity.tables import duration
from ascension.operations.jobs.schemas import JobRead, QueueRead, StateRead

STATE_COLORS = {"dead": "red", "failed": "yellow", "processing": "green"}


def jobs_table(jobs: Sequence[JobRead]) -> Table:
    """One row a job."""
    table = Table(box=None, pad_edge=False)
    for name in ("job", "kind", "tier", "state"):
        table.add_column(name, no_wrap=True)
    table.add_column("asked", justify="right", no_wrap=True)
    table.add_column("runs", justify="right")
    table.add_column("crashes", justify="right")
    table.add_column("reason", overflow="fold")
    for job in jobs:
        table.add_row(
            str(job.id),
            escape(job.kind),
            escape(job.tier),
            _state(job.state),
            _ago(job.created_at),
            str(job.attempt),
            str(job.crashes),
            escape(job.failure.error) if job.failure else "",
        )
    return table


def job_table(job: JobRead) -> Table:
    """Everything about one."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(job):
        if value:
            table.add_row(name, value)
    return table


def _facts(job: JobRead) -> Iterable[tuple[str, str]]:
    yield "job", str(job.id)
    yield "state", _state(job.state) + (", cancel asked for" if job.cancel_requested else "")
    if job.failure:
        yield "reason", escape(f"{job.failure.error}: {job.failure.detail}")
    yield "about", escape(f"{job.kind} {job.subject_id}")
    yield "user", escape(f"{job.user_id}, {job.tier}")
    yield "runs", f"{job.attempt}, of them {job.crashes} crashed and {job.interruptions} interrupted"
    if job.state == "processing":
        yield "doing", escape(f"{job.stage or 'starting'}, {job.progress_pct} %")
    if job.state == "queued":
        yield "waits", "admitted" if job.admitted else "for other jobs of its user"
    for name, at in (
        ("asked", job.created_at),
        ("started", job.started_at),
        ("ended", job.finished_at),
    ):
        yield name, f"{at:%Y-%m-%d %H:%M:%S} UTC, {_ago(at)} ago" if at else ""
    yield "rests until", f"{job.resting_until:%H:%M:%S} UTC" if job.resting_until else ""
    yield "worker", escape(job.worker_id or "")
    yield "request", escape(job.request_id or "")
    yield "stages", escape(", ".join(f"{name} {duration(s)}" for name, s in (job.timings or {}).items()))


def queue_tables(seen: QueueRead) -> RenderableType:
    """Tiers, workers, and how long jobs took lately."""
    tiers = Table(title="Queue", title_justify="left", box=None, pad_edge=False)
    tiers.add_column("tier")
    for state in ("waiting", "running", "dead"):
        tiers.add_column(state, justify="right")
        tiers.add_column("oldest", justify="right")
    for tier in seen.tiers:
        tiers.add_row(tier.tier, *_cells(tier.queued), *_cells(tier.processing), *_cells(tier.dead))
    workers = Table(title="Workers", title_justify="left", box=None, pad_edge=False)
    for name in ("worker", "version", "runs", "seen", "done", "crashed", "leases lost"):
        workers.add_column(name)
    for one in seen.workers:
        counts = (one.figures.get(f"jobs_{name}") for name in ("done", "crashed", "claims_lost"))
        workers.add_row(
            escape(one.id) + (" (draining)" if one.is_draining else ""),
            escape(one.version),
            f"{one.running} of {one.slots}",
            f"{duration(one.seen_s_ago)} ago",
            *("" if count is None else f"{count:.0f}" for count in counts),
        )
    lately = Table(
        title=f"The last {seen.lately_s // 60} min", title_justify="left", box=None, pad_edge=False
    )
    for name in ("", "jobs", "p50", "p95"):
        lately.add_column(name)
    for took in seen.processing:
        _add_spread(lately, f"{took.kind}, {took.state}", took.jobs, took.p50_s, took.p95_s)
    for waited in seen.waiting:
        _add_spread(lately, f"wait, {waited.tier}", waited.jobs, waited.p50_s, waited.p95_s)
    return Group(
        tiers,
        workers if seen.workers else "[yellow]No worker has reported in the last minute.[/]",
        lately if seen.processing else "Nothing has ended lately.",
    )


def _add_spread(table: Table, name: str, jobs: int, p50_s: float, p95_s: float) -> None:
    table.add_row(escape(name), str(jobs), duration(p50_s), duration(p95_s))


def _cells(state: StateRead) -> tuple[str, str]:
    return f"{state.jobs:,}", "" if state.oldest_s is None else duration(state.oldest_s)


def _state(state: str) -> str:
    color = STATE_COLORS.get(state)
    return f"[{color}]{state}[/]" if color else state


def _ago(at: datetime) -> str:
    return duration(max(0.0, (datetime.now(UTC) - at).total_seconds()))
