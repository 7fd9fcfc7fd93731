"""The whole chain read and computed anew, page by page, while others go on writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ascension.audit import queries
from ascension.audit.chain import BEGINNING, Head, fault_of
from ascension.infra.database.primary import Database

PAGE: Final = 2_000


@dataclass(frozen=True)
class Verdict:
    """`head`: the last good entry. `fault`: what is wrong with the first bad one; None: nothing is."""

    head: Head
    fault: str | None


async def verify(database: Database, noted: Sequence[Head] = ()) -> Verdict:
    """From the first entry to the last. `noted`: heads kept elsewhere, which must still be in it.

    Without a noted head entries that were cut off at the end are not missed: nothing follows them.

    Raises:
        DatabaseUnavailable, SchemaOutdated.
    """
    wanted = {head.position: head.hash for head in noted}
    before = BEGINNING
    while True:
        async with database.reading() as connection:
            page = await queries.list_from(connection, before.position + 1, limit=PAGE)
        if not page:
            break
        for entry in page:
            fault = fault_of(before, entry)
            if fault is None and wanted.get(entry.position, entry.hash) != entry.hash:
                fault = f"entry {entry.position} is another than the one that was noted"
            if fault is not None:
                return Verdict(before, fault)
            before = Head(entry.position, entry.hash)
    return Verdict(before, await _fault_of_end(database, before, wanted))


async def _fault_of_end(database: Database, last: Head, wanted: dict[int, bytes]) -> str | None:
    if missing := [position for position in wanted if position > last.position]:
        noted = f"entry {max(missing)} was noted, {last.position} is the last"
        return f"entry {last.position + 1} is missing: {noted}"
    async with database.reading() as connection:
        unsealed = await queries.count_unsealed(connection)
    return f"rows without a place in the chain: {unsealed}" if unsealed else None
