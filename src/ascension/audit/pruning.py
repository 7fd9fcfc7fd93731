"""The beginning of the log taken out once it lies in a file; what stays is still one chain.

The cut is noted first: the last entry that goes, whose digest the next one goes on from. An entry of its own
says the same, so a cut that nobody made shows. The newest entry always stays.
"""

from datetime import datetime
from typing import Final

from ascension.audit import queries
from ascension.audit.chain import Head
from ascension.audit.entries import COMMAND, PLATFORM, record
from ascension.infra.database.primary import Database

BATCH: Final = 20_000


async def last_before(database: Database, before: datetime) -> Head | None:
    """The entry to cut behind: the last of before that day that is not the newest; None: there is none."""
    async with database.reading() as connection:
        return await queries.last_before(connection, before)


async def cut(database: Database, head: Head) -> int:
    """Take out every entry up to this one; how many those were. As the owner of the tables.

    Repeatable: what an interrupted one left lies before a cut that is noted, and `finish` takes it out.
    """
    async with database.transaction() as tx:
        if await queries.insert_cut(tx.connection, head):
            await record(tx.connection, "audit.pruned", COMMAND, PLATFORM, head=str(head))
    return await finish(database, head)


async def finish(database: Database, cut_at: Head) -> int:
    """Take out what lies before a cut that is noted; how many entries that were."""
    removed = 0
    while True:
        async with database.transaction() as tx:
            count = await queries.delete_up_to(tx.connection, cut_at.position, limit=BATCH)
        removed += count
        if count < BATCH:
            return removed
