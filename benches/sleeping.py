"""ENTRY of a compute child that only waits: `benches.sleeping:run`."""

import time

from ascension.jobs.child import Report


def run(request: dict[str, object], report_progress: Report) -> dict[str, object]:
    """Take as long as asked."""
    del report_progress
    seconds = request["sleep_s"]
    assert isinstance(seconds, float)
    time.sleep(seconds)
    return {}
