"""How commands speak."""

import pytest

from ascension.infra.console import plural


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("account",), "accounts"),
        (1, ("account",), "account"),
        (2, ("account",), "accounts"),
        (1, ("analysis", "analyses"), "analysis"),
        (12_000, ("analysis", "analyses"), "analyses"),
    ],
)
def test_one_is_told_as_one(count: int, words: tuple[str, ...], said: str) -> None:
    assert plural(count, *words) == said
