"""Figures of this process that nobody counts on the way: its pool, its loop, its live channel, its disk."""

from collections.abc import Iterator
from contextlib import suppress

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ascension.infra.disk import DiskState, Level
from ascension.operations.parts import Parts


class _Process(Collector):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        pool = self._parts.database.pool_figures()
        connections = GaugeMetricFamily(
            "ascension_database_connections", "Of the pool, by what they do", labels=["state"]
        )
        connections.add_metric(["open"], pool.get("pool_size", 0))
        connections.add_metric(["free"], pool.get("pool_available", 0))
        connections.add_metric(["most"], pool.get("pool_max", 0))
        yield connections
        waiting = pool.get("requests_waiting", 0)
        yield GaugeMetricFamily("ascension_database_waiting", "Tasks that wait for a connection", waiting)
        yield CounterMetricFamily(
            "ascension_database_waited_seconds",
            "For connections, in all",
            pool.get("requests_wait_ms", 0) / 1000,
        )
        yield CounterMetricFamily(
            "ascension_database_checkouts_failed",
            "No connection in time",
            pool.get("requests_errors", 0),
        )
        yield GaugeMetricFamily(
            "ascension_loop_lag_seconds", "Lateness of the event loop, smoothed", self._parts.lag.seconds
        )
        yield GaugeMetricFamily(
            "ascension_live_channel_up", "Events arrive", float(self._parts.hub.connected)
        )
        last = self._parts.trials and self._parts.trials.last
        if last is not None and last.is_writable is not None:  # missing where nobody knows
            yield GaugeMetricFamily(
                "ascension_storage_writable", "The last trial was taken", float(last.is_writable)
            )
        if self._parts.disk is not None:
            with suppress(OSError):  # missing where it does not answer
                yield from _disk(self._parts.disk.look())


def _disk(state: DiskState) -> Iterator[Metric]:
    yield GaugeMetricFamily("ascension_disk_free_bytes", "On the disk of the state", state.free_bytes)
    levels = GaugeMetricFamily("ascension_disk_level", "1 for the level it is at", labels=["level"])
    for level in Level:
        levels.add_metric([level], float(level is state.level))
    yield levels


def process_figures(parts: Parts) -> CollectorRegistry:
    """A registry with what this process is like now."""
    registry = CollectorRegistry()
    registry.register(_Process(parts))
    return registry
