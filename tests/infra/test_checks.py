"""What checks a connection at its check-out leaves nothing waiting behind."""

import asyncio

import pytest

from ascension.errors import DatabaseUnavailable
from ascension.infra.db import Database
from tests.chaos.proxy import Door
from tests.conftest import Engines


async def test_a_check_that_hangs_has_ended_when_its_connection_is_closed(engines: Engines) -> None:
    """Else the descriptor is closed under a watcher, and uvloop ends the process (SIGABRT)."""
    port = engines.stack.postgres.port
    door = Door(port)
    await door.open()
    url = engines.api_url.replace(f":{port}", f":{door.port}")
    async with Database(url, pool_size=1, application="test") as database:
        await database.ping()
        await door.switch("swallow")
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
        assert not [task for task in asyncio.all_tasks() if "check_connection" in repr(task)]
        await door.switch("pass")
        async with asyncio.timeout(20):
            while True:
                try:
                    await database.ping()
                except DatabaseUnavailable:
                    continue
                break
    await door.close()
