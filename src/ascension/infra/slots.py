"""A bound on how many do something at once, and on how many wait for it, and how long."""

import asyncio
from typing import Self

from ascension.errors.http import Overloaded


class Slots:
    """`limit` at once; `waiting` more may wait, first come first served, each at most `wait_s`.

    Use as `async with slots:`. Entering raises Overloaded where no slot comes free in time. Free slots are
    taken without giving up the turn of the event loop.
    """

    def __init__(self, limit: int, *, waiting: int, wait_s: float) -> None:
        self._limit = limit
        self._semaphore = asyncio.Semaphore(limit)
        self._max_waiting = waiting
        self._wait_s = wait_s
        self.taken = 0
        self.waiting = 0

    @property
    def idle(self) -> bool:
        """Nobody holds a slot or waits for one."""
        return not self.taken and not self.waiting

    async def __aenter__(self) -> Self:
        await self.enter()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()

    async def enter(self) -> None:
        """Take a slot, to be given back by `leave`. Raises Overloaded."""
        if not self._semaphore.locked():
            await self._semaphore.acquire()
        else:
            await self._wait()
        self.taken += 1

    def leave(self) -> None:
        """Give a slot back to whoever has waited longest."""
        self.taken -= 1
        self._semaphore.release()

    async def _wait(self) -> None:
        if self.waiting >= self._max_waiting:
            raise Overloaded
        self.waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._semaphore.acquire()
        except TimeoutError:
            raise Overloaded from None
        finally:
            self.waiting -= 1
