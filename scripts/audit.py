"""What is known against the packages of the locks, and their licenses.

Offline: requirements/advisories.json, with its age. `--fetch` asks the advisory service (OSV) for every
locked version anew and writes that file. Exit code 1: an advisory that nobody accepted, or a license that
is on no list.
"""

import argparse
import json
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import licenses

from ascension.embedded.security import packages
from ascension.embedded.security.packages import MAX_AGE_DAYS, Package

TIMEOUT_S: Final = 30
BATCH: Final = 500


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetch", action="store_true", help="ask the service and write the list anew")
    parser.add_argument("--list", type=Path, default=packages.ADVISORIES, help="the list of advisories")
    asked = parser.parse_args(arguments)
    locked = packages.locked()
    if asked.fetch:
        try:
            fetch(locked, asked.list)
        except (OSError, ValueError, KeyError) as error:
            print(f"The list was not fetched, and stays as it is: {error}", file=sys.stderr)
            return 1
    known = packages.known(locked, asked.list)
    _tell_age(known)
    for name, advisories in known.affected.items():
        print(f"AFFECTED {name}: {', '.join(advisories)}")
    refused = licenses.refused(locked)
    for name, told in refused.items():
        print(f"LICENSE {name}: {told} is not on the list of requirements/licenses.json")
    looked_up = len(locked) - len(known.not_looked_up)
    print(f"{len(locked)} packages, {looked_up} looked up, {len(known.affected)} of these affected")
    print(f"{len(refused)} with a license that is not allowed")
    return 1 if known.affected or refused else 0


def _tell_age(known: packages.Known) -> None:
    age_days = known.age_days(datetime.now(UTC).date())
    if age_days is None:
        print(f"warning: nothing is known of any package: never fetched from {known.source}")
        return
    print(f"Advisories of {known.fetched_on} ({age_days} days old), of {known.source}")
    if age_days > MAX_AGE_DAYS:
        print(f"warning: older than {MAX_AGE_DAYS} days: make audit FETCH=1")
    if known.not_looked_up:
        print(f"warning: not looked up: {', '.join(known.not_looked_up)}")


def fetch(locked: list[Package], path: Path) -> None:
    """Ask for every version. The file is written only when all was answered."""
    stored = json.loads(path.read_text())
    answers: dict[str, list[str]] = {}
    for begin in range(0, len(locked), BATCH):
        batch = locked[begin : begin + BATCH]
        results = _ask(stored["source"], batch)
        if len(results) != len(batch) or any("next_page_token" in one for one in results):
            raise ValueError("the service answered less than it was asked")
        for package, result in zip(batch, results, strict=True):
            answers[package.key] = sorted(one["id"] for one in result.get("vulns", []))
    fetched = {**stored, "fetched_on": datetime.now(UTC).date().isoformat(), "answers": answers}
    path.write_text(json.dumps(fetched, indent=2) + "\n")


def _ask(source: str, batch: list[Package]) -> list[dict[str, Any]]:
    queries = [
        {"package": {"ecosystem": one.ecosystem, "name": one.name}, "version": one.version} for one in batch
    ]
    request = urllib.request.Request(
        f"{source}/v1/querybatch",
        json.dumps({"queries": queries}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)["results"]


if __name__ == "__main__":
    sys.exit(main())
