"""Write requirements/*.lock anew from pyproject.toml: every package with its hashes, no addresses."""

import os
import subprocess
import sys

from prepare import ROOT, UV_HOME, uv_settings

OPTIONS = [
    *("pyproject.toml", "--extra", "embedded", "--universal", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "-p", "3.11", "-q"),
]
LOCKS = {
    "requirements/run.lock": [],
    # The tools of the tests on top of exactly the same packages.
    "requirements/dev.lock": ["--group", "dev", "-c", "requirements/run.lock"],
}


def main() -> int:
    for lock, more in LOCKS.items():
        command = [UV_HOME / "bin/uv", "pip", "compile", *OPTIONS, *more, "-o", lock, *sys.argv[1:]]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **uv_settings()}, timeout=600, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
