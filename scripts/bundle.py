"""Write what images and hosts run, as build/release/ascension-VERSION and a .tar.gz of it.

    scripts/bundle.py [VERSION] [--changes]     --changes: also where the clone differs from its commit

The same commit gives the same bytes: names are sorted, times are the commit's, nobody owns anything. The
client and the pose models are those that `make` built here; all else is what git knows.
"""

import argparse
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from prepare import BUILD, MODELS, ROOT

VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+([.-][0-9A-Za-z]+)*")
"""What a tag of an image may be, too; its parts never go down."""
OF_GIT = (
    *("src/ascension", "migrations", "examples/demo", "requirements", "LICENSE", "NOTICE"),
    *("infrastructure/images/ascension", "infrastructure/compose", "infrastructure/nginx"),
    *("infrastructure/host", "infrastructure/systemd"),
)
LEFT_OUT = ("requirements/run.lock", "requirements/dev.lock")
LAUNCHER = Path("infrastructure/images/ascension")
STAMPED = Path("src/ascension/__init__.py")


class CannotBundleError(Exception):
    """One sentence that says what to do."""


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def files() -> dict[Path, Path]:
    """Where each file of the bundle comes from."""
    found = {Path(name): ROOT / name for name in git("ls-files", "-z", "--", *OF_GIT).split("\0") if name}
    for name in LEFT_OUT:
        found.pop(Path(name), None)
    made = [ROOT / f"src/ascension/vision/models/{name}.onnx" for name in MODELS]
    client = ROOT / "web/dist"
    if not (client / "index.html").exists() or not all(model.exists() for model in made):
        raise CannotBundleError("The client or the pose models are not built: run `make bundle`.")
    made += [file for file in client.rglob("*") if file.is_file()]
    found |= {file.relative_to(ROOT): file for file in made}
    found[Path("bin/ascension")] = found.pop(LAUNCHER)
    return dict(sorted(found.items()))


def stamped(source: bytes, version: str) -> bytes:
    """The package's source with the version that everything tells."""
    text, count = re.subn(
        r'^__version__ = ".*"$', f'__version__ = "{version}"', source.decode(), flags=re.MULTILINE
    )
    if count != 1:
        raise CannotBundleError(f"{STAMPED} names no version.")
    return text.encode()


def write(folder: Path, version: str, made_at: int) -> Path:
    """Write the folder and the archive beside it; the archive."""
    shutil.rmtree(folder, ignore_errors=True)
    archive = folder.parent / f"{folder.name}.tar.gz"
    folder.mkdir(parents=True)
    with (
        archive.open("wb") as written,
        gzip.GzipFile("", "wb", fileobj=written, mtime=made_at) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, source in files().items():
            content = source.read_bytes()
            if name == STAMPED:
                content = stamped(content, version)
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            is_program = name.parts[0] == "bin"
            target.chmod(0o755 if is_program else 0o644)
            os.utime(target, (made_at, made_at))
            entry = tarfile.TarInfo(f"{folder.name}/{name}")
            entry.size, entry.mtime, entry.mode = len(content), made_at, 0o755 if is_program else 0o644
            tar.addfile(entry, io.BytesIO(content))
    return archive


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("version", nargs="?", help="0.2.0; default: the one that the source names")
    parser.add_argument("--changes", action="store_true", help="also where the clone differs from its commit")
    arguments = parser.parse_args()
    named = re.search(r'^__version__ = "(.*)"$', (ROOT / STAMPED).read_text(), flags=re.MULTILINE)
    version = arguments.version or (named[1] if named else "")
    try:
        if not VERSION.fullmatch(version):
            raise CannotBundleError(f"{version!r} is no version like 0.2.0 or 0.2.0-rc1.")
        if git("status", "--porcelain", "--", *OF_GIT, "web") and not arguments.changes:
            raise CannotBundleError("The clone differs from its commit: commit first, or say --changes.")
        archive = write(
            BUILD / f"release/ascension-{version}", version, int(git("log", "-1", "--format=%ct"))
        )
    except CannotBundleError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    print(f"{archive.relative_to(ROOT)}: {archive.stat().st_size / 1e6:.1f} MB, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
