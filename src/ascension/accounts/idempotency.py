"""Idempotency-Key: the same POST sent twice creates one thing and gets the same answer."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from ascension.accounts import queries
from ascension.errors.http import IdempotencyKeyReused
from ascension.infra.database.primary import Connection

KEY_TTL_S = 24 * 3600


async def create_once(
    connection: Connection,
    *,
    user_id: UUID,
    key: str | None,
    request: Mapping[str, object],
    new_id: UUID,
    create: Callable[[UUID], Awaitable[None]],
) -> UUID:
    """Run `create(new_id)` unless this key did it before; return the id of what exists now.

    The key is written first, so of two concurrent requests the second waits for the first's commit.

    Raises:
        IdempotencyKeyReused: the key belongs to another request.
    """
    if key is None:
        await create(new_id)
        return new_id
    digest = request_digest(request)
    if await queries.insert_idempotency_key(
        connection, user_id=user_id, key=key, request_hash=digest, resource_id=new_id
    ):
        await create(new_id)
        return new_id
    row = await queries.get_idempotency_key(connection, user_id, key)
    if row is None or row.request_hash != digest:
        raise IdempotencyKeyReused
    return row.resource_id


def request_digest(request: Mapping[str, object]) -> bytes:
    """A stable digest of what was asked for."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).digest()
