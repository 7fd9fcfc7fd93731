"""docs/security.md: every section of the standard has its row, and what a row leans on is there."""

import re

from tests.platform import ROOT

PAGE = ROOT / "docs" / "security.md"
# sections of OWASP ASVS 5.0 by chapter; of 10 and 17, which the product has nothing of, the chapter alone
SECTIONS = {1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5}


def rows() -> dict[str, list[str]]:
    """Cells of the rows by section."""
    cells = [
        line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| V")
    ]
    return {row[0].split(" ", 1)[0]: [cell.strip(" |") for cell in row[1:]] for row in cells}


def test_every_section_of_the_standard_has_one_row() -> None:
    wanted = {f"V{chapter}.{number}" for chapter, last in SECTIONS.items() for number in range(1, last + 1)}
    assert rows().keys() == wanted | {"V10", "V17"}


def test_what_is_there_is_shown_by_a_test_and_what_is_missing_is_said() -> None:
    for section, line in ((one, " | ".join(cells)) for one, cells in rows().items()):
        states = re.findall(r"(?:^|\| )(yes|part|none)(?: \||$)", line)
        assert len(states) == 1, section
        tests = re.findall(r"\]\(\.\./(tests/[^)]+\.py)\)", line)
        assert bool(tests) is (states[0] != "none"), (
            f"{section}: a test for what is there, none for what is not"
        )
        for test in tests:
            assert "def test_" in (ROOT / test).read_text(), f"{section}: {test} tests nothing"
        missing = line.split(f"| {states[0]}")[-1].strip("| ")
        assert bool(missing) is (states[0] == "part"), f"{section}: what is missing?"


def test_every_attack_has_a_test() -> None:
    tried = PAGE.read_text().split("## What was tried")[1].split("\n## ")[0]
    attacks = [line for line in tried.splitlines() if line.startswith("| ")][1:]
    assert len(attacks) > 20
    shown = re.findall(r"\]\(\.\./(tests/[^)]+)\)", tried)
    assert [path for path in shown if not (ROOT / path).exists()] == []
    assert [line[:60] for line in attacks if "](../tests/" not in line] == []
