"""The built web client at `/`: hashed assets for ever, the page itself never from a cache."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


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


class _Files(StaticFiles):
    """Names stay when the content changes, so a browser asks whether what it has is still so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def mount_client(app: FastAPI, web_root: Path | None, examples_root: Path | None) -> None:
    """Serve the client, and its one page for every path that a screen may have. Nothing where not built."""
    if examples_root is not None and examples_root.is_dir():
        app.mount("/examples", _Files(directory=examples_root))
    if web_root is None or not (web_root / "index.html").is_file():
        return
    root = web_root.resolve()
    if (root / "assets").is_dir():
        app.mount("/assets", _HashedAssets(directory=root / "assets"))

    @app.get("/{path:page}", include_in_schema=False)
    async def page(path: str) -> FileResponse:
        return FileResponse(_file_of(root, path), headers={"Cache-Control": "no-cache"})


def _file_of(root: Path, path: str) -> Path:
    """The file that lies there, else the client's one page."""
    try:
        file = (root / path).resolve()
        if path and file.is_relative_to(root) and file.is_file():
            return file
    except OSError:  # no file can have such a name
        pass
    return root / "index.html"
