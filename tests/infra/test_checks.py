"""What checks a connection at its check-out leaves nothing waiting behind, nor does who vanishes."""

import asyncio

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database import primary as db
from tests.chaos.proxy import Door
from tests.conftest import Engines


async def test_a_check_that_hangs_has_ended_when_its_connection_is_closed(engines: Engines) -> None:
    """Else the descriptor is closed under a watcher, and uvloop ends the process (SIGABRT)."""
    port = engines.stack.postgres.port
    door = Door(port)
    await door.open()
    url = engines.api_url.replace(f":{port}", f":{door.port}")
    connection = await psycopg.AsyncConnection[DictRow].connect(url, row_factory=dict_row)
    await db._check(connection)  # pyright: ignore[reportPrivateUsage]
    await door.switch("swallow")
    with pytest.raises(psycopg.OperationalError):
        await db._check(connection)  # pyright: ignore[reportPrivateUsage]
    assert not [task for task in asyncio.all_tasks() if "check_connection" in repr(task)]
    await connection.close()
    await door.close()


async def test_a_check_that_is_stopped_twice_leaves_nobody_waiting(engines: Engines) -> None:
    """A request that has come to its limit while its check hangs is stopped again by the limit around it."""
    port = engines.stack.postgres.port
    door = Door(port)
    await door.open()
    url = engines.api_url.replace(f":{port}", f":{door.port}")
    connection = await psycopg.AsyncConnection[DictRow].connect(url, row_factory=dict_row)
    await door.switch("swallow")
    left: list[str] = []

    async def check() -> None:
        try:
            await db._check(connection)  # pyright: ignore[reportPrivateUsage]
        finally:  # here the pool closes the connection
            left.extend(name for task in asyncio.all_tasks() if "check_connection" in (name := repr(task)))

    checking = asyncio.create_task(check())
    await asyncio.sleep(0.1)
    for _ in range(2):
        checking.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([checking])
    assert checking.cancelled()
    assert not left
    await connection.close()
    await door.close()


async def test_who_vanishes_without_a_word_holds_no_lock(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tells the server that the line is cut: others would wait for hours."""
    monkeypatch.setitem(db.SERVER_LIMITS, "idle_in_transaction_session_timeout", 500)
    port = engines.stack.postgres.port
    door = Door(port)
    await door.open()
    url = engines.api_url.replace(f":{port}", f":{door.port}")
    async with (
        db.Database(url, pool_size=1, application="test") as vanishing,
        await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as other,
    ):

        async def vanish() -> None:
            async with vanishing.transaction() as tx:
                await tx.connection.execute("select pg_advisory_xact_lock(20261123)")
                await door.switch("swallow")
                await other.execute("set lock_timeout = 5000")
                await other.execute("select pg_advisory_lock(20261123)")
                free.set()
                await door.close()

        free = asyncio.Event()
        with pytest.raises(DatabaseUnavailable):
            await vanish()
        assert free.is_set()
