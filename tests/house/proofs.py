"""Tests that prove something: real parts instead of mocks, no skip without a reason, no expected failures."""

import ast

from tests.house.finding import Finding
from tests.house.tree import nodes

MOCKS = frozenset({"mock", "unittest.mock", "pytest_mock", "moto", "fakeredis"})
# What a test may replace all the same, because the real thing costs too much; each with its reason.
REPLACED = {
    "tests/embedded/test_accounts.py:is_reachable": "a closed environment would be a copy of a gigabyte",
}


def mocks(path: str, source: str) -> list[Finding]:
    """Imports of mock libraries: fakes stand on the wire only, everything of ours is real."""
    findings: list[Finding] = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        if any(module in MOCKS for module in modules):
            findings.append(Finding(path, node.lineno, "mocks; start the real part instead"))
    return findings


def patches_of_ours(path: str, source: str) -> list[Finding]:
    """`monkeypatch.setattr` on the product's code: a test of what nobody runs. Constants may change."""
    ours = {
        alias.asname or alias.name
        for node in nodes(source)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ascension"
        for alias in node.names
    }
    return [
        Finding(path, node.lineno, "replaces a part of the product; pass the value in instead")
        for node in nodes(source)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "monkeypatch.setattr"
        and (parts := _target(node))[0] in {*ours, "ascension"}
        and not parts[-1].isupper()
        and f"{path}:{parts[-1]}" not in REPLACED
    ]


def _target(call: ast.Call) -> list[str]:
    """The parts of the dotted name that `setattr` replaces: its first two arguments, or the one string."""
    return ".".join(ast.unparse(argument).strip("'\"") for argument in call.args[:2]).split(".")


def weak_marks(path: str, source: str) -> list[Finding]:
    """Expected failures, and skips that do not say why."""
    findings: list[Finding] = []
    for node in nodes(source):
        if isinstance(node, ast.Attribute):
            if ast.unparse(node) in {"pytest.mark.xfail", "pytest.xfail"}:
                findings.append(Finding(path, node.lineno, "expects to fail; fix it or make it an issue"))
            elif ast.unparse(node) == "pytest.mark.skip":
                findings.append(Finding(path, node.lineno, "always skips; remove the test"))
        elif isinstance(node, ast.Call) and not _says_why(node):
            findings.append(Finding(path, node.lineno, "skips without a reason"))
    return findings


def _says_why(call: ast.Call) -> bool:
    """True for any call that is no skip, and for a skip with words."""
    name = ast.unparse(call.func)
    if name == "pytest.skip":
        return bool(call.args or call.keywords)
    return name != "pytest.mark.skipif" or any(keyword.arg == "reason" for keyword in call.keywords)
