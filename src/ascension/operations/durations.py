"""How long jobs waited and took, as gauges over the last minutes, read from the rows.

Workers listen on no port and come and go, so histograms of theirs would be lost with them; the rows are not.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge

from ascension.infra.database.primary import Connection
from ascension.operations import queries
from ascension.operations.queries import Spread

WITHIN_S = 300
_WINDOW = "of jobs that ended in the last 5 minutes"


async def add_durations(connection: Connection, registry: CollectorRegistry) -> None:
    """Nothing ended lately: nothing is said, which is not the same as zero seconds."""
    took = await queries.processing_times(connection, within_s=WITHIN_S)
    stages = await queries.stage_times(connection, within_s=WITHIN_S)
    waited = await queries.waiting_times(connection, within_s=WITHIN_S)
    ended = Gauge("ascension_jobs_ended", f"How many, {_WINDOW}", ["kind", "state"], registry=registry)
    for row in took:
        ended.labels(row.name, row.part).set(row.jobs)
    _add(registry, "ascension_job_processing_seconds", "Start to end", ("kind", "state"), took)
    _add(registry, "ascension_job_stage_seconds", "Each stage", ("kind", "stage"), stages)
    _add(registry, "ascension_job_waiting_seconds", "Request to start", ("tier",), waited)


def _add(
    registry: CollectorRegistry, name: str, meaning: str, labels: tuple[str, ...], rows: Iterable[Spread]
) -> None:
    gauge = Gauge(name, f"{meaning}, {_WINDOW}", [*labels, "quantile"], registry=registry)
    for row in rows:
        named = (row.name, row.part)[: len(labels)]
        for quantile, seconds in (("0.5", row.p50_s), ("0.95", row.p95_s), ("1", row.max_s)):
            gauge.labels(*named, quantile).set(seconds)
