"""What is in the trash is nowhere else: statements that do not ask are found, and none is left."""

import pytest

from tests.house import ownership, trash, tree
from tests.house.finding import report


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ("select id from analyses where user_id = %s", True),
        ("select a.id from videos v join analyses a on a.video_id = v.id where v.user_id = %s", True),
        ("update analyses set route = %s where id = %s and user_id = %s", True),
        ("select id from analyses where user_id = %s and trashed_at is null", False),
        ("select id from comparisons where user_id = %s", False),
    ],
)
def test_a_statement_that_does_not_ask_is_found(statement: str, is_found: bool) -> None:
    source = f'def ask(connection):\n    connection.execute("{statement}", ())\n'
    assert bool(trash.unasked("a.py", source, {})) is is_found


def test_every_statement_over_analyses_asks_or_is_on_the_list() -> None:
    sources = tree.sources(".py", under=("src/",))
    known: dict[str, str] = {}
    for path, source in sources.items():
        known |= ownership.module_constants(source, {}) if "queries" in path else {}
    findings = [
        finding
        for path, source in sources.items()
        for finding in trash.unasked(path, source, ownership.module_constants(source, known))
    ]
    left = ownership.disallowed(findings, trash.ALLOWED)
    assert not left, report(left)
