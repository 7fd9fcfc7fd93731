"""The coverage table: seeded lies are found, and the real one tells the truth."""

import pytest

from tests.house import coverage, documents, tree
from tests.house.finding import report

PATH = "docs/coverage.md"
SMALL = coverage.Repository(paths=("src/a.py", "tests/test_a.py"), targets=("test",), proven=("M01",))
DONE = "| M01 | a \\| b | done | `src/a.py` | `pytest tests/test_a.py::test_x` | |"
REST = "\n".join(f"| {name} | what | open | | | later |" for name in coverage.ROWS[1:])


def _problems(first_row: str) -> list[str]:
    return [finding.detail for finding in coverage.unkept_promises(PATH, f"{first_row}\n{REST}\n", SMALL)]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("", "M01 is missing"),
        ("| M01 | what | done | | `make test` | |", "M01: names no code"),
        ("| M01 | what | done | `src/b.py` | `make test` | |", "M01: code src/b.py is not there"),
        ("| M01 | what | done | `src/a.py` | | |", "M01: names no command"),
        ("| M01 | what | done | `src/a.py` | `make gone` | |", "M01: make has no target gone"),
        ("| M01 | what | done | `src/a.py` | `pytest tests/b.py` | |", "M01: test tests/b.py is not there"),
        ("| M01 | what | done | `src/a.py` | `look at it` | |", "M01: `look at it` is neither"),
        ("| M01 | what | partial | `src/a.py` | `make test` | |", "M01: says not what is missing"),
        ("| M01 | what | open | | | later |", "M01: tests prove it, yet it is called open"),
        ("| M01 | what | almost | | | |", "M01: state 'almost'"),
    ],
)
def test_a_lie_is_found(row: str, problem: str) -> None:
    found = _problems(row)
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_a_true_row_passes() -> None:
    assert _problems(DONE) == []


def test_a_done_row_without_a_marked_test_is_found() -> None:
    unproven = coverage.Repository(SMALL.paths, SMALL.targets, proven=())
    document = f"| M01 | what | done | `src/a.py` | `make test` | |\n{REST}\n"
    assert [finding.detail for finding in coverage.unkept_promises(PATH, document, unproven)] == [
        "M01: no test is marked with it"
    ]


def test_an_open_row_names_its_topic() -> None:
    rest = REST.replace("| M02 | what | open | | | later |", "| M02 | what | open | | | |")
    found = coverage.unkept_promises(PATH, f"{DONE}\n{rest}\n", SMALL)
    assert [finding.detail for finding in found] == ["M02: says not which topic will do it"]


def test_doubled_and_unknown_rows_are_found() -> None:
    row = DONE
    assert _problems(f"{row}\n{row}") == ["M01 stands twice"]
    assert _problems(f"{row}\n| M99 | what | open | | | later |") == ["M99 is unknown"]


def test_marks_are_read_from_functions_classes_and_modules() -> None:
    source = (
        "import pytest\npytestmark = [pytest.mark.proves('M01')]\n"
        "@pytest.mark.proves('M02', 'D05')\nasync def test_a(): ...\n"
        "@pytest.mark.proves('M99')\nclass TestB: ...\n"
    )
    assert coverage.rows_proven({"t.py": source}) == {
        "M01": ["t.py"],
        "M02": ["t.py::test_a"],
        "D05": ["t.py::test_a"],
        "M99": ["t.py::TestB"],
    }
    assert [finding.detail for finding in coverage.unknown_marks({"t.py": source})] == [
        "t.py::TestB proves M99, which is no row"
    ]


def test_tests_prove_existing_rows() -> None:
    findings = coverage.unknown_marks(_tests())
    assert not findings, report(findings)


def test_the_table_keeps_its_word() -> None:
    repository = coverage.Repository(
        paths=tree.paths(),
        targets=documents.targets_of(tree.text("Makefile") or ""),
        proven=coverage.rows_proven(_tests()),
    )
    findings = coverage.unkept_promises(PATH, tree.text(PATH) or "", repository)
    assert not findings, report(findings)


def _tests() -> dict[str, str]:
    return tree.sources(".py", under=("tests/",))
