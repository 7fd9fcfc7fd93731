"""Secrets made anew: engines take the new ones, and what the former signed and sealed is still good."""

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from ascension.accounts.factors import queries, totp
from ascension.accounts.sealing import AccountKeys
from ascension.audit.telling import run as tell
from ascension.cli import app
from ascension.embedded import resealing, rotation
from ascension.embedded.engines import postgres
from ascension.embedded.migrations import MIGRATIONS
from ascension.embedded.resealing import SEALED, reseal
from ascension.embedded.stack import Stack
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import Database
from ascension.infra.security import FormerKey, TokenIssuer
from tests.conftest import Engines, new_home, remove_home
from tests.eventually import eventually
from tests.rows import sql

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = b"\x07" * totp.SECRET_BYTES


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    """A platform of one test alone."""
    home = new_home()
    made = Stack(home, durable=False)
    await made.start()
    try:
        yield made
    finally:
        made.kill()
        remove_home(home)


def database(url: str) -> Database:
    return Database(url, pool_size=1, application="tests")


async def with_a_second_factor(url: str, keys: AccountKeys) -> tuple[UUID, list[str]]:
    """An account, and its recovery codes."""
    user_id = uuid7()
    async with database(url) as opened, opened.transaction() as tx:
        await tx.connection.execute(
            "insert into users (id, email, display_name, password_hash) values (%s, %s, 'Mina', 'x')",
            (user_id, f"{user_id}@example.org"),
        )
        await queries.put_totp(tx.connection, user_id, keys.seal(SECRET, user_id))
        await queries.confirm_totp(tx.connection, user_id)
        return user_id, await totp.new_recovery_codes(tx, keys, user_id)


