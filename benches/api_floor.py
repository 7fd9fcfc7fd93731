"""ENTRY: the least that can answer the same: bare ASGI, PyJWT, psycopg's pool, on our own listening side.

No framework, no checks of connections, no transaction, no log, no figures, no limits. `PORT`, `DATABASE_URL`
and `JWT_SECRET` come from the environment.
"""

import os
import uuid
from typing import Any

import jwt
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Scope, Send

from ascension.infra.http import server
from ascension.infra.security import ALGORITHM, AUDIENCE

HEALTHY = b'{"status":"ok"}'


class Floor:
    """ASGI: `/health`, anything else is `/{analysis id}`, its result."""

    def __init__(self) -> None:
        self._secret = os.environ["JWT_SECRET"]
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            os.environ["DATABASE_URL"], min_size=4, max_size=8, kwargs={"autocommit": True}, open=False
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await self._pool.open(wait=True)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._pool.close()
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["path"] == "/health":
            await _send(send, HEALTHY, b"application/json")
        else:
            await self._result(scope, send)

    async def _result(self, scope: Scope, send: Send) -> None:
        token = next(value for name, value in scope["headers"] if name == b"authorization")[7:]
        claims = jwt.decode(token, self._secret, algorithms=[ALGORITHM], audience=AUDIENCE)
        key = (uuid.UUID(scope["path"][1:]), uuid.UUID(claims["sub"]))
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(
                "select result, result_sha256 from analyses where id = %s and user_id = %s", key, prepare=True
            )
            row = await cursor.fetchone()
        assert row is not None, "no such analysis"
        extra = [
            (b"etag", b'"' + row[1].hex().encode() + b'"'),
            (b"cache-control", b"private, no-cache"),
            (b"vary", b"Authorization"),
            (b"content-encoding", b"gzip"),
        ]
        await _send(send, row[0], b"application/vnd.ascension.result", extra)


async def _send(
    send: Send, body: bytes, media_type: bytes, extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    server.serve(
        "benches.api_floor:Floor",
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        max_connections=8192,
        trusted_proxies=(),
    )


if __name__ == "__main__":
    main()
