"""The locks: every package pinned by version and hash, every dependency of the project in them."""

import re
import tomllib

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


def missing_pins(path: str, lock: str, wanted: list[str]) -> list[Finding]:
    """Dependencies of the project that the lock does not hold."""
    pinned = {canonical(found[1]) for line in lock.splitlines() if (found := NAME.match(line))}
    return [Finding(path, 0, f"{one} is missing") for one in wanted if canonical(one) not in pinned]


def dependencies(pyproject: str) -> tuple[list[str], list[str]]:
    """Requirements of the running platform (embedded engines too), and those of development besides."""
    document = tomllib.loads(pyproject)
    project, groups = document["project"], document["dependency-groups"]
    development: list[str] = []
    for entry in groups["dev"]:
        development += [entry] if isinstance(entry, str) else groups[entry["include-group"]]
    return [*project["dependencies"], *project["optional-dependencies"]["embedded"]], development


def canonical(requirement: str) -> str:
    """The package's name as indexes compare it."""
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[1] if found else requirement).lower()
