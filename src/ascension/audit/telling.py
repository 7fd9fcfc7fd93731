"""The API tells where the log ends: what is kept elsewhere shows later that nothing was cut off."""

import asyncio
import json
from functools import partial
from typing import Final, cast

from ascension.audit import queries
from ascension.audit.entries import PLATFORM, Detail, record
from ascension.infra.background import attempt
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger

DAY_S: Final = 24 * 3600
RETRY_S: Final = 30
KEYS: Final = ("signing_key", "account_key")
"""Of the settings: by what the keys in use are known."""


async def run(database: Database, settings: dict[str, Detail]) -> None:
    """Note the start with its settings, then put the head into the process's log: now, and every day."""
    is_noted = False
    while True:
        is_noted = is_noted or await attempt("audit of the start", partial(_note, database, settings))
        is_told = is_noted and await attempt("head of the audit", partial(_tell, database))
        await asyncio.sleep(DAY_S if is_told else RETRY_S)


async def _tell(database: Database) -> None:
    async with database.reading() as connection:
        head = await queries.head(connection)
    get_logger().info("audit_head", head=str(head))


async def _note(database: Database, settings: dict[str, Detail]) -> None:
    """A start, and which keys are others than at the start before."""
    async with database.transaction() as tx:
        before = await queries.list_newest(tx.connection, queries.Which(action="platform.started"), limit=1)
        known = cast("dict[str, Detail]", json.loads(before[0].details)) if before else {}
        await record(tx.connection, "platform.started", PLATFORM, None, **settings)
        for key in KEYS:
            if known.get(key, settings[key]) != settings[key]:
                await record(tx.connection, "key.rotated", PLATFORM, None, which=key)
