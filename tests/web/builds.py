"""Builds of the client beside the one that all tests see: the next release, and one without a worker."""

import os
import shutil
from functools import cache
from pathlib import Path

from scripts.prepare import WEB, node, run

FROM = (
    "src",
    "worker",
    "public",
    "index.html",
    "package.json",
    "tsconfig.json",
    "vite.config.ts",
    "release.ts",
)


def build(folder: Path, *, claim: str | None = None, **settings: str) -> Path:
    """A build of today's source in `folder`; `claim`: what the start page says in its place."""
    work = folder / "web"
    work.mkdir(parents=True)
    for name in FROM:
        if (WEB / name).is_dir():
            shutil.copytree(WEB / name, work / name)
        else:
            shutil.copy(WEB / name, work / name)
    (work / "node_modules").symlink_to(WEB / "node_modules")
    if claim is not None:
        words = work / "src/features/accounts/words-en.ts"
        text = words.read_text(encoding="utf-8")
        assert f'"{first_claim()}"' in text
        words.write_text(text.replace(f'"{first_claim()}"', f'"{claim}"'), encoding="utf-8")
    npm, env = node()
    run([*npm, "run", "build"], work, {**env, **settings, "HOME": os.environ.get("HOME", "/")})
    return work / "dist"


@cache
def first_claim() -> str:
    """The first line of the start page."""
    text = (WEB / "src/features/accounts/words-en.ts").read_text(encoding="utf-8")
    return text.split("claim: [", 1)[1].split('"', 2)[1]


def put(build_folder: Path, served: Path) -> None:
    """A release: what is served is this build from now on, and nothing of the one before."""
    shutil.rmtree(served, ignore_errors=True)
    shutil.copytree(build_folder, served)
