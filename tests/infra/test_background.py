"""Loops that must never end in silence."""

import asyncio

import pytest

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.background import attempt, keep_running, repeat


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


async def test_a_step_that_fails_is_logged_and_keeps_neither_the_others_nor_itself_from_their_turns(
    capfd: pytest.CaptureFixture[str],
) -> None:
    taken: list[str] = []
    thrice = asyncio.Event()

    async def away() -> None:
        taken.append("away")
        raise DatabaseUnavailable

    async def wrong() -> None:
        taken.append("wrong")
        raise ValueError("unforeseen")

    async def well() -> int:
        taken.append("well")
        if taken.count("well") == 3:
            thrice.set()
            await asyncio.sleep(60)
        return 1

    task = asyncio.create_task(repeat({"one": away, "two": wrong, "three": well}, every_s=0))
    async with asyncio.timeout(5):
        await thrice.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert taken == ["away", "wrong", "well"] * 3
    lines = "".join(capfd.readouterr()).splitlines()
    put_off = [line for line in lines if "reason=database_unavailable step=one" in line]
    failed = [line for line in lines if "] background_step_failed" in line and "step=two" in line]
    assert (len(put_off), len(failed), lines.count("ValueError: unforeseen")) == (3, 3, 3)


async def test_an_attempt_says_whether_it_succeeded_and_lets_a_cancel_through() -> None:
    async def well() -> None:
        pass

    async def away() -> None:
        raise DatabaseUnavailable

    async def canceled() -> None:
        raise asyncio.CancelledError

    assert await attempt("well", well)
    assert not await attempt("away", away)
    with pytest.raises(asyncio.CancelledError):
        await attempt("canceled", canceled)
