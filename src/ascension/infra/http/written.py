"""A browser is told how far the database was when it wrote, so that it never misses its own change."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ascension.infra.database.replica import COOKIE, Replica

COOKIE_TTL_S = 24 * 3600


class MarksWrites:
    """ASGI middleware: an answer to a request that may have written says, as a cookie, how far the log was.

    Where the primary does not say, the mark is one that no copy reaches: reads then stay with the primary.
    """

    def __init__(self, app: ASGIApp, *, replica: Callable[[], Replica], secure_cookie: bool) -> None:
        self._app = app
        self._replica = replica
        self._attributes = f"Path=/api; Max-Age={COOKIE_TTL_S}; HttpOnly; SameSite=Strict"
        self._attributes += "; Secure" if secure_cookie else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                mark = f"{COOKIE}={await self._replica().written()}; {self._attributes}"
                MutableHeaders(scope=message).append("Set-Cookie", mark)
            await send(message)

        await self._app(scope, receive, send_marked)
