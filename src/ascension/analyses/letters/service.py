"""Letters about results: wished for on the account page, one for each analysis, however it ended.

Which analyses are due is a mark on their rows, made with them; any replica's sweep takes it away and puts the
letter, in one transaction. So a worker knows nothing of letters, and none comes twice.
"""

from functools import partial
from typing import Final

from ascension.accounts.mail.service import Post
from ascension.analyses.letters import queries
from ascension.infra.background import repeat
from ascension.infra.database.primary import Database

TOLD_WITHIN_S: Final = 24 * 3600
"""What ended while nothing ran is no news any more."""
_BATCH: Final = 100
_EVERY_S: Final = 5


async def run(database: Database, post: Post) -> None:
    """Until canceled. Where no letters are sent, nothing runs this: what is due grows old."""
    await repeat({"letters about results": partial(sweep, database, post)}, every_s=_EVERY_S)


async def sweep(database: Database, post: Post) -> int:
    """Put the letters that are due; how many."""
    async with database.transaction() as tx:
        ended = await queries.take_ended(tx.connection, told_within_s=TOLD_WITHIN_S, limit=_BATCH)
        told = [one for one in ended if one.is_told]
        for one in told:
            kind = "result_ready" if one.has_result else "result_failed"
            await post.put(tx, kind, recipient=one.email, language="en", subject_id=one.id)
    return len(told)
