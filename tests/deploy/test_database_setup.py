"""`ascension database setup` on a real server: what differs is told and mended, once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import psycopg
import pytest
from typer.testing import CliRunner

from ascension.cli import app
from ascension.embedded.engines.postgres import ADMIN
from ascension.infra.database.roles import API, MIGRATE, WORKER
from tests.conftest import Engines

NAME = "setup_of_a_server"


@pytest.fixture
def settings(engines: Engines) -> Iterator[Mapping[str, str]]:
    """Of somebody who may make roles; the passwords are those that the roles here have."""
    url, secrets = engines.stack.postgres.url(ADMIN, "postgres"), engines.stack.postgres.secrets
    yield {
        "DATABASE_URL": url,
        "MIGRATE_PASSWORD": secrets.postgres_migrate,
        "API_PASSWORD": secrets.postgres_api,
        "WORKER_PASSWORD": secrets.postgres_worker,
    }
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"drop database if exists {NAME}")


def setup(settings: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
    run = CliRunner().invoke(app, ["database", "setup", "--name", NAME], env=settings)
    return run.exit_code, {line[:20].strip(): line[21:] for line in run.output.splitlines()}, run.output


@pytest.mark.engines
def test_a_server_is_set_up_once_and_a_password_that_differs_is_told(
    settings: Mapping[str, str], engines: Engines
) -> None:
    wanted = dict.fromkeys((MIGRATE, API, WORKER), "as wanted")
    assert setup(settings)[:2] == (0, {**wanted, NAME: "created"})
    assert setup(settings)[:2] == (0, {**wanted, NAME: "as wanted"})

    before = engines.stack.postgres
    changed = {**settings, "WORKER_PASSWORD": "another-password-of-a-worker"}
    try:
        code, said, output = setup(changed)
        assert (code, said[WORKER]) == (0, "changed")
        assert "another-password" not in output
        after = replace(before, secrets=replace(before.secrets, postgres_worker=changed["WORKER_PASSWORD"]))
        with psycopg.connect(after.url(WORKER, NAME)) as worker:
            owner = worker.execute(
                "select pg_get_userbyid(datdba) from pg_database where datname = %s", (NAME,)
            ).fetchone()
            assert owner == (MIGRATE,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute("create table mine (id int)")
    finally:
        assert setup(settings)[1][WORKER] == "changed"


@pytest.mark.engines
def test_somebody_who_may_not_make_roles_is_refused(settings: Mapping[str, str], engines: Engines) -> None:
    url = engines.stack.postgres.url(API)
    code, _, output = setup({**settings, "DATABASE_URL": url})
    assert code == 1
    assert "The database was not set up: permission denied for table pg_authid." in output
