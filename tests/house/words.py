"""What must not stand in any file: vague names, left-overs, this machine's paths, registries, secrets."""

import ast
import re
from pathlib import PurePosixPath

from tests.house.finding import Finding
from tests.house.tree import nodes

VAGUE = frozenset(
    {"util", "utils", "utilities", "helper", "helpers", "manager", "managers", "common", "misc"}
)

# The character classes keep a pattern from finding itself.
LEFT_OVERS = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)/[\w.]")
REGISTRIES = re.compile(
    r"pypi\.or[g]|files\.pythonhosted\.or[g]|registry\.(npmjs|yarnpkg)\.\w+|--(extra-)?index-ur[l][ =]|"
    r"registr[y]\s*=\s*http|artifactor[y]|deb\.debian\.or[g]"
)
SECRETS = re.compile(
    r"\b(AKI[A]|ASI[A])[0-9A-Z]{16}\b|-----BEGI[N] ([A-Z]+ )?PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}\b|"
    r"\bxox[abps]-[A-Za-z0-9-]{10,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|\bsk-[A-Za-z0-9]{20,}\b"
)
ASSIGNED_SECRET = re.compile(
    r"(?i)(password|secret|token|api_?key|access_?key)\w*[\"']?\s*[:=]\s*[\"'](?P<value>[A-Za-z0-9+/=_-]{24,})[\"']"
)
BRITISH = re.compile(
    r"\b(analyse[drs]?(?<!analyses)|analysing|colours?|behaviours?|centre[ds]?|licence[ds]?|normalise[ds]?|"
    r"initialise[ds]?|recognise[ds]?|organise[ds]?|optimise[ds]?|serialise[ds]?|summarise[ds]?|grey|metres?|"
    r"cancelling|neighbours?|favourites?|labelled|travelled)\b"
)
FRENCH = ("/fr.toml", "-fr.ts")
MEDIA = (".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".jpg", ".jpeg", ".heic", ".wav", ".mp3")
# Media that is ours to ship; the licenses stand in the NOTICE beside it.
MEDIA_HOMES = ("examples/", "docs/images/", "validation/clips/")
MAX_FILE_BYTES = 15_000_000


def vague_names(path: str, source: str) -> list[Finding]:
    """Modules, folders and classes whose name says nothing about what is inside."""
    parts = {PurePosixPath(path).stem.strip("_").lower(), *PurePosixPath(path).parent.parts}
    findings = [
        Finding(path, 0, f"'{part}' says nothing: name the noun or the role") for part in parts & VAGUE
    ]
    if path.endswith(".py"):
        findings += [
            Finding(path, node.lineno, f"class {node.name}: name what it is")
            for node in nodes(source)
            if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Helper|Util|Utils)$", node.name)
        ]
    return findings


def left_overs(path: str, source: str) -> list[Finding]:
    """Notes to oneself: an open end is an issue, not a comment."""
    return _matches(path, source, LEFT_OVERS, "open end in the code; make it an issue")


def machine_paths(path: str, source: str) -> list[Finding]:
    """Absolute paths that exist on one machine only."""
    return _matches(path, source, MACHINE_PATHS, "path of one machine")


def registry_addresses(path: str, source: str) -> list[Finding]:
    """Addresses of package registries: the user's own configuration decides where packages come from."""
    return _matches(path, source, REGISTRIES, "address of a package registry")


def secrets(path: str, source: str) -> list[Finding]:
    """Keys and tokens by their shape, and long random values given to a name that says secret."""
    findings = _matches(path, source, SECRETS, "looks like a secret", show=False)
    for number, line in enumerate(source.splitlines(), 1):
        found = ASSIGNED_SECRET.search(line)
        if found and _looks_random(found["value"]):
            findings.append(Finding(path, number, "looks like a secret"))
    return findings


def british_spelling(path: str, source: str) -> list[Finding]:
    """Names and prose are in American spelling, so that one search finds everything; French is French."""
    if path.endswith(FRENCH):
        return []
    return _matches(path, source, BRITISH, "American spelling, please")


def unlicensed_media(path: str, size_bytes: int) -> list[Finding]:
    """Pictures, sound and films outside the folders whose NOTICE covers them; files that bloat a clone."""
    findings: list[Finding] = []
    if path.lower().endswith(MEDIA) and not path.startswith(MEDIA_HOMES):
        findings.append(Finding(path, 0, f"media outside {' and '.join(MEDIA_HOMES)}"))
    if size_bytes > MAX_FILE_BYTES:
        findings.append(Finding(path, 0, f"{size_bytes} bytes; at most {MAX_FILE_BYTES}"))
    return findings


def _matches(
    path: str, source: str, pattern: re.Pattern[str], why: str, *, show: bool = True
) -> list[Finding]:
    return [
        Finding(path, number, f"{why}: {found[0]}" if show else why)
        for number, line in enumerate(source.splitlines(), 1)
        if (found := pattern.search(line))
    ]


def _looks_random(value: str) -> bool:
    """Digits beside both cases, and no words joined by hyphens or underscores."""
    classes = (r"[a-z]", r"[A-Z]", r"[0-9]")
    return all(re.search(one, value) for one in classes) and not re.search(r"[a-z]{4,}[-_][a-z]{4,}", value)
