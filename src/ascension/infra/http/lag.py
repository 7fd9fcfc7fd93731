"""How late the event loop is: what no single request can see."""

import asyncio

EVERY_S = 0.1
MOST_S = 5.0  # a process that was stopped for a minute is well again a second later
WEIGHT = 0.3  # of the latest look: one stall of half a second is no overload, half a second of stalls is


class LoopLag:
    """A smoothed lateness in seconds, looked at ten times a second by `run`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def run(self) -> None:
        """Look until canceled."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + EVERY_S
            await asyncio.sleep(EVERY_S)
            late_s = min(max(loop.time() - due_s, 0.0), MOST_S)
            self.seconds += WEIGHT * (late_s - self.seconds)
