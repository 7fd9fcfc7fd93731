"""SQL as literals and time-outs everywhere: each lint finds a seeded fault, and holds over the repository."""

import pytest

from tests.house import calls, tree
from tests.house.finding import report


@pytest.mark.parametrize(
    ("argument", "broken"),
    [
        ('"select 1"', False),
        ('"select "\n  "1"', False),
        ('"select " + "1"', False),
        ("STATEMENT", False),
        ('f"select {_COLUMNS} from users"', False),
        ('"select 1" + (" for update" if lock else "")', False),
        ('"select 1" + (order if sorted else "")', True),
        ('f"select {column} from users"', True),
        ('"select " + column', True),
        ('"select %s" % column', True),
        ('"select {}".format(column)', True),
        ('" ".join(parts)', True),
        ('sql.SQL("create role {}").format(sql.Identifier(name))', False),
    ],
)
def test_assembled_sql_is_found(argument: str, broken: bool) -> None:
    assert bool(calls.assembled_sql("a.py", f"await connection.execute({argument}, (1,))\n")) is broken


def test_a_cast_to_literal_string_is_found() -> None:
    assert calls.assembled_sql("a.py", "query = cast(LiteralString, text)\n") != []
    assert calls.assembled_sql("a.py", "query = cast('LiteralString', text)\n") != []


def test_a_call_without_timeout_is_found() -> None:
    assert calls.missing_timeouts("a.py", "subprocess.run(['git'], check=True)\n") != []
    assert calls.missing_timeouts("a.py", "subprocess.run(['git'], check=True, timeout=5)\n") == []
    assert calls.missing_timeouts("a.py", "urllib.request.urlopen(url)\n") != []


def test_a_client_without_its_limits_is_found() -> None:
    for made in (
        "aiohttp.ClientSession()",
        "AioConfig(connect_timeout=2)",
        "AsyncConnectionPool(url, max_size=4)",
        "psycopg.AsyncConnection.connect(url)",
        "redis.Redis.from_url(url, socket_timeout=None)",
    ):
        assert len(calls.clients_without_limits("a.py", f"client = {made}\n")) == 1, made
    assert calls.clients_without_limits("a.py", "AioConfig(connect_timeout=2, read_timeout=6)\n") == []


def test_every_client_of_the_product_has_its_limits() -> None:
    sources = tree.sources(".py", under=("src/",))
    findings = [
        finding for path, source in sources.items() for finding in calls.clients_without_limits(path, source)
    ]
    assert not findings, report(findings)


def test_product_writes_sql_as_literals() -> None:
    sources = tree.sources(".py", under=("src/",))
    findings = [finding for path, source in sources.items() for finding in calls.assembled_sql(path, source)]
    assert not findings, report(findings)


def test_every_call_out_has_a_timeout() -> None:
    sources = tree.sources(".py")
    findings = [
        finding for path, source in sources.items() for finding in calls.missing_timeouts(path, source)
    ]
    assert not findings, report(findings)


def test_what_reaches_out_is_found() -> None:
    assert calls.reaching_out("async with aiohttp.ClientSession(timeout=t) as s: ...\n") == {"ClientSession"}
    assert calls.reaching_out("urlopen(asked, timeout=5)\n") == {"urlopen"}
    assert calls.reaching_out("opened = open(path)\n") == set()


@pytest.mark.proves("M58")
def test_no_user_can_send_the_api_or_a_worker_anywhere() -> None:
    """The commands of one machine are their operator's: they are left out."""
    sources = tree.sources(".py", under=("src/",))
    found = {
        path: called
        for path, source in sources.items()
        if "/embedded/" not in path and (called := calls.reaching_out(source))
    }
    assert found == calls.OUTGOING
