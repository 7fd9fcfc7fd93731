"""The built web client at `/`: hashed assets for ever, the page itself never from a cache.

Both go out as small as they were built. Why compressed files and not compressed answers:
docs/decisions/0031-installable.md.
"""

import os
from collections.abc import Iterable
from mimetypes import guess_type
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from ascension.errors.http import RouteNotFound

# in the order in which they are preferred: smallest first
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
# what this Python's table does not know, or calls otherwise
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


class _PageConvertor(StringConvertor):
    """Paths that may be a page of the client: none of the API's, so that a wrong one there stays unknown."""

    regex = r"(?!(?:api|ws|health|metrics|assets|examples)(?:/|$))[^\x00]*"


register_url_convertor("page", _PageConvertor())


class _HashedAssets(StaticFiles):
    """Names hold a content hash, so a browser need never ask again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # of a 304, too
        return response

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        sent, encoding = _smallest(Path(full_path), Headers(scope=scope))
        stat = stat_result if encoding is None else sent.stat()
        response = super().file_response(sent, stat, scope, status_code)
        _tell(response, Path(full_path), encoding)
        return response


class _Files(StaticFiles):
    """Names stay when the content changes, so a browser asks whether what it has is still so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def mount_client(
    app: FastAPI, web_root: Path | None, examples_root: Path | None, storage_origin: str
) -> None:
    """Serve the client, and its one page for every path that a screen may have. Nothing where not built."""
    if examples_root is not None and examples_root.is_dir():
        app.mount("/examples", _Files(directory=examples_root))
    if web_root is None or not (web_root / "index.html").is_file():
        return
    root = web_root.resolve()
    if (root / "assets").is_dir():
        app.mount("/assets", _HashedAssets(directory=root / "assets"))

    climb_links = _climb_links(root, storage_origin)

    @app.get("/{path:page}", include_in_schema=False)
    async def page(path: str, request: Request) -> FileResponse:
        file = _file_of(root, path)
        sent, encoding = _smallest(file, request.headers)
        response = FileResponse(sent, headers={"Cache-Control": "no-cache"})
        if path.startswith("climbs/"):
            response.headers["Link"] = climb_links
        _tell(response, file, encoding)
        return response


def _climb_links(root: Path, storage_origin: str) -> str:
    """What a climb's page is about to need: its code, as the build says, and a connection for its video."""
    storage = f"<{storage_origin}>; rel=preconnect; crossorigin"
    built = root / "climb.links"
    code = built.read_text(encoding="ascii") if built.is_file() else ""
    return ", ".join(filter(None, (storage, code)))


def _file_of(root: Path, path: str) -> Path:
    """The file that lies there, else the client's one page.

    Raises RouteNotFound: a file is meant, and there is none (no page has a dot in its name). A browser that
    got the page instead would keep it as that file.
    """
    try:
        file = (root / path).resolve()
        if path and file.is_relative_to(root) and file.is_file():
            return file
    except OSError:  # no file can have such a name
        pass
    if "." in path.rpartition("/")[2]:
        raise RouteNotFound
    return root / "index.html"


def _smallest(file: Path, headers: Headers) -> tuple[Path, str | None]:
    """The smallest accepted form of a file that lies beside it. A part is asked of the file itself."""
    accepted = () if "range" in headers else set(_accepted(headers.getlist("accept-encoding")))
    for encoding, suffix in _ENCODINGS.items():
        form = file.with_name(file.name + suffix)
        if encoding in accepted and form.is_file():
            return form, encoding
    return file, None


def _accepted(lines: Iterable[str]) -> Iterable[str]:
    """The names of a header such as `gzip, br;q=0.8, zstd;q=0`, less those that are refused."""
    for part in ",".join(lines).split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not any(one.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for one in parameters):
            yield name


def _tell(response: Response, file: Path, encoding: str | None) -> None:
    """Whose form it is, and that another caller may be sent another one."""
    response.headers["Vary"] = "Accept-Encoding"
    if response.status_code == 304:
        return
    kind = _TYPES.get(file.suffix) or guess_type(file.name)[0]
    if kind is not None:
        text = kind.startswith("text/") and "charset" not in kind
        response.headers["Content-Type"] = f"{kind}; charset=utf-8" if text else kind
    if encoding is not None:
        response.headers["Content-Encoding"] = encoding
