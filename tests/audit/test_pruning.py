"""The beginning of the log goes into a file; what stays, and the file, still show every tampering."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from ascension.audit import pruning, queries
from ascension.audit.chain import BEGINNING, Head
from ascension.audit.entries import account, record
from ascension.audit.verification import verify
from ascension.cli import app
from ascension.infra.database.primary import Database
from tests.conftest import Engines
from tests.rows import sql

pytestmark = pytest.mark.proves("M57")
Command = Callable[[str], Awaitable[tuple[int, str]]]
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date()


@pytest.fixture
def command(clean_database: Engines, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`ascension audit ...` as the owner of the tables: exit code, and all that it said."""
    monkeypatch.setenv("DATABASE_URL", clean_database.migrate_url)

    async def run(words: str) -> tuple[int, str]:
        ended = await asyncio.to_thread(CliRunner().invoke, app, ["audit", *words.split()])
        return ended.exit_code, ended.output

    return run


async def write(database: Database, count: int) -> Head:
    for number in range(count):
        async with database.transaction() as tx:
            await record(tx.connection, "login.succeeded", account(uuid4()), number=number)
    async with database.reading() as connection:
        head = await queries.head(connection)
    assert head is not None
    return head


async def test_what_is_old_goes_into_a_file_and_the_chain_goes_on(
    database: Database, command: Command, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    noted = [await write(database, 3), await write(database, 2)]
    code, said = await command(f"prune --before {TOMORROW} --export {first} --dry-run")
    assert (code, "4 entries would go" in said, first.exists()) == (0, True, False)
    assert (await verify(database, noted)).after == BEGINNING

    code, said = await command(f"prune --before {TOMORROW} --export {first}")
    assert (code, "Taken out: 4 entries" in said) == (0, True), said
    assert first.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in first.read_text().splitlines()]
    assert [line.get("position") for line in lines] == [1, 2, 3, 4, None]
    verdict = await verify(database, noted[1:])
    assert (verdict.fault, verdict.after.position, verdict.head.position) == (None, 4, 6)

    await write(database, 2)
    assert (await command(f"prune --before {TOMORROW} --export {second}"))[0] == 0
    last = await write(database, 1)
    heads = " ".join(f"--head {head}" for head in (*noted, last))
    both = f"--exported {second} --exported {first}"
    code, said = await command(f"verify {heads} {both}")
    assert (code, "in the files that were named" in said) == (0, True), said
    assert "was taken out, and not looked at" in (await command("verify"))[1]
    for words, fault in (
        (f"--head {noted[0]}", "is in an exported file"),
        (f"--exported {second}", "do not go on behind entry 0"),
        (f"--exported {first}", "the exported files end at entry 4"),
        (f"{both} --head 2:{'00' * 32}", "another than the one that was noted"),
    ):
        code, said = await command(f"verify {words}")
        assert (code, fault in said) == (1, True), said
    assert (await command(f"prune --before {TOMORROW} --export {first}"))[0] == 1, "no file is written over"
    assert "No entry is older" in (await command(f"prune --before 2020-01-01 --export {tmp_path / 'x'}"))[1]


SPOILED: dict[str, Callable[[list[str]], list[str]]] = {
    "changed": lambda lines: [lines[0].replace("login.succeeded", "login.failed"), *lines[1:]],
    "taken out": lambda lines: [lines[0], *lines[2:]],
    "first gone": lambda lines: lines[1:],
    "no entry": lambda lines: ["[]", *lines],
    "cut": lambda lines: [lines[0][: len(lines[0]) // 2]],
}


@pytest.mark.parametrize("how", SPOILED)
async def test_a_file_that_was_changed_is_found(
    database: Database, command: Command, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "first.jsonl"
    await write(database, 4)
    assert (await command(f"prune --before {TOMORROW} --export {file}"))[0] == 0
    file.write_text("\n".join(SPOILED[how](file.read_text().splitlines())))
    code, said = await command(f"verify --exported {file}")
    assert (code, "exported" in said) == (1, True), said


async def test_a_cut_that_nobody_made_is_found(clean_database: Engines, database: Database) -> None:
    """By whoever rules the database server."""
    await write(database, 5)
    async with await psycopg.AsyncConnection.connect(clean_database.admin_url) as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "insert into audit_cuts (position, hash) select position, hash from audit_log where position = 3"
        )
        await connection.execute("delete from audit_log where position <= 3")
    assert "no entry says why" in str((await verify(database)).fault)


async def test_a_cut_that_was_interrupted_is_finished_by_the_next(
    clean_database: Engines, database: Database, command: Command, tmp_path: Path
) -> None:
    await write(database, 4)
    async with Database(clean_database.migrate_url, pool_size=1, application="tests") as owner:
        head = await pruning.last_before(owner, datetime.now(UTC) + timedelta(days=1))
        assert head is not None
        async with owner.transaction() as tx:
            await queries.insert_cut(tx.connection, head)
            await record(tx.connection, "audit.pruned", account(uuid4()), head=str(head))
    verdict = await verify(database)
    assert (verdict.fault, verdict.after) == (None, head)
    oldest = "select min(position) from audit_log"
    code, said = await command(f"prune --before 2020-01-01 --export {tmp_path / 'none'} --dry-run")
    assert (code, await sql(clean_database, oldest)) == (0, [(1,)])
    code, said = await command(f"prune --before 2020-01-01 --export {tmp_path / 'none'}")
    assert (code, "of a cut that was interrupted" in said) == (0, True), said
    assert await sql(clean_database, oldest) == [(head.position + 1,)], "also where nothing else is to go"
    assert (await command(f"prune --before {TOMORROW} --export {tmp_path / 'next'}"))[0] == 0
    assert await sql(clean_database, oldest) == [(5,)]


async def test_only_the_owner_cuts_and_only_what_a_cut_names(
    clean_database: Engines,
    database: Database,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    await write(database, 4)
    file = tmp_path / "first.jsonl"
    monkeypatch.setenv("DATABASE_URL", clean_database.api_url)
    code, said = await command(f"prune --before {TOMORROW} --export {file}")
    assert (code, "takes the owner" in said) == (1, True), said
    async with await psycopg.AsyncConnection.connect(clean_database.migrate_url, autocommit=True) as owner:
        await owner.execute(
            "insert into audit_cuts (position, hash) select position, hash from audit_log where position = 2"
        )
        await owner.execute("delete from audit_log where position <= 2")
        for refused in (
            "delete from audit_log where position = 3",
            "delete from audit_cuts",
            "update audit_cuts set position = 4",
            "truncate audit_cuts",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                await owner.execute(refused)
