"""What is asked most, answered before the framework looks for it: that search costs more than the answer.

Only the common form of a request goes this way: a known path, ids that are ids, no query. All others go the
framework's way to the same function.
"""

import re
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ascension.errors.base import ApiError
from ascension.infra.http.errors import answer

HotEndpoint = Callable[[Request], Awaitable[Response]]
"""Gets the ids of its path as `request.path_params`, as text."""
_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PLACE = re.compile(r"\{(\w+)\}")


class Ready(Response):
    """An answer whose headers are bytes already, with names in lower case."""

    def __init__(self, status_code: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status_code, self.body, self.background = status_code, body, None
        self.raw_headers = headers
        if status_code != 304:
            headers.append((b"content-length", b"%d" % len(body)))


class _HotPath:
    """Stands in the request's scope as its route: log and figures ask it for its path."""

    def __init__(self, path: str, endpoint: HotEndpoint) -> None:
        self.path = path
        self.endpoint = endpoint
        self.match = re.compile(_PLACE.sub(rf"(?P<\1>{_ID})", path)).fullmatch


class HotPaths:
    """ASGI middleware, the innermost: GET of `paths`, which are as in the API's description."""

    def __init__(self, app: ASGIApp, *, paths: Mapping[str, HotEndpoint]) -> None:
        self._app = app
        self._paths = [_HotPath(path, endpoint) for path, endpoint in paths.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            for path in self._paths:
                match = path.match(scope["path"])
                if match is not None:
                    scope["route"] = path
                    scope["path_params"] = match.groupdict()
                    await (await _answer(path.endpoint, Request(scope, receive)))(scope, receive, send)
                    return
        await self._app(scope, receive, send)


async def _answer(endpoint: HotEndpoint, request: Request) -> Response:
    try:
        return await endpoint(request)
    except ApiError as error:
        return answer(error)
