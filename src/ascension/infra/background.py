"""Loops beside the requests and jobs of a process: sweeps, reports, subscriptions."""

import asyncio
from collections.abc import Awaitable, Callable

from ascension.infra.logging import get_logger

RESTART_S = 5


async def keep_running(
    name: str, loop: Callable[[], Awaitable[None]], *, restart_s: float = RESTART_S
) -> None:
    """Run an endless loop until canceled; one that ends in an unforeseen error is logged and begun again."""
    while True:
        try:
            await loop()
        except Exception:
            get_logger().exception("background_loop_failed", loop=name)
        await asyncio.sleep(restart_s)
