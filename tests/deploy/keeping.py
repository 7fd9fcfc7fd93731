"""A PostgreSQL 15 as Debian has it whose log goes to a storage with TLS, and `backup.py` beside it."""

import asyncio
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import trustme
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from ascension.embedded.engines import seaweedfs
from ascension.embedded.migrations import migrate
from ascension.infra.database.roles import API, MIGRATE, WORKER, set_up
from ascension.infra.storage import rights
from tests import provider
from tests.conftest import unused_port
from tests.platform import ROOT

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
BACKUP = ROOT / "infrastructure/host/backup.py"
CONFIGURATION = ROOT / "infrastructure/backup/pgbackrest.conf"
DATABASE, BUCKET = "ascension_staging", "ascension-staging-backup"
ACCOUNT = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
# as the units run it; its eyes stay root's where Python itself lies in root's own folder
AS_ACCOUNT = (
    (
        *("setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    )
    if os.geteuid() == 0
    else ()
)


@dataclass
class Kept:
    """The server, its storage, and what was told to `backup.py` of them. Everything lies in `folder`."""

    folder: Path
    port: int = field(default_factory=unused_port)
    s3_port: int = field(default_factory=unused_port)
    storage: "subprocess.Popen[bytes] | None" = None
    owner: tuple[str, str] = (seaweedfs.ADMIN, secrets.token_urlsafe(24))
    key: tuple[str, str] = ("ascension-backup", secrets.token_urlsafe(24))
    """What backups have, with no more rights than they need."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def settings(self) -> Path:
        return self.folder / "backup.json"

    def url(self, database: str = DATABASE, role: str = ACCOUNT) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}"

    def run(self, *command: str, must_work: bool = True) -> "subprocess.CompletedProcess[str]":
        """As the account that the server belongs to."""
        done = subprocess.run(
            [*AS_ACCOUNT, *command], cwd="/", capture_output=True, text=True, timeout=300, check=False
        )
        assert not must_work or done.returncode == 0, (command, done.stdout, done.stderr)
        return done

    def backup(self, *words: str) -> dict[str, Any]:
        """What a command that ends well tells."""
        return json.loads(self.run(*self._backup(*words)).stdout)

    def failing(self, *words: str) -> str:
        """The sentence of one that does not."""
        done = self.run(*self._backup(*words), must_work=False)
        assert done.returncode == 1, done
        assert len(done.stderr.strip().splitlines()) <= 12, done.stderr
        return done.stderr.strip()

    def _backup(self, *words: str) -> tuple[str, ...]:
        return (sys.executable, str(BACKUP), *words, "--settings", str(self.settings))

    def figures(self) -> dict[str, float]:
        """After a look, well or not."""
        self.run(*self._backup("status"), must_work=False)
        lines = (self.folder / "state/backup.prom").read_text().splitlines()
        pairs = [line.rpartition(" ") for line in lines if line and not line.startswith("#")]
        return {name.removeprefix("ascension_backup_"): float(value) for name, _, value in pairs}

    def configure(self, **changed: str) -> None:
        """The file of the repository but for what this place has otherwise, which stands in another."""
        lines = {
            "repo1-s3-bucket": BUCKET,
            "repo1-s3-endpoint": "localhost",
            "repo1-s3-region": "us-east-1",
            "repo1-s3-uri-style": "path",
            "repo1-storage-port": str(self.s3_port),
            "repo1-storage-ca-file": str(self.folder / "ca.pem"),
            "repo1-s3-key": self.key[0],
            "repo1-s3-key-secret": self.key[1],
            "repo1-cipher-pass": "correct horse battery staple",
            "lock-path": str(self.folder / "lock"),
            "io-timeout": "2",
            "log-level-file": "off",
            **changed,
        }
        written = "[global]\n" + "".join(f"{name}={value}\n" for name, value in lines.items())
        place = f"[ascension]\npg1-path={self.data}\npg1-port={self.port}\npg1-socket-path={self.folder}\n"
        (self.folder / "conf.d").mkdir(exist_ok=True)
        (self.folder / "conf.d/here.conf").write_text(written + place)
        kept = [
            line for line in CONFIGURATION.read_text().splitlines() if line.partition("=")[0] not in lines
        ]
        (self.folder / "pgbackrest.conf").write_text("\n".join([*kept, ""]))

    async def start(self) -> None:
        """Storage, server, roles, tables, and an empty repository."""
        for name in ("state", "credentials", "lock"):
            (self.folder / name).mkdir()
        await self._start_storage()
        self.configure()
        self._write_settings()
        if not os.geteuid():
            for found in (self.folder, *self.folder.iterdir()):
                shutil.chown(found, ACCOUNT, ACCOUNT)
        self.run(
            *(str(PROGRAMS / "initdb"), "-D", str(self.data), "-U", ACCOUNT, "--auth=trust", "--no-sync"),
            *("-E", "UTF8", "--locale=C.UTF-8"),
        )
        archive = f"{' '.join(self.pgbackrest)} --stanza=ascension archive-push %p"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nport = {self.port}\n"
                f"archive_mode = on\narchive_command = '{archive}'\narchive_timeout = 60\n"
            )
        self.run(*self.start_command)
        passwords: dict[str, str] = dict.fromkeys((MIGRATE, API, WORKER), secrets.token_hex())
        async with await psycopg.AsyncConnection.connect(self.url("postgres"), autocommit=True) as admin:
            async for _ in set_up(admin, passwords, DATABASE):
                pass
        await migrate(f"{self.url(role=MIGRATE)}&socket={self.folder}")
        self.run(*self.pgbackrest, "--stanza=ascension", "stanza-create")

    @property
    def pgbackrest(self) -> tuple[str, ...]:
        options = (f"--config={self.folder}/pgbackrest.conf", f"--config-include-path={self.folder}/conf.d")
        return ("pgbackrest", *options)

    @property
    def start_command(self) -> tuple[str, ...]:
        return (str(PROGRAMS / "pg_ctl"), "-D", str(self.data), "-l", str(self.folder / "log"), "start")

    def _write_settings(self) -> None:
        release = self.folder / "releases/0.1.0"
        (release / "bin").mkdir(parents=True)
        (release / ".venv").symlink_to(ROOT / ".venv")
        shutil.copy(ROOT / "infrastructure/images/ascension", release / "bin/ascension")
        (release / "bin/ascension").chmod(0o755)
        told = {
            "data": self.data,
            "port": self.port,
            "sockets": self.folder,
            "database": DATABASE,
            "stanza": "ascension",
            "state": self.folder / "state",
            "releases": self.folder / "releases",
            "credentials": self.folder / "credentials",
            "account": ACCOUNT,
            "programs": PROGRAMS,
            "start": self.start_command,
            "pgbackrest": self.pgbackrest,
        }
        self.settings.write_text(json.dumps(told, default=str))

    async def _start_storage(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.folder / "ca.pem")
        granted = {self.key[0]: {BUCKET: rights.BACKUP_TARGET}}
        keys = {seaweedfs.ADMIN: self.owner, self.key[0]: self.key}
        provider.lay_out(self.folder / "storage", authority.issue_cert("localhost"), keys, granted)
        self.resume_storage()
        async with self.s3() as s3:
            deadline = time.monotonic() + 60
            while True:
                try:
                    await s3.create_bucket(Bucket=BUCKET)
                    break
                except (BotoCoreError, ClientError):
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(0.2)

    def resume_storage(self) -> None:
        ports = {name: unused_port() for name in _INNER_PORTS}
        sockets = {"s3.localSocket": "s3.sock", "filer.localSocket": "filer.sock"}
        addresses = {"ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.port": self.s3_port}
        self.storage = provider.start(self.folder / "storage", {**addresses, **ports, **sockets})

    def stop_storage(self) -> None:
        if self.storage is not None:
            self.storage.kill()
            self.storage.wait(30)

    def crash(self) -> None:
        """As when the power goes: what is not in the repository yet is lost with the disk."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.02)
        time.sleep(0.5)  # its children see it and end

    def stop(self) -> None:
        self.run(str(PROGRAMS / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop", must_work=False)
        self.stop_storage()

    @asynccontextmanager
    async def s3(self) -> "AsyncGenerator[S3Client]":
        async with get_session().create_client(
            "s3",
            endpoint_url=f"https://localhost:{self.s3_port}",
            region_name="us-east-1",
            aws_access_key_id=self.owner[0],
            aws_secret_access_key=self.owner[1],
            verify=str(self.folder / "ca.pem"),
        ) as s3:
            yield s3

    async def flip(self, part_of_name: str) -> None:
        """One byte in the middle of the first object whose name holds this; again: as it was."""
        async with self.s3() as s3:
            listed = await s3.list_objects_v2(Bucket=BUCKET)
            key = next(
                key for one in listed.get("Contents", []) if part_of_name in (key := one.get("Key", ""))
            )
            content = bytearray(await (await s3.get_object(Bucket=BUCKET, Key=key))["Body"].read())
            content[len(content) // 2] ^= 0xFF
            await s3.put_object(Bucket=BUCKET, Key=key, Body=bytes(content))

    async def sql(
        self, statement: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        async with await psycopg.AsyncConnection.connect(self.url()) as connection:
            cursor = await connection.execute(statement.encode(), parameters)
            return await cursor.fetchall() if cursor.description else []


_INNER_PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"),
    *("s3.port.grpc", "admin.port", "admin.port.grpc"),
)
