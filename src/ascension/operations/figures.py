"""Figures of the whole platform, read from the rows: queue depth and age, workers and what they reported."""

from prometheus_client import CollectorRegistry, Gauge

from ascension import __version__
from ascension.jobs import worker_queries as queries
from ascension.jobs.turns import WEIGHTS
from ascension.operations.durations import add_durations
from ascension.operations.parts import Parts

WORKER_SEEN_WITHIN_S = 60


async def platform_figures(parts: Parts) -> CollectorRegistry:
    """A registry of its own: these figures belong to the platform, not to this process.

    Raises:
        DatabaseUnavailable: the rows cannot be read, so there is nothing honest to report.
    """
    registry = CollectorRegistry()
    async with parts.database.transaction() as tx:
        await add_durations(tx.connection, registry)
        states = await queries.count_by_state(tx.connection)
        workers = await queries.list_workers(tx.connection, seen_within_s=WORKER_SEEN_WITHIN_S)
    Gauge("ascension_build_info", "Version", ["version"], registry=registry).labels(__version__).set(1)
    jobs = Gauge("ascension_jobs", "Jobs by state", ["tier", "state"], registry=registry)
    oldest = Gauge("ascension_jobs_oldest_seconds", "Age of the oldest", ["tier", "state"], registry=registry)
    for tier in WEIGHTS:  # counted, and none found
        jobs.labels(tier, "queued").set(0)
        oldest.labels(tier, "queued").set(0)
    for row in states:
        jobs.labels(row.tier, row.state).set(row.jobs)
        oldest.labels(row.tier, row.state).set(row.oldest_s)
    depth = Gauge("ascension_queue_depth", "Jobs that wait", registry=registry)
    depth.set(sum(row.jobs for row in states if row.state == "queued"))
    slots = Gauge("ascension_worker_slots", "Jobs a worker may run", ["worker", "version"], registry=registry)
    running = Gauge("ascension_worker_running", "Jobs a worker runs", ["worker"], registry=registry)
    age = Gauge(
        "ascension_worker_heartbeat_age_seconds", "Since the last report", ["worker"], registry=registry
    )
    figure = Gauge("ascension_worker_figure", "As reported", ["worker", "figure"], registry=registry)
    for worker in workers:
        slots.labels(worker.id, worker.version).set(worker.slots)
        running.labels(worker.id).set(worker.running)
        age.labels(worker.id).set(worker.age_s)
        for name, value in worker.figures.items():
            figure.labels(worker.id, name).set(value)
    return registry
