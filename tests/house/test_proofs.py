"""The rules for tests: each finds a seeded fault, and the tests of the product keep them."""

from collections.abc import Callable

import pytest

from tests.house import proofs, tree
from tests.house.finding import Finding, report

Lint = Callable[[str, str], list[Finding]]
PATCH = "from ascension.jobs import sweep\ndef test(monkeypatch):\n    monkeypatch.setattr({}, other)\n"


@pytest.mark.parametrize(
    ("lint", "fault"),
    [
        (proofs.mocks, "from unittest.mock import MagicMock"),
        (proofs.mocks, "from unittest import mock"),
        (proofs.mocks, "import moto"),
        (proofs.patches_of_ours, PATCH.format("sweep, 'once'")),
        (proofs.patches_of_ours, PATCH.format("'ascension.jobs.sweep.once'")),
        (proofs.weak_marks, "@pytest.mark.xfail\ndef test(): ..."),
        (proofs.weak_marks, "@pytest.mark.skip\ndef test(): ..."),
        (proofs.weak_marks, "@pytest.mark.skipif(not CLIPS.exists())\ndef test(): ..."),
        (proofs.weak_marks, "def test():\n    pytest.skip()"),
    ],
)
def test_a_weak_proof_is_found(lint: Lint, fault: str) -> None:
    assert len(lint("tests/test_a.py", fault)) == 1


@pytest.mark.parametrize(
    ("lint", "fine"),
    [
        (proofs.mocks, "import unittest"),
        (proofs.patches_of_ours, PATCH.format("os, 'sep'")),
        (proofs.patches_of_ours, PATCH.format("sweep, 'PERIOD_S'")),
        (
            proofs.weak_marks,
            "@pytest.mark.skipif(not CLIPS.exists(), reason='clips/ is absent')\ndef test(): ...",
        ),
        (proofs.weak_marks, "def test():\n    pytest.skip('clips/ is absent')"),
    ],
)
def test_a_fair_proof_passes(lint: Lint, fine: str) -> None:
    assert lint("tests/test_a.py", fine) == []


@pytest.mark.parametrize(
    "lint", [proofs.mocks, proofs.patches_of_ours, proofs.weak_marks], ids=lambda lint: lint.__name__
)
def test_tests(lint: Lint) -> None:
    sources = tree.sources(".py", under=("tests/",))
    findings = [finding for path, source in sources.items() for finding in lint(path, source)]
    assert not findings, report(findings)
