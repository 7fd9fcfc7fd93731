"""Figures that several doors to the outside count: one name, told apart by a label."""

from typing import Literal

from prometheus_client import Counter

Part = Literal["database", "queue", "storage", "cloudwatch"]
_FAILURES = Counter("ascension_outside_failures_total", "Calls to other parts that failed", ["part"])
for _part in ("database", "queue", "storage", "cloudwatch"):
    _FAILURES.labels(_part)  # there from the start: a figure that appears late hides its first event


def count_failure(part: Part) -> None:
    """A call to this part was not answered, or not in time."""
    _FAILURES.labels(part).inc()
