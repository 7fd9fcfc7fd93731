"""A compute child that waits loaded for whoever comes next: it has seen nobody's files, and knows of no job.

Starting one and loading the networks takes seconds, anew for each user (decision 21). So it is done ahead,
while a slot has nothing to do: one for a worker, however many slots it has.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ascension.errors.base import AscensionError
from ascension.infra.logging import get_logger
from ascension.jobs.compute import Child
from ascension.jobs.runner import Task

_LOOK_S: Final = 0.1
_PATIENCE_S: Final = 10.0
"""How long a job waits for one that is loading: it began earlier than another could."""
FIRST_REST_S, LONGEST_REST_S = 1.0, 300.0
"""After one that did not load, or died while it waited; doubling."""


class Spare:
    """At most one child for `task`, loaded whenever `is_quiet` and none is there."""

    def __init__(self, task: Task, scratch: Path, is_quiet: Callable[[], bool]) -> None:
        self._task = task
        self._scratch = scratch
        self._is_quiet = is_quiet
        self._child: Child | None = None
        self._is_loaded = False
        self._settled = asyncio.Event()
        """It is loaded, or gone."""
        self._taken = asyncio.Event()

    async def take(self, task: Task) -> Child | None:
        """The child, which is the caller's from now on; None: there is none, or it is for other tasks."""
        child = self._child
        if task.entrypoint != self._task.entrypoint or child is None:
            return None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._settled.wait()
        except TimeoutError:
            return None
        if self._child is not child or not self._is_loaded or not child.is_running:
            return None  # it died, or another slot was first
        self._child, self._is_loaded = None, False
        self._taken.set()
        return child

    async def keep(self) -> None:
        """Have one whenever a slot is free; endless."""
        deaths = 0
        while True:
            if not self._is_quiet():
                await asyncio.sleep(_LOOK_S)
            elif await self._have_one():
                deaths = 0
            else:
                await asyncio.sleep(min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** min(deaths, 30)))
                deaths += 1

    async def end(self) -> None:
        """End what is loaded or loading."""
        child, self._child, self._is_loaded = self._child, None, False
        if child is not None:
            await child.discard()

    async def _have_one(self) -> bool:
        """Load one and wait until it is taken; False: it died before, or was ended."""
        self._taken.clear()
        self._settled.clear()
        folder = Path(tempfile.mkdtemp(prefix="child-", dir=self._scratch))
        child = self._child = Child(self._task.entrypoint, self._task.limits, folder)
        try:
            await child.run(self._task.warming, _unheard)
            self._is_loaded = self._child is child
            self._settled.set()
            waits = [asyncio.create_task(self._taken.wait()), asyncio.create_task(child.ended())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
            if self._child is child:
                get_logger().warning("spare_lost")
        except (AscensionError, OSError) as error:
            if self._child is child:
                get_logger().warning("spare_not_loaded", reason=str(error))
        finally:
            self._settled.set()
            if self._child is child:
                await self.end()
        return self._taken.is_set()


def _unheard(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """Nobody waits for it."""