@pytest.mark.thorough
async def test_everything_is_made_anew_and_nothing_is_lost(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, before = stack.home, stack.home.secrets()
    monkeypatch.setenv("ASCENSION_HOME", str(home.path))
    old_url = stack.postgres.url(postgres.API)
    user_id, codes = await with_a_second_factor(old_url, rotation.keys_of(home))
    token = TokenIssuer(before.jwt, 900).issue(user_id)
    with pytest.raises(SetupError, match="stop it first"):
        await rotation.rotate(home, ["tokens"], NOW)
    await stack.stop()
    said = CliRunner().invoke(app, ["secrets", "rotate", "--dry-run"])
    assert "jwt would be made anew" in said.output
    assert home.secrets() == before, "a dry run changes nothing"

    async def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(rotation, "reseal", die)
        with pytest.raises(SystemExit):
            await rotation.rotate(home, ["accounts"], NOW)
    assert home.former_secrets().account == before.account
    assert home.former_secrets().account_unsealed
    with pytest.raises(SetupError, match="Not everything is sealed"):
        rotation.forget(home)
    assert "it is finished" in CliRunner().invoke(app, ["secrets", "rotate", "--dry-run"]).output

    done = await rotation.rotate(home, ["tokens", "accounts", "engines"], NOW)
    assert home.former_secrets().account == before.account, "what everything was sealed with, not the next"
    assert not home.former_secrets().account_unsealed
    assert (done.count, done.lost, done.on_recovery_codes) == (1, 0, 1)
    after = dataclasses.asdict(home.secrets())
    kept = [name for name, value in dataclasses.asdict(before).items() if after[name] == value]
    assert kept == ["postgres_admin"]

    await stack.start(migrating=False)
    environment = stack.environment("api")
    with pytest.raises(psycopg.OperationalError):
        await psycopg.AsyncConnection.connect(old_url)
    former = FormerKey(environment["JWT_SECRET_PREVIOUS"])
    assert TokenIssuer(environment["JWT_SECRET"], 900, former).user_of(token) == user_id
    assert environment["JWT_SECRET_PREVIOUS_UNTIL"] == "2026-11-22T13:00:00+00:00"
    present = AccountKeys(environment["ACCOUNT_SECRET"])
    async with database(environment["DATABASE_URL"]) as opened, opened.transaction() as tx:
        factor = await queries.get_totp(tx.connection, user_id)
        assert factor is not None
        assert present.open(factor.sealed_secret, user_id) == SECRET, "without the former secret, too"
        assert not await totp.accepts(tx, present, user_id, codes[0])
        both = AccountKeys(environment["ACCOUNT_SECRET"], environment["ACCOUNT_SECRET_PREVIOUS"])
        assert await totp.accepts(tx, both, user_id, codes[0])
        found = await tx.connection.execute(
            "select details::text from audit_log where action = 'key.rotated'"
        )
        assert [row["details"] for row in await found.fetchall()] == ['{"which":"engines"}']
    await stack.stop()
    assert CliRunner().invoke(app, ["secrets", "forget"]).exit_code == 0
    assert "ACCOUNT_SECRET_PREVIOUS" not in stack.environment("api")


async def test_sealing_anew_where_secrets_come_from_the_environment(
    clean_database: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, present = "f" * 32, "0123456789abcdef" * 2
    user_id, _ = await with_a_second_factor(clean_database.api_url, AccountKeys(former))
    stranger, _ = await with_a_second_factor(clean_database.api_url, AccountKeys("nobody knows this one"))
    for name, value in {
        "DATABASE_URL": clean_database.api_url,
        "ACCOUNT_SECRET": present,
        "ACCOUNT_SECRET_PREVIOUS": former,
    }.items():
        monkeypatch.setenv(name, value)

    async def opens(account: UUID) -> bool:
        rows = await sql(clean_database, "select sealed_secret from totp_factors where user_id = %s", account)
        return AccountKeys(present).open(rows[0][0], account) == SECRET

    for words, is_open in ((["--dry-run"], False), ([], True)):
        said = await asyncio.to_thread(CliRunner().invoke, app, ["secrets", "reseal", *words])
        assert said.exit_code == 0, said.output
        assert "Sealed anew: 1." in said.output
        assert "left as they are: 1." in said.output
        assert "recovery codes are of before: 2." in said.output
        assert (await opens(user_id), await opens(stranger)) == (is_open, False)
    async with database(clean_database.api_url) as opened:
        assert (await reseal(opened, AccountKeys(present, former))).count == 0, "once is enough"


async def test_sealing_anew_goes_batch_by_batch(
    clean_database: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)
    former, present = AccountKeys("f" * 32), AccountKeys("0123456789abcdef" * 2, "f" * 32)
    for _ in range(4):
        await with_a_second_factor(clean_database.api_url, former)
    async with database(clean_database.api_url) as opened:
        assert (await reseal(opened, present, dry_run=True)).count == 4
        assert (await reseal(opened, present)).count == 4
        assert (await reseal(opened, present)).count == 0


def test_every_sealed_column_is_sealed_anew() -> None:
    schema = (MIGRATIONS / "schema.sql").read_text()
    tables = re.findall(r"CREATE TABLE public\.(\w+) \((.*?)^\);", schema, re.DOTALL | re.MULTILINE)
    sealed = {name for name, body in tables if re.search(r"^    sealed_\w+ bytea", body, re.MULTILINE)}
    assert sealed == {column.table for column in SEALED}


async def test_a_start_with_other_keys_says_so_in_the_audit_log(clean_database: Engines) -> None:
    started: list[dict[str, str]] = [
        {"signing_key": "a", "account_key": "x"},
        {"signing_key": "b", "account_key": "x"},
        {"signing_key": "b", "account_key": "x"},
    ]
    async with database(clean_database.api_url) as opened:
        for number, settings in enumerate(started, 1):
            telling = asyncio.create_task(tell(opened, {**settings}))

            async def is_noted(wanted: int = number) -> bool:
                rows = await sql(
                    clean_database, "select count(*) from audit_log where action = 'platform.started'"
                )
                return rows == [(wanted,)]

            await eventually(is_noted)
            telling.cancel()
    rotated = await sql(clean_database, "select details::text from audit_log where action = 'key.rotated'")
    assert rotated == [('{"which":"signing_key"}',)]
