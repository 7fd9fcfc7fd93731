"""What PostgreSQL did for each statement, as `auto_explain` writes it to the server's log."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

_PLAN = re.compile(r"duration: [\d.]+ ms  plan:\n((?:\t.*\n)+)")
_SQL = re.compile(r"\s*(select|insert into|update \w+( \w+)?\s+set|delete from|with \w+ as|truncate)\s")
_SETTINGS: tuple[LiteralString, ...] = (
    "load 'auto_explain'",
    "alter database ascension set session_preload_libraries = 'auto_explain'",
    "alter database ascension set auto_explain.log_min_duration = 0",
    "alter database ascension set auto_explain.log_analyze = on",
    "alter database ascension set auto_explain.log_buffers = on",
    "alter database ascension set auto_explain.log_timing = off",
    "alter database ascension set auto_explain.log_format = 'json'",
    "alter database ascension set auto_explain.log_nested_statements = on",
    # sessions that are open do without: the pools open others
    """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = 'ascension' and pid <> pg_backend_pid()
    """,
)


@dataclass(frozen=True)
class Plan:
    """One statement that ran: its words on one line, what it read."""

    text: str
    scanned: frozenset[str]
    """Tables that were read from end to end."""
    buffers: int
    """Pages of 8 KB that it touched."""


async def explain_everything(admin_url: str) -> None:
    """From now on every session of the database writes the plans of its statements to the log."""
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as connection:
        for statement in _SETTINGS:
            await connection.execute(statement)


def plans_in(log: str) -> list[Plan]:
    """The plans in a server's log, in their order."""
    return [_plan(json.loads(found.group(1))) for found in _PLAN.finditer(log)]


def _plan(shown: dict[str, Any]) -> Plan:
    nodes = list(_nodes(shown["Plan"]))
    return Plan(
        text=on_one_line(shown["Query Text"]),
        scanned=frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
        buffers=shown["Plan"].get("Shared Hit Blocks", 0) + shown["Plan"].get("Shared Read Blocks", 0),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from _nodes(below)


def on_one_line(statement: str) -> str:
    return " ".join(statement.split()).lower()


def statements_of(source: str) -> list[str]:
    """How each SQL literal of a module begins: up to its first parameter or inserted constant."""
    return [
        on_one_line(node.value.partition("%")[0])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value)
    ]
