"""Who used the processor while something ran."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil


class Processor:
    """Processor seconds of groups of processes, their children included, since it was made.

    What ends in between takes its seconds along, unless its parent has waited for it.
    """

    def __init__(self, groups: Mapping[str, Sequence[int]]) -> None:
        self._groups = groups
        self._began_s = time.monotonic()
        self._before = {name: _used_s(pids) for name, pids in groups.items()}

    def shares_pct(self) -> dict[str, float]:
        """In percent of one core."""
        took_s = time.monotonic() - self._began_s
        return {name: 100 * used / took_s for name, used in self.used_s().items()}

    def used_s(self) -> dict[str, float]:
        return {name: _used_s(pids) - self._before[name] for name, pids in self._groups.items()}


def machine_load() -> str:
    """How busy the machine is besides: the load average of the last minute by its cores."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def family(pid: int) -> list[psutil.Process]:
    """The process and all below it."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _used_s(pids: Sequence[int]) -> float:
    total = 0.0
    for one in {member for pid in pids for member in family(pid)}:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total
