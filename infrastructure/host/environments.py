"""A release's own Python environment, of exactly the packages that its lock names."""

import shutil
from pathlib import Path

from programs import run


def make_environment(python: str, release: Path, lock: str) -> None:
    """Where it will lie: an environment names its own path.

    Raises:
        FailedError: a package cannot be had, or is not what the lock says.
    """
    uv = release.with_name(f".{release.name}.uv")
    try:
        run(python, "-m", "venv", str(uv))
        run(
            *(str(uv / "bin/pip"), "install", "--quiet", "--require-hashes", "--no-deps"),
            *("-r", str(release / "requirements/uv.lock")),
            within_s=600,
        )
        run(python, "-m", "venv", "--without-pip", str(release / ".venv"))
        run(
            *(str(uv / "bin/uv"), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"),
            *("--python", str(release / ".venv/bin/python"), str(release / f"requirements/{lock}.lock")),
            within_s=1800,
        )
        [packages] = (release / ".venv/lib").glob("python3*/site-packages")
        (packages / "ascension.pth").write_text(f"{release}/src\n")
        run(
            *(str(release / ".venv/bin/python"), "-m", "compileall", "-q", str(release / "src")), within_s=600
        )
    finally:
        shutil.rmtree(uv, ignore_errors=True)
