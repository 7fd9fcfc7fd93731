"""CloudWatch on the wire: takes the real requests of PutMetricData and reads their bodies."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TARGET = "GraniteServiceVersion20100801.PutMetricData"


@dataclass
class CloudWatch:
    """What it was told. While `is_down` it answers 500."""

    told: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    asked: int = 0
    is_down: bool = False
    endpoint: str = ""
    _calls: set[str] = field(default_factory=set[str])

    async def take(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.is_down:
            return web.Response(status=500)
        signed = request.headers["authorization"]
        if request.headers["x-amz-target"] != TARGET or "/eu-central-1/monitoring/aws4_request" not in signed:
            return web.Response(status=400)
        call = request.headers["amz-sdk-invocation-id"]
        if call not in self._calls:  # the library repeats a call whose answer was late
            self._calls.add(call)
            self.told.append(await request.json())
        return web.Response(text="{}", headers={"content-type": "application/x-amz-json-1.0"})


@asynccontextmanager
async def cloudwatch() -> AsyncGenerator[CloudWatch]:
    """One that listens on loopback."""
    found = CloudWatch()
    app = web.Application(client_max_size=2**24)
    app.router.add_post("/", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    found.endpoint = f"http://127.0.0.1:{port}"
    try:
        yield found
    finally:
        await runner.cleanup()
