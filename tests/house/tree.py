"""The files of the repository as the lints see them: everything git would take, nothing it ignores."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Made by a tool from something else that is checked; nobody reads or edits them.
GENERATED = frozenset(
    {
        "requirements/run.lock",
        "requirements/dev.lock",
        "requirements/api.lock",
        "requirements/worker.lock",
        "requirements/worker-cuda.lock",
        "web/package-lock.json",
        "benches/web/package-lock.json",
        "web/openapi.json",
        "web/src/client.gen.ts",
        "web/result.json",
        "web/src/result.gen.ts",
        "src/ascension/vision/models/package-lock.json",
        "migrations/schema.sql",
    }
)


@functools.cache
def paths() -> tuple[str, ...]:
    """Paths relative to the root, with slashes, of all tracked and not yet added files."""
    listing = subprocess.run(
        [
            "git",
            "-c",
            f"safe.directory={ROOT}",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    return tuple(sorted({name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()}))


@functools.cache
def text(path: str) -> str | None:
    """The content of a text file; None for binary and missing files."""
    if not (ROOT / path).is_file():
        return None
    content = (ROOT / path).read_bytes()
    if b"\0" in content[:8192]:
        return None
    return content.decode("utf-8", errors="replace")


@functools.cache
def parsed(source: str) -> ast.Module:
    """Python as a tree, made once for all lints: to make it takes longer than to look at it."""
    return ast.parse(source)


@functools.cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of it."""
    return tuple(ast.walk(parsed(source)))


def sources(*suffixes: str, under: tuple[str, ...] = ("",)) -> dict[str, str]:
    """Hand-written text files by path, of these suffixes (all, when none is given), below these folders."""
    found: dict[str, str] = {}
    for path in paths():
        if path in GENERATED or not path.startswith(under) or (suffixes and not path.endswith(suffixes)):
            continue
        content = text(path)
        if content is not None:
            found[path] = content
    return found
