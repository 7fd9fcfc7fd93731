"""One table of a run, and the same as JSON."""

import json
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.chaos.audit import Finding, Left
from tests.chaos.faults import Struck

Probe = tuple[float, str, bool]
"""When (seconds since the epoch), which API, whether it said that all its parts are ready."""


@dataclass
class Recovery:
    """How long after its mending all was well again, by kind of fault; seconds."""

    count: int = 0
    ready_s: list[float] = field(default_factory=list[float])
    next_done_s: list[float] = field(default_factory=list[float])


@dataclass(frozen=True)
class Summary:
    """What a run says about itself."""

    seed: int
    seconds: float
    faults: dict[str, int]
    impossible: dict[str, str]
    outcomes: dict[str, int]
    figures: dict[str, str]
    recovery: dict[str, dict[str, float | int | None]]
    timeline: list[str]
    findings: list[dict[str, str]]
    history: list[str]
    told: dict[str, int]

    @property
    def holds(self) -> bool:
        return not self.findings


def recoveries(struck: Sequence[Struck], probes: Sequence[Probe], left: Left) -> dict[str, Recovery]:
    """From each mending to the moment when every API that it touched says it is ready, and to the next job
    that was done (of a worker's fault: by that worker). What another fault touched meanwhile is left out.
    """
    done = [(one["at"], str(one["worker_id"])) for one in left.log if one["state"] == "done"]
    seats = {seat for _, seat, _ in probes}
    found: dict[str, Recovery] = {}
    for one in struck:
        kind = found.setdefault(kind_of(one), Recovery())
        kind.count += 1
        others = [other for other in struck if other is not one]
        for seat in seats:
            at = next((at for at, name, ok in probes if name == seat and ok and at >= one.mended_at), None)
            if at is not None and one.touches(seat) and not _touched(others, one.mended_at, at, seat):
                kind.ready_s.append(at - one.mended_at)
        if one.fault.target in seats:
            continue  # jobs go on without an API
        by = f"-{one.worker_pid}" if one.worker_pid else ""
        at = next((at for at, worker in done if at >= one.mended_at and worker.endswith(by)), None)
        if at is not None and not _touched(others, one.mended_at, at, one.fault.target):
            kind.next_done_s.append(at - one.mended_at)
    return found


def _touched(others: Sequence[Struck], begin: float, end: float, seat: str) -> bool:
    """Was this process, or an engine, at fault meanwhile?"""
    return any(other.struck_at < end and other.mended_at > begin and other.touches(seat) for other in others)


def kind_of(one: Struck) -> str:
    """The kind, with the engine and the way of a cut."""
    fault = one.fault
    if fault.kind == "cut off":
        return f"cut off from {fault.engine}, {fault.mode}"
    if fault.kind == "cut off for all":
        return f"all cut off from {fault.engine}, {fault.mode} {fault.length_s:.0f} s"
    return fault.kind


def takeovers(left: Left, kills: Sequence[tuple[float, str]]) -> list[float]:
    """How long the jobs of killed workers stood still: to their next claim, or to their end.

    kills: when, and the end of the worker's id (its process id)
    """
    found: list[float] = []
    last: dict[str, tuple[str, str]] = {}
    waiting: dict[str, float] = {}
    pending = sorted(kills)
    for one in left.log:
        while pending and pending[0][0] <= one["at"]:
            at, pid = pending.pop(0)
            for job_id, (state, worker) in last.items():
                if state == "processing" and worker.endswith(f"-{pid}"):
                    waiting[job_id] = at
        job_id = one["job_id"]
        if job_id in waiting and one["state"] != "queued":
            found.append(one["at"] - waiting.pop(job_id))
        last[job_id] = (one["state"], one["worker_id"] or "")
    return found


def quantiles(values: Sequence[float]) -> str:
    """p50 / p99 / worst."""
    if len(values) < 2:
        return " / ".join(f"{value:.1f}" for value in values) or "none"
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:.1f} / {cuts[98]:.1f} / {max(values):.1f}"


def waits(left: Left) -> tuple[list[float], list[float]]:
    """Of every job that was done: seconds from its last request to its first start, and to its end."""
    asked: dict[str, float] = {}
    started: dict[str, float] = {}
    to_start: list[float] = []
    to_end: list[float] = []
    for one in left.log:
        job_id = one["job_id"]
        if one["state"] == "queued" and one["before"] != "processing":
            asked[job_id] = one["at"]
            started.pop(job_id, None)
        elif one["state"] == "processing" and job_id not in started:
            started[job_id] = one["at"]
            to_start.append(one["at"] - asked[job_id])
        elif one["state"] == "done":
            to_end.append(one["at"] - asked[job_id])
    return to_start, to_end


def recovery_rows(found: dict[str, Recovery]) -> dict[str, dict[str, float | int | None]]:
    """By kind: how often, and the worst of both times."""
    return {
        kind: {
            "count": one.count,
            "undisturbed": len(one.ready_s),
            "ready_worst_s": round(max(one.ready_s), 1) if one.ready_s else None,
            "next_done_worst_s": round(max(one.next_done_s), 1) if one.next_done_s else None,
        }
        for kind, one in sorted(found.items())
    }


def print_table(summary: Summary, asserted: Sequence[str]) -> None:
    """The one table."""
    table = Table(title=f"Chaos run, seed {summary.seed}", show_header=False, show_lines=False)
    failed = Counter(finding["check"] for finding in summary.findings)
    for name, value in summary.figures.items():
        table.add_row(name, value)
    for name, count in sorted(summary.outcomes.items()):
        table.add_row(f"ended: {name}", str(count))
    table.add_section()
    table.add_row("worst times after a mending", "APIs ready; next job done (-: disturbed, or no matter)")
    for kind, row in summary.recovery.items():
        ready, done = (_seconds(row[name]) for name in ("ready_worst_s", "next_done_worst_s"))
        table.add_row(f"fault: {kind}", f"{row['count']} x; {ready}; {done}")
    for kind, why in summary.impossible.items():
        table.add_row(f"fault: {kind}", f"not possible here: {why}")
    table.add_section()
    for check in asserted:
        table.add_row(check, f"{failed[check]} offend" if failed[check] else "holds")
    for name, count in sorted(summary.told.items()):
        table.add_row(f"log: {name}", str(count))
    Console(width=120).print(table)


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value} s"


def write(summary: Summary, path: Path) -> None:
    """The same as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**asdict(summary), "holds": summary.holds}, indent=1) + "\n")


def describe(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [asdict(finding) for finding in findings]
