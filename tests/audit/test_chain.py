"""The audit log on real PostgreSQL: in the act's transaction, only added to, every tampering found."""

import asyncio
import hashlib
import json
import re
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest

from ascension.audit import queries
from ascension.audit.chain import Head
from ascension.audit.entries import COMMAND, PLATFORM, Detail, account, address, record
from ascension.audit.verification import verify
from ascension.errors.accounts import SessionRevoked
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import Database
from tests.conftest import Engines
from tests.rows import sql

pytestmark = pytest.mark.proves("M57")

ENTRIES = 6


async def _write(database: Database, count: int = ENTRIES) -> Head:
    for number in range(count):
        async with database.transaction() as tx:
            await record(tx.connection, "login.succeeded", account(uuid4()), number=number)
    return await _head(database)


async def _head(database: Database) -> Head:
    async with database.reading() as connection:
        head = await queries.head(connection)
    assert head is not None
    return head


async def _tamper(engines: Engines, *statements: LiteralString) -> None:
    """As whoever rules the database server: triggers and constraints do not hold them up."""
    async with await psycopg.AsyncConnection.connect(engines.admin_url) as connection:
        await connection.execute("set session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def test_the_chain_fits_when_computed_without_us(clean_database: Engines, database: Database) -> None:
    """By the words of the decision alone: nothing of the product computes here."""
    details: dict[str, Detail] = {"émile": "“ß”\n\\ \U0001f9d7", "n": -1, "on": True, "nothing": None}
    async with database.transaction() as tx:
        await record(tx.connection, "platform.started", PLATFORM, None, **details)
        await record(tx.connection, "account.tier_changed", COMMAND, account(uuid4()), tier="premium")
    rows = await sql(
        clean_database,
        """
        select position, extract(epoch from at), actor, action, subject, details::text, prev_hash, hash
        from audit_log order by position
        """,
    )
    before = bytes(32)
    for position, at_s, actor, action, subject, told, prev_hash, digest in rows:
        netstrings = b""
        for field in (position, int(at_s * 1_000_000), actor, action, subject, told):
            encoded = str(field).encode("utf-8")
            netstrings += str(len(encoded)).encode() + b":" + encoded + b","
        assert prev_hash == before
        before = hashlib.sha256(before + netstrings).digest()
        assert digest == before
    assert [row[2] for row in rows] == ["platform", "command"]
    assert json.loads(rows[0][5]) == details


async def test_an_untouched_log_is_whole(database: Database) -> None:
    head = await _write(database)
    verdict = await verify(database, [head])
    assert (verdict.fault, verdict.head, verdict.is_over) == (None, head, True)
    part = await verify(database, within_s=0)
    assert (part.fault, part.head, part.is_over) == (None, head, False), "a page, then the time is over"
    rest = await verify(database, behind=part.head, within_s=0)
    assert (rest.fault, rest.is_over) == (None, True)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (("update audit_log set action = 'login.failed' where position = 3",), "entry 3 is not as it was"),
        (("update audit_log set actor = 'account:x' where position = 1",), "entry 1 is not as it was"),
        (("update audit_log set at = at + interval '1 us' where position = 6",), "entry 6 is not as it was"),
        (("update audit_log set details = '{ \"number\":3}' where position = 4",), "entry 4 is not as it"),
        (("delete from audit_log where position = 4",), "entry 4 is missing"),
        (("delete from audit_log where position = 1",), "entry 1 is missing"),
        (("delete from audit_log where position > 4",), "entry 5 is missing"),
        (("delete from audit_log",), "entry 1 is missing"),
        (
            (
                "update audit_log set position = 100 where position = 2",
                "update audit_log set position = 2 where position = 3",
                "update audit_log set position = 3 where position = 100",
            ),
            "entry 2 does not follow from entry 1",
        ),
        (
            (
                "update audit_log set position = position + 100 where position > 2",
                "update audit_log set position = position - 99 where position > 100",
                """
                insert into audit_log (position, actor, action, subject, details, prev_hash, hash)
                select 3, actor, action, subject, details, hash, hash from audit_log where position = 2
                """,
            ),
            "entry 3 is not as it was written",
        ),
        (
            (
                """
                insert into audit_log (actor, action, subject, details)
                values ('account:x', 'login.succeeded', 'account:x', '{}')
                """,
            ),
            "rows without a place in the chain: 1",
        ),
    ],
)
async def test_tampering_is_found(
    clean_database: Engines, database: Database, statements: tuple[LiteralString, ...], fault: str
) -> None:
    noted = await _write(database)
    await _tamper(clean_database, *statements)
    verdict = await verify(database, [noted])
    assert verdict.fault is not None
    assert verdict.fault.startswith(fault)


