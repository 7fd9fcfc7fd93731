"""The rules on who may do what: each finds a seeded fault, and holds over the product's code."""

from collections.abc import Callable

import pytest

from tests.house import edges, tree
from tests.house.finding import Finding, report

PRODUCT = tree.sources(".py", under=("src/",))
Lint = Callable[[str, str], list[Finding]]


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n        pass",
        "except:\n        pass",
        "except BaseException as error:\n        log(error)",
        "except (ValueError, Exception):\n        raise Other from None",
        "except builtins.Exception:\n        return",
    ],
)
def test_a_broad_except_is_found(handler: str) -> None:
    source = f"class Loop:\n  def run(self):\n    try:\n        go()\n    {handler}\n"
    found = edges.broad_excepts("src/ascension/worker.py", source, {})
    assert [finding.line for finding in found] == [5]
    assert (
        edges.broad_excepts("src/ascension/worker.py", source, {"src/ascension/worker.py:Loop.run": "why"})
        == []
    )


def test_narrow_handlers_and_clean_up_pass() -> None:
    narrow = "def f():\n  try:\n    go()\n  except (ValueError, psycopg.Error):\n    pass\n"
    clean_up = "def f():\n  try:\n    go()\n  except BaseException:\n    undo()\n    raise\n"
    assert edges.broad_excepts("a.py", narrow, {}) == []
    assert edges.broad_excepts("a.py", clean_up, {}) == []


def test_suppressing_everything_is_found() -> None:
    assert edges.broad_excepts("a.py", "with contextlib.suppress(OSError, Exception):\n    go()\n", {}) != []
    assert edges.broad_excepts("a.py", "with suppress(OSError):\n    go()\n", {}) == []


def test_an_edge_that_catches_nothing_is_found() -> None:
    assert edges.stale_edges({"a.py": "def f():\n    pass\n"}, {"a.py:f": "once"}) != []


@pytest.mark.parametrize(
    ("lint", "fault", "home"),
    [
        (edges.commits, "await connection.commit()", "src/ascension/infra/database/primary.py"),
        (
            edges.commits,
            "await psycopg.AsyncConnection.connect(url)",
            "src/ascension/embedded/engines/postgres.py",
        ),
        (edges.commits, "AsyncConnectionPool(url)", "src/ascension/infra/database/primary.py"),
        (edges.commits, "await connection.set_autocommit(True)", "src/ascension/infra/database/primary.py"),
        (edges.statements, "await connection.execute('select 1')", "src/ascension/sharing/queries.py"),
        (edges.statements, "await cursor.executemany(sql, rows)", "src/ascension/sharing/copy_queries.py"),
        (edges.statements, "found = cursor.execute('select 1')", "src/ascension/embedded/upgrade.py"),
        (edges.prints, "print('here')", "src/ascension/cli.py"),
        (edges.prints, "sys.stdout.write('here')", "src/ascension/reports/command.py"),
        (edges.prints, "typer.echo('here')", "src/ascension/reports/analyze_command.py"),
        (edges.environment_reads, "home = os.environ['HOME']", "src/ascension/infra/settings.py"),
        (edges.environment_reads, "home = os.getenv('HOME')", "src/ascension/embedded/layout.py"),
    ],
)
def test_only_the_named_place_may(lint: Lint, fault: str, home: str) -> None:
    assert [finding.line for finding in lint("src/ascension/analyses/service.py", f"\n{fault}\n")] == [2]
    assert lint(home, fault) == []


@pytest.mark.parametrize(
    ("comment", "broken"),
    [
        ("# pyright: ignore", True),
        ("# pyright: basic", True),
        ("# pyright: reportUnknownMemberType=false", False),
        ("# pyright: ignore[reportUnknownMemberType]", False),
    ],
)
def test_a_silenced_type_is_found(comment: str, broken: bool) -> None:
    home = "src/ascension/vision/network_onnx.py"
    assert bool(edges.silenced_types(home, f"x = 1  {comment}\n", frozenset({home}))) is broken
    assert edges.silenced_types("src/ascension/jobs/sweep.py", f"x = 1  {comment}\n", frozenset({home})) != []


def test_a_file_opened_in_biomechanics_is_found() -> None:
    assert edges.files_opened("src/ascension/biomechanics/balance.py", "open('x')\n") != []
    assert edges.files_opened("src/ascension/vision/video.py", "open('x')\n") == []


@pytest.mark.parametrize(
    "lint",
    [
        edges.broad_excepts,
        edges.commits,
        edges.prints,
        edges.environment_reads,
        edges.files_opened,
        edges.silenced_types,
        edges.statements,
    ],
    ids=lambda lint: lint.__name__,
)
def test_product(lint: Lint) -> None:
    findings = [finding for path, source in PRODUCT.items() for finding in lint(path, source)]
    assert not findings, report(findings)


def test_tests_name_the_rule_they_silence() -> None:
    sources = tree.sources(".py", under=("tests/", "scripts/", "benches/"))
    mine = {path: source for path, source in sources.items() if path != "tests/house/test_edges.py"}
    findings = [finding for path, source in mine.items() for finding in edges.silenced_types(path, source)]
    assert not findings, report(findings)


def test_process_edges_are_current() -> None:
    findings = edges.stale_edges(PRODUCT)
    assert not findings, report(findings)


def test_homes_of_statements_are_current() -> None:
    found = {
        finding.path for path, source in PRODUCT.items() for finding in edges.statements(path, source, ())
    }
    stale = [home for home in edges.STATEMENT_HOMES if not any(path.startswith(home) for path in found)]
    assert stale == []
