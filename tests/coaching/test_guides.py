"""What is published is what runs."""

from pathlib import Path

from ascension.climbing.habits import rules
from tests.coaching.guides import advice_rows, score_rows

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def test_every_finding_stands_in_the_guide() -> None:
    guide = (GUIDES / "advice.md").read_text()
    assert [row for row in advice_rows() if row not in guide] == []


def test_every_threshold_stands_in_the_guide_with_its_value() -> None:
    guide = (GUIDES / "advice.md").read_text()
    thresholds = {name: value for name, value in vars(rules).items() if isinstance(value, int | float)}
    assert thresholds
    assert [name for name, value in thresholds.items() if f"| `{name}` | {value:g} |" not in guide] == []


def test_every_weight_and_limit_stands_in_the_guide() -> None:
    guide = (GUIDES / "score.md").read_text()
    assert [row for row in score_rows() if row not in guide] == []
