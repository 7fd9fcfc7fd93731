"""Ends that no message told of: a worker cut off from the streams stores a result and cannot say so.

Sockets stay open meanwhile, so their clients would wait for nothing. Every few seconds each replica reads
which jobs of its listening users have ended, and its hub tells those that it has not heard.
"""

import asyncio

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.jobs import queries
from ascension.jobs.events import COMMIT_S, EventHub

EVERY_S = 5.0
MAX_BACK_S = 600.0
"""Of an outage of the database: who waited longer than this has asked by other means."""


async def run(database: Database, hub: EventHub) -> None:
    """Until canceled; while the database is away nothing is known, and the next time looks further back."""
    clock = asyncio.get_running_loop().time
    looked_s = clock()
    while True:
        await asyncio.sleep(EVERY_S)
        now_s = clock()
        back_s = min(now_s - looked_s + EVERY_S + COMMIT_S, MAX_BACK_S)
        try:
            await remind(database, hub, back_s=back_s)
        except DatabaseUnavailable:
            continue
        looked_s = now_s
        hub.forget(before_s=now_s - MAX_BACK_S)


async def remind(database: Database, hub: EventHub, *, back_s: float) -> None:
    """Tell the ends of the last `back_s` that the hub has not heard, once their messages had their time."""
    if not (users := hub.users()):
        return
    async with database.transaction() as tx:
        ended = await queries.list_ended(tx.connection, users, back_s=back_s, settled_s=COMMIT_S)
    for job, age_s in ended:
        hub.remind(job, age_s)
