"""What a user may have left: in storage with every version, in every table, in every Valkey key."""

from typing import Any

import psycopg
import redis.asyncio as redis
from psycopg import sql

from tests.conftest import Engines


async def versions(engines: Engines, part: str) -> list[str]:
    """Keys of every version, delete marker and unfinished upload that has `part` in its key."""
    async with engines.stack.seaweedfs.client() as s3:
        found = await s3.list_object_versions(Bucket=engines.s3_bucket)
        uploads = await s3.list_multipart_uploads(Bucket=engines.s3_bucket)
    assert [one.get("IsTruncated") for one in (found, uploads)] == [False, False], "one page is looked at"
    return [
        key
        for one in (*found.get("Versions", []), *found.get("DeleteMarkers", []), *uploads.get("Uploads", []))
        if part in (key := one.get("Key", ""))
    ]


async def rows_with(engines: Engines, *values: str) -> list[str]:
    """Tables in which a row holds one of these values anywhere, in any column."""
    found: list[str] = []
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as connection:
        cursor = await connection.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in await cursor.fetchall():
            for value in values:
                looked = await connection.execute(
                    sql.SQL("select 1 from {} t where strpos(t::text, %s) > 0 limit 1").format(
                        sql.Identifier(table)
                    ),
                    (value,),
                )
                if await looked.fetchone():
                    found.append(f"{table}: {value}")
    return found


async def keys_with(engines: Engines, *values: str) -> list[str]:
    """Valkey keys whose name or content holds one of these values."""
    client: Any = redis.Redis.from_url(engines.redis_admin_url, decode_responses=True)  # pyright: ignore[reportUnknownMemberType]
    try:
        found: list[str] = []
        async for key in client.scan_iter():
            match await client.type(key):
                case "stream":
                    content = str(await client.xrange(key))
                case "string":
                    content = str(await client.get(key))
                case kind:
                    content = f"{kind}: {await client.dump(key)!r}"
            found += [f"{key}: {value}" for value in values if value in key or value in content]
        return found
    finally:
        await client.aclose()
