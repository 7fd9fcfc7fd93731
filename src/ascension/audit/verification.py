"""The whole chain read and computed anew, page by page, while others go on writing.

Where its beginning was taken out, it begins behind the newest cut, which an entry of it has to tell of.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ascension.audit import queries
from ascension.audit.chain import BEGINNING, Entry, Head, fault_of
from ascension.audit.entries import written
from ascension.audit.segments import Segment
from ascension.infra.database.primary import Database

PAGE: Final = 2_000


@dataclass(frozen=True)
class Verdict:
    """`head`: the last good entry. `fault`: what is wrong with the first bad one; None: nothing is.

    `after`: what was taken out ends there. `is_over`: the end was reached, or a fault.
    """

    head: Head
    fault: str | None
    after: Head = BEGINNING
    is_over: bool = True


async def verify(
    database: Database,
    noted: Sequence[Head] = (),
    exported: Sequence[Segment] = (),
    *,
    behind: Head = BEGINNING,
    within_s: float = math.inf,
) -> Verdict:
    """From the first entry to the last. `noted`: heads kept elsewhere, which must still be in it.

    Without a noted head entries that were cut off at the end are not missed: nothing follows them.
    `exported`: what was taken out, read from its files: it has to lead to where the log begins.
    `behind`: go on where a verdict that was not over ended, `within_s`: for about so long.

    Raises:
        DatabaseUnavailable, SchemaOutdated.
    """
    until_s = time.monotonic() + within_s
    async with database.reading() as connection:
        after = await queries.newest_cut(connection) or BEGINNING
    if fault := _fault_of_beginning(after, noted, exported):
        return Verdict(after, fault, after)
    wanted = {head.position: head.hash for head in noted}
    before = max(after, behind, key=lambda head: head.position)
    while True:
        async with database.reading() as connection:
            page = await queries.list_from(connection, before.position + 1, limit=PAGE)
        if not page:
            break
        before, fault = await asyncio.to_thread(_followed, before, page, wanted)
        if fault is not None:
            return Verdict(before, fault, after)
        if time.monotonic() >= until_s:
            return Verdict(before, None, after, is_over=False)
    return Verdict(before, await _fault_of_end(database, before, after, wanted), after)


def _followed(before: Head, page: Sequence[Entry], wanted: dict[int, bytes]) -> tuple[Head, str | None]:
    """The last good entry of a page, and what is wrong with the one behind it."""
    for entry in page:
        fault = fault_of(before, entry)
        if fault is None and wanted.get(entry.position, entry.hash) != entry.hash:
            fault = f"entry {entry.position} is another than the one that was noted"
        if fault is not None:
            return before, fault
        before = Head(entry.position, entry.hash)
    return before, None


def _fault_of_beginning(after: Head, noted: Sequence[Head], exported: Sequence[Segment]) -> str | None:
    """What was noted of entries that are no longer there, beside the files that they are in."""
    reached = BEGINNING
    for segment in sorted(exported, key=lambda one: one.after.position):
        if segment.after != reached:
            return f"the exported files do not go on behind entry {reached.position}"
        reached = segment.head
    if exported and reached != after:
        return f"the exported files end at entry {reached.position}, the log begins behind {after.position}"
    for head in noted:
        if head.position == after.position and head.hash != after.hash:
            return f"entry {head.position} is another than the one that was noted"
        if head.position < after.position and not exported:
            return f"entry {head.position} was noted and is in an exported file: name that too"
    return None


async def _fault_of_end(database: Database, last: Head, after: Head, wanted: dict[int, bytes]) -> str | None:
    async with database.reading() as connection:
        is_told = after == BEGINNING or await queries.tells_of_cut(connection, written({"head": str(after)}))
    if not is_told:
        return f"the log begins behind entry {after.position}, and no entry says why"
    if missing := [position for position in wanted if position > last.position]:
        noted = f"entry {max(missing)} was noted, {last.position} is the last"
        return f"entry {last.position + 1} is missing: {noted}"
    async with database.reading() as connection:
        unsealed = await queries.count_unsealed(connection)
    return f"rows without a place in the chain: {unsealed}" if unsealed else None
