"""What the product is made of, by its lock files, and what is known against it, by a list beside them.

The list holds what the advisory service answered for exactly these versions. A version that it was not asked
for counts as not looked up, never as good.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ascension.embedded.layout import PROJECT_ROOT

PYTHON_LOCK: Final = PROJECT_ROOT / "requirements/run.lock"
WEB_LOCK: Final = PROJECT_ROOT / "web/package-lock.json"
ADVISORIES: Final = PROJECT_ROOT / "requirements/advisories.json"
MAX_AGE_DAYS: Final = 30
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """`ecosystem` as the advisory service names it: PyPI or npm."""

    ecosystem: str
    name: str
    version: str
    is_shipped: bool
    """False: builds or tests the client, and is not in it."""
    license: str | None
    """As its lock file says; Python's says nothing."""
    integrity: str | None
    """npm's digest; Python's packages have one for each file."""

    @property
    def key(self) -> str:
        return f"{self.ecosystem}:{self.name}@{self.version}"


def locked(python_lock: Path = PYTHON_LOCK, web_lock: Path = WEB_LOCK) -> list[Package]:
    """Every package of the two locks, sorted."""
    python = (
        Package("PyPI", name.lower(), version, is_shipped=True, license=None, integrity=None)
        for name, version in _PINNED.findall(python_lock.read_text())
    )
    return sorted({*python, *_of_npm(json.loads(web_lock.read_text()))}, key=lambda one: one.key)


def _of_npm(lock: dict[str, Any]) -> Iterator[Package]:
    for path, told in lock["packages"].items():
        if path:
            yield Package(
                "npm",
                told.get("name") or path.rpartition("node_modules/")[2],
                told["version"],
                is_shipped=not (told.get("dev") or told.get("devOptional") or told.get("optional")),
                license=told.get("license"),
                integrity=told.get("integrity"),
            )


@dataclass(frozen=True)
class Known:
    """What the stored list says of the locked packages."""

    source: str
    fetched_on: date | None
    """None: it never was."""
    affected: dict[str, list[str]]
    """Package to advisories that nobody has accepted."""
    not_looked_up: list[str]
    count: int

    def age_days(self, today: date) -> int | None:
        return (today - self.fetched_on).days if self.fetched_on else None


def known(packages: list[Package], path: Path = ADVISORIES) -> Known:
    """Nothing is asked over the network. `accepted` in the file: advisory to the reason why it may stay."""
    stored = json.loads(path.read_text())
    answers: dict[str, list[str]] = stored["answers"]
    affected: dict[str, list[str]] = {}
    for package in packages:
        if open_ones := [one for one in answers.get(package.key, []) if one not in stored["accepted"]]:
            affected[package.key] = open_ones
    return Known(
        stored["source"],
        date.fromisoformat(stored["fetched_on"]) if stored["fetched_on"] else None,
        affected,
        [package.key for package in packages if package.key not in answers],
        len(packages),
    )
