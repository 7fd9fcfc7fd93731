"""Our own pages may be served from elsewhere than the API: then a browser asks whether they may read it."""

from collections.abc import Sequence
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS: Final = ("Authorization", "Content-Type", "Idempotency-Key")
"""Those that the client sends beside what every page may."""
ANSWER_HEADERS: Final = ("Date", "Retry-After", "X-Request-ID")
REMEMBERED_S: Final = 600


class OwnPages:
    """ASGI middleware: pages of `origins` may read answers, with the cookie. To others nothing is said."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)
        self._told = CORSMiddleware(
            app,
            allow_origins=tuple(origins),
            allow_credentials=True,
            allow_methods=METHODS,
            allow_headers=REQUEST_HEADERS,
            expose_headers=ANSWER_HEADERS,
            max_age=REMEMBERED_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and any(
            name == b"origin" and value in self._origins for name, value in scope["headers"]
        )
        await (self._told if is_ours else self._app)(scope, receive, send)
