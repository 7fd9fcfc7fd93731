"""Loops beside the requests and jobs of a process: sweeps, reports, subscriptions."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from ascension.errors.base import AscensionError
from ascension.infra.logging import get_logger

RESTART_S = 5
Step = Callable[[], Awaitable[object]]


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


async def repeat(steps: Mapping[str, Step], *, every_s: float) -> None:
    """Take steps, by name, again and again until canceled; one that fails keeps no other from its turn."""
    while True:
        for name, step in steps.items():
            await attempt(name, step)
        await asyncio.sleep(every_s)


async def attempt(name: str, step: Step) -> bool:
    """Take one step, which is safe to take again; False: it failed, which is logged."""
    try:
        await step()
    except AscensionError as error:  # something is away, and comes back
        get_logger().warning("background_step_put_off", step=name, reason=error.code)
        return False
    except Exception:
        get_logger().exception("background_step_failed", step=name)
        return False
    return True
