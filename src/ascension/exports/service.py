"""What the owner of an account does with archives: ask, look, fetch, remove."""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.audit.entries import account, record
from ascension.errors.privacy import ExportedTooOften, ExportNotFound, ExportNotReady, ExportUnderWay
from ascension.exports import queries
from ascension.exports.parts import ExportParts
from ascension.exports.queries import Export
from ascension.infra.database.primary import Connection
from ascension.infra.storage import removal
from ascension.infra.storage.keys import export_key

LINK_TTL_S = 15 * 60


async def ask(parts: ExportParts, user_id: UUID, language: Language) -> Export:
    """Raises ExportUnderWay, ExportedTooOften."""
    export_id = uuid7()
    async with parts.database.transaction() as tx:
        await accounts.lock_user(tx.connection, user_id)
        if any(one.state in ("waiting", "making") for one in await queries.list_of(tx.connection, user_id)):
            raise ExportUnderWay
        today = await queries.asked_today(tx.connection, user_id)
        if len(today) >= parts.per_day:
            refused = ExportedTooOften()
            free_at = today[-parts.per_day] + timedelta(days=1)
            refused.retry_after_s = max(1, math.ceil((free_at - datetime.now(UTC)).total_seconds()))
            raise refused
        await queries.insert(tx.connection, export_id, user_id, language)
        await record(tx.connection, "export.asked", account(user_id))
        return await get(tx.connection, export_id, user_id)


async def get(connection: Connection, export_id: UUID, user_id: UUID) -> Export:
    """Raises ExportNotFound."""
    export = await queries.get(connection, export_id, user_id)
    if export is None:
        raise ExportNotFound
    return export


async def link(parts: ExportParts, export_id: UUID, user_id: UUID) -> str:
    """Where to fetch it from. Raises ExportNotFound, ExportNotReady.

    Whoever asked showed the password; fetching asks for a session alone, which reads all of it anyway.
    """
    async with parts.database.transaction() as tx:
        export = await get(tx.connection, export_id, user_id)
        if export.state == "ready":
            await record(tx.connection, "export.fetched", account(user_id))
    if export.state != "ready":
        raise ExportNotReady
    return await parts.storage.sign_read(
        export_key(user_id, export_id),
        ttl_s=LINK_TTL_S,
        file_name=f"ascension-{export.asked_at:%Y-%m-%d}.zip",
    )


async def remove(parts: ExportParts, export_id: UUID, user_id: UUID) -> None:
    """Whether it is being made or ready. Raises ExportNotFound, StorageUnavailable."""
    async with parts.database.transaction() as tx:
        await get(tx.connection, export_id, user_id)
        await queries.remove(tx.connection, export_id, user_id)
        await record(tx.connection, "export.removed", account(user_id))
    await removal.remove(parts.storage, export_key(user_id, export_id))
