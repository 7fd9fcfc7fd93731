"""Write requirements/*.lock anew, from pyproject.toml and requirements/deploy.in: hashes, no addresses."""

import os
import subprocess
import sys
import tomllib

from prepare import ROOT, UV_HOME, uv_settings


def main() -> int:
    settings = {**os.environ, **uv_settings()}
    locks = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ascension"]["locks"]
    sources = {lock: of_project(lock, extras) for lock, extras in locks.items()}
    for lock, source in {**sources, "deploy": ["requirements/deploy.in"]}.items():
        command = [
            *(UV_HOME / "bin/uv", "pip", "compile", *source, "--universal", "--generate-hashes"),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "-p", "3.11", "-q"),
            *("-o", f"requirements/{lock}.lock", *sys.argv[1:]),
        ]
        subprocess.run(command, cwd=ROOT, env=settings, timeout=600, check=True)
    return 0


def of_project(lock: str, extras: list[str]) -> list[str]:
    """What the project asks for, with these extras."""
    return [
        "pyproject.toml",
        *(part for extra in extras for part in ("--extra", extra)),
        *(("--group", "dev") if lock == "dev" else ()),
        *(() if lock == "run" else ("-c", "requirements/run.lock")),
    ]


if __name__ == "__main__":
    sys.exit(main())
