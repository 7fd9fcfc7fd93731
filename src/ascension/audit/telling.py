"""The API tells where the log ends: what is kept elsewhere shows later that nothing was cut off."""

import asyncio
from typing import Final

from ascension.audit import queries
from ascension.audit.entries import PLATFORM, Detail, record
from ascension.errors.base import AscensionError
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger

DAY_S: Final = 24 * 3600
RETRY_S: Final = 30


async def run(database: Database, settings: dict[str, Detail]) -> None:
    """Note the start with its settings, then put the head into the process's log: now, and every day."""
    is_noted = False
    while True:
        pause_s = DAY_S
        try:
            async with database.transaction() as tx:
                if not is_noted:
                    await record(tx.connection, "platform.started", PLATFORM, None, **settings)
            is_noted = True
            async with database.reading() as connection:
                head = await queries.head(connection)
            get_logger().info("audit_head", head=str(head))
        except AscensionError as error:
            get_logger().warning("audit_put_off", reason=error.code)
            pause_s = RETRY_S
        await asyncio.sleep(pause_s)
