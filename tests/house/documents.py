"""Documents say what is: links and paths resolve, decisions are listed, commands and errors explain."""

import ast
import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

from tests.house.finding import Finding
from tests.house.tree import nodes

LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
REPOSITORY_PATH = re.compile(
    r"(src/ascension|tests|docs|migrations|scripts|requirements|examples|benches|infrastructure|web/src|\.ci)/"
    r"[\w./*-]*"
)
TARGET = re.compile(r"^([a-z][\w-]*)\s*:(?!=)([^#\n]*)(?:##\s*(.*))?$", re.MULTILINE)


def broken_links(path: str, source: str, documents: dict[str, str], paths: Collection[str]) -> list[Finding]:
    """Relative links whose file or heading is missing. `documents` holds the text of every Markdown file."""
    findings: list[Finding] = []
    for number, line in _prose(source):
        for target in LINK.findall(line):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            file, _, anchor = target.partition("#")
            where = _resolve(path, file) if file else path
            if not _exists(where, paths):
                findings.append(Finding(path, number, f"link to {target}: no such file"))
            elif anchor and where in documents and anchor not in _anchors(documents[where]):
                findings.append(Finding(path, number, f"link to {target}: no such heading"))
    return findings


def missing_paths(path: str, source: str, paths: Collection[str]) -> list[Finding]:
    """Paths of this repository named in a document that are not there (`*` stands for part of a name)."""
    return [
        Finding(path, number, f"names {span}: no such path")
        for number, line in _prose(source)
        for span in CODE_SPAN.findall(line)
        if REPOSITORY_PATH.fullmatch(span) and not _exists(span.rstrip("/"), paths)
    ]


def unlisted_decisions(index_path: str, documents: dict[str, str]) -> list[Finding]:
    """Decision pages that the index does not link, and numbers used twice."""
    index = documents[index_path]
    folder = index_path.rpartition("/")[0]
    linked = {_resolve(index_path, target.partition("#")[0]) for target in LINK.findall(index)}
    pages = sorted(path for path in documents if path.startswith(f"{folder}/") and path != index_path)
    findings = [Finding(page, 0, "not linked from the index") for page in pages if page not in linked]
    seen: dict[str, str] = {}
    for page in pages:
        name = PurePosixPath(page).name
        if not re.match(r"\d{4}-[a-z0-9-]+\.md$", name):
            findings.append(Finding(page, 0, "a decision is named NNNN-topic.md"))
        elif (first := seen.setdefault(name[:4], page)) != page:
            findings.append(Finding(page, 0, f"has the number of {first}"))
    return findings


def targets_of(makefile: str) -> dict[str, str]:
    """The commands of a Makefile with their help line ("" where there is none)."""
    found: dict[str, str] = {}
    for name, _, text in TARGET.findall(makefile):
        found[name] = found.get(name) or text.strip()
    return found


def silent_targets(path: str, makefile: str) -> list[Finding]:
    """Make targets without a `## help line` behind their name."""
    return [
        Finding(path, 0, f"target {name} has no help line")
        for name, text in targets_of(makefile).items()
        if not text
    ]


def silent_errors(path: str, source: str) -> list[Finding]:
    """Error classes whose docstring is no sentence: it is the message that people read."""
    return [
        Finding(path, node.lineno, f"{node.name} needs a docstring that is a sentence: it is the message")
        for node in nodes(source)
        if isinstance(node, ast.ClassDef)
        and not re.match(r"[A-Z\"'].+[.!]$", " ".join((ast.get_docstring(node) or "").split()))
    ]


def foreign_errors(path: str, source: str, catalogue: Collection[str]) -> list[Finding]:
    """Exception classes outside the catalogue that outsiders could meet: subclasses of one of its classes."""
    return [
        Finding(path, node.lineno, f"{node.name}: errors of the product stand in the one catalogue")
        for node in nodes(source)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).rpartition(".")[2] in catalogue for base in node.bases)
    ]


def _prose(source: str) -> list[tuple[int, str]]:
    """Numbered lines outside fenced code blocks."""
    lines: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            lines.append((number, line))
    return lines


def _resolve(path: str, target: str) -> str:
    parts: list[str] = [] if target.startswith("/") else list(PurePosixPath(path).parent.parts)
    for part in target.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _exists(path: str, paths: Collection[str]) -> bool:
    pattern = re.compile(re.escape(path.rstrip("/")).replace(r"\*", "[^/]*") + r"(/.*)?")
    return path == "" or any(pattern.fullmatch(one) for one in paths)


def _anchors(source: str) -> set[str]:
    """The anchors that a renderer gives to headings: lower case, punctuation away, spaces to hyphens."""
    anchors: set[str] = set()
    for _, line in _prose(source):
        heading = re.match(r"#{1,6}\s+(.*)", line)
        if heading:
            plain = unicodedata.normalize("NFC", re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]))
            anchors.add(re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-"))
    return anchors