async def test_a_log_that_was_written_anew_is_not_the_noted_one(
    clean_database: Engines, database: Database
) -> None:
    """Whoever owns the database can make a chain that fits in itself; not one that ends as the noted one."""
    noted = await _write(database)
    await _tamper(clean_database, "delete from audit_log")
    await _write(database)
    assert (await verify(database)).fault is None
    verdict = await verify(database, [noted])
    assert verdict.fault == f"entry {ENTRIES} is another than the one that was noted"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into audit_log (actor, action, subject, details) values ('x', 'x', 'x', '{}')",
        "update audit_log set action = 'x'",
        "delete from audit_log",
        "truncate audit_log",
        "select secret from audit_key",
        "select audit_seal()",
        "alter table audit_log disable trigger all",
    ],
)
async def test_the_api_can_only_add(
    clean_database: Engines, database: Database, statement: LiteralString
) -> None:
    await _write(database, 1)
    async with await psycopg.AsyncConnection.connect(clean_database.api_url) as connection:
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
            await connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set action = 'x'",
        "update audit_log set position = null, hash = null, prev_hash = null",
        "delete from audit_log",
        "truncate audit_log",
    ],
)
async def test_not_even_the_owner_by_mistake(
    clean_database: Engines, database: Database, statement: LiteralString
) -> None:
    await _write(database, 1)
    async with await psycopg.AsyncConnection.connect(clean_database.migrate_url) as connection:
        with pytest.raises(psycopg.errors.RestrictViolation):
            await connection.execute(statement)


async def test_an_act_that_is_taken_back_leaves_no_entry(database: Database) -> None:
    async def act_and_fail() -> None:
        async with database.transaction() as tx:
            await record(tx.connection, "video.deleted", account(uuid4()))
            raise SessionRevoked

    head = await _write(database, 1)
    with pytest.raises(SessionRevoked):
        await act_and_fail()
    assert await _head(database) == head
    await _write(database, 1)
    assert (await _head(database)).position == 2


async def test_acts_side_by_side_wait_only_for_each_others_commit(database: Database) -> None:
    """None waits while another is under way: with a lock from the first entry on nobody would ever end."""
    await _write(database, 1)
    both_recorded = asyncio.Barrier(3)

    async def act() -> None:
        async with database.transaction() as tx:
            await record(tx.connection, "login.succeeded", account(uuid4()))
            await both_recorded.wait()
            await record(tx.connection, "session.ended", account(uuid4()))

    async with asyncio.timeout(30):
        await asyncio.gather(act(), act(), act())
    verdict = await verify(database)
    assert (verdict.fault, verdict.head.position) == (None, 7)


async def test_accounts_are_named_by_a_digest(clean_database: Engines, database: Database) -> None:
    user_id, email = uuid4(), "Ana@Example.org"
    async with database.transaction() as tx:
        await record(tx.connection, "login.failed", address(email), account(user_id))
        known = await queries.name_of(tx.connection, account(user_id))
    ((actor, subject),) = await sql(clean_database, "select actor, subject from audit_log")
    assert subject == known
    assert re.fullmatch("account:[0-9a-f]{32}", subject)
    assert re.fullmatch("address:[0-9a-f]{32}", actor)


@pytest.mark.parametrize("details", [{"new_password": "x"}, {"email": "a@b.org"}, {"note": "x" * 501}])
async def test_what_must_not_stay_is_refused(database: Database, details: dict[str, Detail]) -> None:
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="does not belong"):
            await record(tx.connection, "login.failed", PLATFORM, None, **details)


@pytest.mark.parametrize("text", ["", "7", "x:00", "1:zz", "1:00", f"0:{'00' * 32}", f"-1:{'00' * 32}"])
def test_a_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SetupError, match="no head"):
        Head.parse(text)


def test_a_head_is_read_as_it_was_printed() -> None:
    head = Head(12, bytes(range(32)))
    assert Head.parse(f" {head}\n") == head
