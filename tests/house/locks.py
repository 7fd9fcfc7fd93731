"""The locks: every package pinned by version and hash, every dependency of the project in them."""

import re
import tomllib
from collections.abc import Iterator, Sequence

from tests.house.finding import Finding

NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?")


def loose_pins(path: str, lock: str) -> list[Finding]:
    """Requirements without an exact version or without a hash."""
    findings: list[Finding] = []
    for requirement in re.split(r"\n(?=\S)", lock):
        line = requirement.partition("\n")[0]
        if not NAME.match(line):
            continue
        if "==" not in line:
            findings.append(Finding(path, 0, f"{line}: no exact version"))
        if "--hash=sha256:" not in requirement:
            findings.append(Finding(path, 0, f"{line}: no hash"))
    return findings


def pins(lock: str) -> Iterator[tuple[str, str]]:
    """Each package and what stands behind its name: its version, and where it is for."""
    for line in lock.splitlines():
        if (found := NAME.match(line)) and "==" in line:
            yield canonical(line), line[found.end() :]


def missing_pins(path: str, lock: str, wanted: list[str]) -> list[Finding]:
    """Dependencies of the project that the lock does not hold."""
    pinned = {canonical(found[1]) for line in lock.splitlines() if (found := NAME.match(line))}
    return [Finding(path, 0, f"{one} is missing") for one in wanted if canonical(one) not in pinned]


def extras_of_locks(pyproject: str) -> dict[str, list[str]]:
    """Which optional dependencies each lock is to hold."""
    return tomllib.loads(pyproject)["tool"]["ascension"]["locks"]


def dependencies(pyproject: str, extras: Sequence[str], groups: Sequence[str] = ()) -> list[str]:
    """Requirements of the project with these optional ones, and those of these groups besides."""
    document = tomllib.loads(pyproject)
    project, listed = document["project"], document["dependency-groups"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    for group in groups:
        for entry in listed[group]:
            wanted += [entry] if isinstance(entry, str) else listed[entry["include-group"]]
    return wanted


def canonical(requirement: str) -> str:
    """The package's name as indexes compare it."""
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[1] if found else requirement).lower()
