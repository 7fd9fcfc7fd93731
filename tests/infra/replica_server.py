"""A real streaming copy of the tests' PostgreSQL, made by pg_basebackup, to be held up and broken."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import LiteralString

import psycopg

from ascension.embedded.engines.engine import Engine, Program, base_environment
from ascension.embedded.engines.postgres import ADMIN, Postgres
from ascension.infra.database.roles import API
from tests.conftest import Engines, unused_port

COPY_TIMEOUT_S = 60


@dataclass(frozen=True)
class ReplicaServer:
    """The running copy."""

    server: Postgres
    engine: Engine
    directory: Path

    @property
    def url(self) -> str:
        """For the API's role."""
        return self.server.url(API)

    async def run(self, statement: LiteralString) -> None:
        """One statement on the copy, as superuser."""
        async with await psycopg.AsyncConnection.connect(self.server.url(ADMIN), autocommit=True) as copy:
            await copy.execute(statement)

    async def follow_again(self) -> None:
        """Start it as a copy once more, after it was promoted: it waits for what its primary never writes."""
        await self.engine.stop()
        signal = self.directory / "standby.signal"
        signal.touch()
        self.server.home.account.own(signal, 0o600)
        await self.engine.start()

    @property
    def log(self) -> str:
        return self.engine.program.log.read_text()


@asynccontextmanager
async def replica_of(engines: Engines) -> AsyncGenerator[ReplicaServer]:
    """Copies the primary and follows it; ends with the stack's engines."""
    primary = engines.stack.postgres
    server = replace(primary, port=unused_port())
    directory = primary.home.data("postgres") / "replica"
    await asyncio.to_thread(_copy, primary, str(directory))
    whole = server.program()

    async def is_ready() -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(server.url(ADMIN), connect_timeout=2)
        except psycopg.OperationalError:
            return False
        await connection.close()
        return True

    def program() -> Program:
        cluster = whole.command.index("-D") + 1
        command = (*whole.command[:cluster], str(directory), *whole.command[cluster + 1 :])
        log = whole.log.with_name("replica.log")
        return replace(whole, name="replica", command=command, log=log, is_ready=is_ready)

    engine = engines.stack.add(program)
    await engine.start()
    yield ReplicaServer(server, engine, directory)


def _copy(primary: Postgres, directory: str) -> None:
    account = primary.home.account
    subprocess.run(
        [
            *(
                primary.programs / "pg_basebackup",
                "-D",
                directory,
                "-h",
                "127.0.0.1",
                "-p",
                str(primary.port),
            ),
            *("-U", ADMIN, "--checkpoint=fast", "--write-recovery-conf", "--no-sync", "--wal-method=stream"),
        ],
        env={**base_environment(primary.home.path), "PGPASSWORD": primary.secrets.postgres_admin},
        check=True,
        capture_output=True,
        timeout=COPY_TIMEOUT_S,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    )
