"""The size budgets: each finds a seeded fault, passes what fits, and holds over the repository."""

import pytest

from tests.house import budgets, tree
from tests.house.finding import report

PYTHON = tree.sources(".py")


def _function(lines: int, signature: str = "def f():", docstring: str = "") -> str:
    body = "\n".join(f"    x{number} = {number}" for number in range(lines - 1))
    return f"{signature}\n{docstring}{body}\n"


def test_a_function_of_61_lines_is_found() -> None:
    assert [finding.line for finding in budgets.long_functions("a.py", _function(61))] == [1]
    assert budgets.long_functions("a.py", _function(60)) == []


def test_docstring_and_decorators_do_not_count() -> None:
    docstring = '    """' + "word\n" * 40 + '    """\n'
    assert budgets.long_functions("a.py", "@cached\n" + _function(60, docstring=docstring)) == []
    assert budgets.long_functions("a.py", _function(61, docstring=docstring)) != []


def test_a_nested_async_function_is_found() -> None:
    inner = "\n".join("    " + line for line in _function(61, "async def inner():").splitlines())
    found = budgets.long_functions("a.py", f"class C:\n{inner}\n")
    assert [finding.detail.split()[0] for finding in found] == ["inner"]


@pytest.mark.parametrize(
    ("signature", "broken"),
    [
        ("def f(a, b, c, d, e, f, g):", False),
        ("def f(self, a, b, c, d, e, f, g):", False),
        ("def f(a, b, c, d, e, f, g, h):", True),
        ("def f(a, b, /, c, *, d, e, f, g, h):", True),
        ("def f(a, b, c, d, e, f, *g, **h):", True),
        ("def f(a, b, c, d, e, f, g, h: Annotated[int, typer.Option()]):", False),
    ],
)
def test_the_eighth_parameter_is_found(signature: str, broken: bool) -> None:
    assert bool(budgets.many_parameters("a.py", f"{signature}\n    pass\n")) is broken


def test_a_file_of_501_lines_is_found() -> None:
    assert budgets.long_files("a.ts", "x\n" * 501) != []
    assert budgets.long_files("a.ts", "x\n" * 500) == []


def test_files_fit() -> None:
    sources = tree.sources(".py", ".ts", ".tsx", ".css", ".sql", ".js", ".mjs", ".sh")
    assert sources
    findings = [finding for path, source in sources.items() for finding in budgets.long_files(path, source)]
    assert not findings, report(findings)


def test_functions_fit() -> None:
    findings = [
        finding for path, source in PYTHON.items() for finding in budgets.long_functions(path, source)
    ]
    assert not findings, report(findings)


def test_parameters_fit() -> None:
    findings = [
        finding for path, source in PYTHON.items() for finding in budgets.many_parameters(path, source)
    ]
    assert not findings, report(findings)
