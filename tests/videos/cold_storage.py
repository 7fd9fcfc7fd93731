"""What SeaweedFS cannot do: classes that have to be restored. A proxy before it speaks S3's words for them.

Everything else is passed through as it was signed. HEAD tells `x-amz-restore`, POST `?restore` is taken, GET
and copies of a frozen object are 403 `InvalidObjectState`, as AWS S3 answers.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx2 as httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.conftest import Engines, unused_port

EXPIRY = "Fri, 21 Dec 2035 00:00:00 GMT"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-encoding"}


@dataclass
class ColdStorage:
    """Classes by key, as the bucket's rule has moved them. Restores: True when the copy is there."""

    url: str
    classes: dict[str, str] = field(default_factory=dict[str, str])
    restores: dict[str, bool] = field(default_factory=dict[str, bool])
    asked_for: list[str] = field(default_factory=list[str])
    refusals: dict[str, str] = field(default_factory=dict[str, str])
    """Keys of which everything but listing is refused, with which code: as a policy does, or a full disk."""


@asynccontextmanager
async def cold_storage(engines: Engines) -> AsyncGenerator[ColdStorage]:
    """The proxy, listening on a port of its own."""
    port = unused_port()
    cold = ColdStorage(f"http://127.0.0.1:{port}")
    async with httpx.AsyncClient(base_url=engines.s3_endpoint, timeout=30) as upstream:

        async def answer(request: Request) -> Response:
            return await _answer(cold, upstream, request)

        app = Starlette(
            routes=[Route("/{rest:path}", answer, methods=["GET", "PUT", "POST", "DELETE", "HEAD"])]
        )
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:
                await asyncio.sleep(0.02)
            yield cold
        finally:
            server.should_exit = True
            await serving


async def _answer(cold: ColdStorage, upstream: httpx.AsyncClient, request: Request) -> Response:
    key = unquote(request.url.path).split("/", 2)[2] if request.url.path.count("/") > 1 else ""
    if code := cold.refusals.get(key):
        return _refused(403 if code == "AccessDenied" else 500, code)
    if request.method == "POST" and "restore" in request.query_params:
        await request.body()
        if cold.restores.get(key) is False:
            return _refused(409, "RestoreAlreadyInProgress")
        cold.asked_for.append(key)
        cold.restores[key] = False
        return Response(status_code=202)
    read_key = request.headers.get("x-amz-copy-source", "").partition("/")[2] or key
    is_read = request.method == "GET" or read_key != key
    is_frozen = cold.classes.get(read_key) == "DEEP_ARCHIVE" and not cold.restores.get(read_key)
    if is_read and is_frozen:
        return _refused(403, "InvalidObjectState")
    passed = await upstream.request(
        request.method,
        request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        headers=dict(request.headers),
        content=await request.body(),
    )
    headers = {name: value for name, value in passed.headers.items() if name.lower() not in _HOP_BY_HOP}
    if request.method == "HEAD" and key in cold.classes:
        headers["x-amz-storage-class"] = cold.classes[key]
        if key in cold.restores:
            there = f'ongoing-request="false", expiry-date="{EXPIRY}"'
            headers["x-amz-restore"] = there if cold.restores[key] else 'ongoing-request="true"'
    return Response(passed.content, passed.status_code, headers)


def _refused(status: int, code: str) -> Response:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
    )
    return Response(body, status, media_type="application/xml")
