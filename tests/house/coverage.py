"""docs/coverage.md keeps its word: every row once; done means code, a command and a marked test."""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from tests.house.finding import Finding
from tests.house.tree import nodes

ROWS = tuple(
    [f"M{number:02}" for number in range(1, 78)] + [f"D{number:02}" for number in range(1, 21)] + ["S01"]
)
STATES = frozenset({"done", "partial", "open"})


@dataclass(frozen=True)
class Row:
    """One line of the coverage table."""

    name: str
    line: int
    state: str
    code: str
    command: str
    remark: str


@dataclass(frozen=True)
class Repository:
    """What the rows are held against."""

    paths: Collection[str]
    targets: Collection[str]
    proven: Collection[str]


def rows_of(document: str) -> list[Row]:
    """The table lines whose first cell is a row name: | name | what | state | code | command | remark |."""
    rows: list[Row] = []
    for number, line in enumerate(document.splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if cells and re.fullmatch(r"[MDS]\d+", cells[0]):
            name, _, state, code, command, remark, *_ = [*cells, "", "", "", "", ""]
            rows.append(Row(name, number, state, code, command, remark))
    return rows


def unkept_promises(path: str, document: str, repository: Repository) -> list[Finding]:
    """Rows missing, doubled or unknown; rows called done or partial without what that word means."""
    rows = rows_of(document)
    names = [row.name for row in rows]
    findings = [Finding(path, 0, f"{name} is missing") for name in ROWS if name not in names]
    findings += [Finding(path, row.line, f"{row.name} is unknown") for row in rows if row.name not in ROWS]
    findings += [
        Finding(path, row.line, f"{row.name} stands twice")
        for index, row in enumerate(rows)
        if row.name in names[:index]
    ]
    for row in rows:
        findings += [
            Finding(path, row.line, f"{row.name}: {problem}") for problem in _problems(row, repository)
        ]
    return findings


def rows_proven(sources: dict[str, str]) -> dict[str, list[str]]:
    """The tests that carry each row as `pytest.mark.proves("M06")`: path::name, path for a module."""
    proven: dict[str, list[str]] = {}
    for path, source in sources.items():
        for node in nodes(source):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                marks, where = node.decorator_list, f"{path}::{node.name}"
            elif isinstance(node, ast.Assign) and any(ast.unparse(t) == "pytestmark" for t in node.targets):
                marks, where = [node.value], path
            else:
                continue
            for name in (name for mark in marks for name in _marked(mark)):
                proven.setdefault(name, []).append(where)
    return proven


def unknown_marks(sources: dict[str, str]) -> list[Finding]:
    """Tests that claim to prove a row that does not exist."""
    return [
        Finding(tests[0].partition("::")[0], 0, f"{tests[0]} proves {name}, which is no row")
        for name, tests in rows_proven(sources).items()
        if name not in ROWS
    ]


def _marked(mark: ast.expr) -> list[str]:
    return [
        ast.literal_eval(argument)
        for call in ast.walk(mark)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"pytest.mark.proves", "mark.proves"}
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def _problems(row: Row, repository: Repository) -> list[str]:
    if row.state not in STATES:
        return [f"state '{row.state}' is none of {', '.join(sorted(STATES))}"]
    if row.state == "open":
        problems = [] if row.remark else ["says not which topic will do it"]
        return problems + (["tests prove it, yet it is called open"] if row.name in repository.proven else [])
    problems: list[str] = []
    code = re.findall(r"`([^`]+)`", row.code)
    if not code:
        problems.append("names no code")
    problems += [f"code {one} is not there" for one in code if not _is_path(one, repository.paths)]
    commands = re.findall(r"`([^`]+)`", row.command)
    if not commands:
        problems.append("names no command")
    problems += [problem for command in commands for problem in _command_problems(command, repository)]
    if row.name not in repository.proven:
        problems.append("no test is marked with it")
    if row.state == "partial" and not row.remark:
        problems.append("says not what is missing")
    return problems


def _command_problems(command: str, repository: Repository) -> list[str]:
    program, *words = command.split()
    if program == "make" and words:
        return [] if words[0] in repository.targets else [f"make has no target {words[0]}"]
    if program == "pytest" and words:
        return [
            f"test {word} is not there"
            for word in words
            if word.startswith("tests/") and not _is_path(word.partition("::")[0], repository.paths)
        ]
    return [f"`{command}` is neither `make TARGET` nor `pytest PATH`"]


def _is_path(name: str, paths: Collection[str]) -> bool:
    folder = name.rstrip("/") + "/"
    return name in paths or any(path.startswith(folder) for path in paths)
