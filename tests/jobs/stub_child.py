"""Runs in compute children of these tests: does what the request says. Light, because it is loaded often."""

import errno
import os
import time

from ascension.jobs.child import Report


def entrypoint(request: dict[str, object], report: Report) -> dict[str, object]:
    """Sleep, print, die or meet a full disk."""
    sleep_s = request.get("sleep_s", 0.0)
    assert isinstance(sleep_s, float)
    report("waiting", 10, {})
    if said := request.get("say"):
        print(said, flush=True)
    match request.get("then"):
        case "die":
            os.kill(os.getpid(), 9)
        case "fill the disk":
            raise OSError(errno.ENOSPC, "No space left on device")
        case _:
            time.sleep(sleep_s)
    return {}
