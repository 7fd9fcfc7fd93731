"""Loops that must never end in silence."""

import asyncio

import pytest

from ascension.infra.background import keep_running


async def test_a_loop_that_fails_is_logged_and_begun_again(capfd: pytest.CaptureFixture[str]) -> None:
    begun: list[int] = []
    stayed = asyncio.Event()

    async def loop() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise ValueError("unforeseen")
        stayed.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(keep_running("test", loop, restart_s=0))
    async with asyncio.timeout(5):
        await stayed.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert begun == [0, 1, 2]
    printed = capfd.readouterr()
    assert (printed.out + printed.err).count("loop=test") == 2
