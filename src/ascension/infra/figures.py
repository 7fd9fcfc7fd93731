"""Figures that several doors to the outside count: one name, told apart by a label."""

from typing import Literal, get_args

from prometheus_client import Counter

Part = Literal["database", "queue", "storage", "cloudwatch", "mail", "payments"]
_FAILURES = Counter("ascension_outside_failures_total", "Calls to other parts that failed", ["part"])
for _part in get_args(Part):
    _FAILURES.labels(_part)  # there from the start: a figure that appears late hides its first event


def count_failure(part: Part) -> None:
    """A call to this part was not answered, or not in time."""
    _FAILURES.labels(part).inc()


def failures() -> dict[str, float]:
    """All of them, flat: a worker has no address to be asked at and tells them with its report."""
    return {
        f"failures_{sample.labels['part']}": sample.value
        for family in _FAILURES.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    }
