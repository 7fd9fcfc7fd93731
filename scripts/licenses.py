"""Under which license each package of the locks is, in SPDX's words, and whether the product may use it."""

import importlib.metadata
import json
import re
from typing import Final

from prepare import ROOT

from ascension.embedded.security.packages import Package

RULES: Final = ROOT / "requirements/licenses.json"
UNKNOWN: Final = "unknown"
_SPDX: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What older packages write."""


def license_of(package: Package) -> str:
    """As the package itself says; `unknown` where it does not, or is of another system and not installed."""
    if package.ecosystem == "npm":
        return package.license or UNKNOWN
    try:
        told = importlib.metadata.metadata(package.name)
    except importlib.metadata.PackageNotFoundError:
        return UNKNOWN
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if "License ::" in line
    ]
    named = [_SPDX[one] for one in classes if one in _SPDX]
    if named:
        return " OR ".join(named)
    written = told["License"].strip() if "License" in told else ""
    return _SPDX.get(written, written if re.fullmatch(r"[\w.+-]{2,30}", written) else UNKNOWN)


def refused(packages: list[Package]) -> dict[str, str]:
    """Packages whose license is on no list of ours, and that license."""
    rules = json.loads(RULES.read_text())
    allowed, named = set(rules["allowed"]), rules["named"]
    in_tools = allowed | set(rules["also_allowed_in_tools"])
    found: dict[str, str] = {}
    for package in packages:
        told = license_of(package)
        if package.name in named and (told == UNKNOWN or told == named[package.name]["license"]):
            continue
        if not _is_allowed(told, allowed if package.is_shipped else in_tools):
            found[package.key] = told
    return found


def _is_allowed(expression: str, allowed: set[str]) -> bool:
    """Of alternatives one, of parts all."""
    plain = expression.strip("()")
    return any(
        all(part.strip(" ()") in allowed for part in choice.split(" AND ")) for choice in plain.split(" OR ")
    )
