"""Do storage and database say the same? Objects and rows are walked side by side, in constant memory.

Both come sorted by key, a page at a time. Whatever seems wrong is looked at again before it is told: the
platform goes on working meanwhile. Non-current versions are not looked at: the bucket's rule ends them.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from ascension.infra.database.primary import Connection, Database
from ascension.infra.storage import removal
from ascension.infra.storage.lifetimes import EXPORTS, PREFIXES, RESULTS, SHARED, THUMBNAILS
from ascension.infra.storage.objects import ObjectMissingError, Storage
from ascension.infra.storage.removal import ListedObject
from ascension.infra.storage.writing import MARK
from ascension.retention import check_queries
from ascension.retention.check_queries import NOWHERE, Named

PAGE = 1000
MAX_OVERDUE = 1000
OWN_KEYS = frozenset({MARK})

Kind = Literal["object_without_row", "row_without_object", "unfinished_upload", "overdue"]
Page = Callable[[Connection, str, Named, int], Awaitable[list[Named]]]
_PAGES: dict[str, Page] = {
    RESULTS: check_queries.pictures_after,
    SHARED: check_queries.copies_after,
    THUMBNAILS: check_queries.thumbnails_after,
    EXPORTS: check_queries.exports_after,
}


@dataclass(frozen=True)
class Finding:
    """`upload_id`: of an unfinished upload. `size_bytes`: of an object."""

    kind: Kind
    key: str
    since: datetime | None = None
    size_bytes: int | None = None
    upload_id: str | None = None


async def examine(database: Database, storage: Storage, *, older_than_s: float) -> AsyncGenerator[Finding]:
    """Everything that does not match, for at least this long where an age is known.

    Raises:
        DatabaseUnavailable, StorageUnavailable.
    """
    before = datetime.now(UTC) - timedelta(seconds=older_than_s)
    async for finding in _strangers(database, storage, before):
        yield finding
    for prefix in PREFIXES:
        async for finding in _rows_without_object(database, storage, prefix):
            yield finding
    async for finding in _unfinished_uploads(database, storage, before):
        yield finding
    async with database.transaction() as tx:
        waiting = await check_queries.overdue(tx.connection, older_than_s=older_than_s, limit=MAX_OVERDUE)
    for one in waiting:
        yield Finding("overdue", one.what, one.since)


async def remove(storage: Storage, finding: Finding) -> bool:
    """Remove an object or an upload that nobody knows. False: what was found is nothing to be removed."""
    if finding.kind == "object_without_row":
        await removal.remove(storage, finding.key)
    elif finding.kind == "unfinished_upload" and finding.upload_id:
        await storage.abort_upload(finding.key, finding.upload_id)
    else:
        return False
    return True


async def _strangers(database: Database, storage: Storage, before: datetime) -> AsyncGenerator[Finding]:
    """Objects that no row knows, whatever their prefix."""
    async for page in removal.listed(storage, ""):
        old = [one for one in page if one.modified_at < before and one.key not in OWN_KEYS]
        if not old:
            continue
        async with database.transaction() as tx:
            known = await check_queries.expected(tx.connection, [one.key for one in old])
        for one in old:
            if one.key not in known:
                yield Finding("object_without_row", one.key, one.modified_at, one.size_bytes)


async def _rows_without_object(database: Database, storage: Storage, prefix: str) -> AsyncGenerator[Finding]:
    """Rows whose object is not in the listing beside them, nor when asked for by name."""
    pages = _PAGES.get(prefix, check_queries.videos_after)
    objects = _Ahead(removal.listed(storage, prefix))
    after = NOWHERE
    while True:
        async with database.transaction() as tx:
            rows = await pages(tx.connection, prefix, after, PAGE)
        if not rows:
            return
        for row in rows:
            if not await objects.has(row.object_key) and await _is_missing(database, storage, row.object_key):
                yield Finding("row_without_object", row.object_key)
        after = rows[-1]


class _Ahead:
    """A sorted listing that is asked for keys in their order."""

    def __init__(self, pages: AsyncGenerator[Sequence[ListedObject]]) -> None:
        self._pages = pages
        self._page: Sequence[ListedObject] = ()
        self._next = 0
        self._is_over = False

    async def has(self, key: str) -> bool:
        """Is this key, larger than all that were asked for before, in the listing?"""
        while not self._is_over:
            while self._next < len(self._page):
                found = self._page[self._next].key
                if found >= key:
                    return found == key
                self._next += 1
            await self._turn()
        return False

    async def _turn(self) -> None:
        try:
            self._page, self._next = await anext(self._pages), 0
        except StopAsyncIteration:
            self._is_over = True


async def _is_missing(database: Database, storage: Storage, object_key: str) -> bool:
    try:
        await storage.head(object_key)
    except ObjectMissingError:
        async with database.transaction() as tx:
            return await check_queries.still_named(tx.connection, object_key)
    return False


async def _unfinished_uploads(
    database: Database, storage: Storage, before: datetime
) -> AsyncGenerator[Finding]:
    async for upload in removal.open_uploads(storage, ""):
        if upload.began_at >= before:
            continue
        async with database.transaction() as tx:
            awaited = await check_queries.awaited_uploads(tx.connection, [upload.upload_id])
        if not awaited:
            yield Finding("unfinished_upload", upload.key, upload.began_at, upload_id=upload.upload_id)
