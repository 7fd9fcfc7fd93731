"""The instance metadata service of EC2 on the wire (version 2): a token by PUT, 404 until noticed."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class MetadataService:
    """What it says may be changed while it runs. tokens: those given out, which end when they are removed."""

    spot: str | None = None
    target_state: str | None = "InService"
    tokens: set[str] = field(default_factory=set[str])
    refused: int = 0
    url: str = ""

    async def token(self, request: web.Request) -> web.Response:
        """A token needs a lifetime, and no proxy on its way."""
        ttl_s = request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if not ttl_s.isdigit() or not 1 <= int(ttl_s) <= 21_600 or "X-Forwarded-For" in request.headers:
            return web.Response(status=400)
        token = secrets.token_urlsafe(40)
        self.tokens.add(token)
        return web.Response(text=token)

    def _answer(self, request: web.Request, text: str | None) -> web.Response:
        if request.headers.get("X-aws-ec2-metadata-token") not in self.tokens:
            self.refused += 1
            return web.Response(status=401)
        return web.Response(status=404) if text is None else web.Response(text=text)

    async def spot_action(self, request: web.Request) -> web.Response:
        return self._answer(request, self.spot)

    async def group_state(self, request: web.Request) -> web.Response:
        return self._answer(request, self.target_state)

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator["MetadataService"]:
        """Answer on loopback until the end."""
        app = web.Application()
        app.router.add_put("/latest/api/token", self.token)
        app.router.add_get("/latest/meta-data/spot/instance-action", self.spot_action)
        app.router.add_get("/latest/meta-data/autoscaling/target-lifecycle-state", self.group_state)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await runner.cleanup()
