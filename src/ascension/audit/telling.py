"""The API tells where the log ends: what is kept elsewhere shows later that nothing was cut off."""

import asyncio
import json
from typing import Final, cast

from ascension.audit import queries
from ascension.audit.entries import PLATFORM, Detail, record
from ascension.errors.base import AscensionError
from ascension.infra.database.primary import Connection, Database
from ascension.infra.logging import get_logger

DAY_S: Final = 24 * 3600
RETRY_S: Final = 30
KEYS: Final = ("signing_key", "account_key")
"""Of the settings: by what the keys in use are known."""


async def run(database: Database, settings: dict[str, Detail]) -> None:
    """Note the start with its settings, then put the head into the process's log: now, and every day."""
    is_noted = False
    while True:
        pause_s = DAY_S
        try:
            async with database.transaction() as tx:
                if not is_noted:
                    await _note(tx.connection, settings)
            is_noted = True
            async with database.reading() as connection:
                head = await queries.head(connection)
            get_logger().info("audit_head", head=str(head))
        except AscensionError as error:
            get_logger().warning("audit_put_off", reason=error.code)
            pause_s = RETRY_S
        await asyncio.sleep(pause_s)


async def _note(connection: Connection, settings: dict[str, Detail]) -> None:
    """A start, and which keys are others than at the start before."""
    before = await queries.list_newest(connection, queries.Which(action="platform.started"), limit=1)
    known = cast("dict[str, Detail]", json.loads(before[0].details)) if before else {}
    await record(connection, "platform.started", PLATFORM, None, **settings)
    for key in KEYS:
        if known.get(key, settings[key]) != settings[key]:
            await record(connection, "key.rotated", PLATFORM, None, which=key)
