"""PostgreSQL, Valkey and SeaweedFS together: started side by side in one home, stopped together."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ascension.embedded import swap, upgrade
from ascension.embedded.engines import postgres, seaweedfs
from ascension.embedded.engines.engine import Engine, Program, together
from ascension.embedded.engines.postgres import Postgres
from ascension.embedded.engines.programs import locate
from ascension.embedded.engines.seaweedfs import SeaweedFS
from ascension.embedded.engines.valkey import Valkey
from ascension.embedded.layout import Home
from ascension.embedded.record import Record, end_orphans

Say = Callable[[str, float], None]


def _silent(_part: str, _seconds: float) -> None:
    """Say nothing."""


class Stack:
    """The three engines of one home. `durable=False` spares the disk: for tests, which lose nothing by it.

    `events_url` is where storage tells the API of objects that were created.
    """

    def __init__(
        self,
        home: Home,
        web_origins: Sequence[str] = ("http://localhost:8080",),
        *,
        durable: bool = True,
        events_url: str | None = None,
    ) -> None:
        self.home = home
        self.record = Record(home)
        self._web_origins = web_origins
        self._durable = durable
        self._events_url = events_url
        self._engines: dict[str, Engine] = {}
        self._backup: Path | None = None

    async def hold(self) -> list[str]:
        """Take the home for this process and end what a killed one left running there; its parts' names.

        Raises SetupError where another process holds the home.
        """
        self.home.create()
        self.record.acquire()
        orphans = await asyncio.to_thread(end_orphans, self.home)
        await asyncio.to_thread(swap.finish, self.home)
        self.home.rotate_logs()
        return orphans

    async def start(self, say: Say = _silent, *, migrating: bool = True) -> None:
        """Start all three engines and migrate. Raises SetupError, with nothing left running.

        Without `migrating` the tables stay as they are, or are not there: for a backup and its return.
        """
        try:
            await self._start(say, migrating=migrating)
        except BaseException:
            await self.stop()
            raise

    async def _start(self, say: Say, *, migrating: bool) -> None:
        if not self.record.held:
            await self.hold()
        secrets, programs, ports = self.home.secrets(), locate(self.home), self.home.choose_ports()
        self.mail_port, self.phone_api_port = ports.mail, ports.phone_api
        self.record.ports = {"postgres": ports.postgres, "valkey": ports.valkey, "s3": ports.s3}
        self.postgres = Postgres(self.home, programs.postgres, ports.postgres, secrets, self._durable)
        self.valkey = Valkey(self.home, programs.valkey, ports.valkey, secrets)
        self.seaweedfs = SeaweedFS(
            self.home, programs.weed, ports, secrets, self._web_origins, self._events_url
        )
        await together(
            self._start_postgres(say, migrating=migrating),
            self._start_valkey(say),
            self._start_seaweedfs(say),
        )

    async def _start_postgres(self, say: Say, *, migrating: bool) -> None:
        began = time.monotonic()
        await self.postgres.create_cluster()
        await self.add(self.postgres.program).start()
        await self.postgres.create_roles()
        say("postgres", time.monotonic() - began)
        if not migrating:
            return
        began = time.monotonic()
        self._backup = await upgrade.bring_up_to_date(self.home, self.postgres)
        say("migrations", time.monotonic() - began)

    async def _start_valkey(self, say: Say) -> None:
        say("valkey", await self.add(self.valkey.program).start())

    async def _start_seaweedfs(self, say: Say) -> None:
        took_s = await self.add(self.seaweedfs.program).start()
        await self.seaweedfs.allow_web_origins()
        await self.seaweedfs.set_retention()
        say("seaweedfs", took_s)

    async def confirm(self) -> Path | None:
        """What runs on the tables answers. Where an older release's were upgraded: their backup."""
        if self._backup is not None:
            await upgrade.keep(self.postgres)
        return self._backup

    async def take_back(self) -> Path | None:
        """What runs on the tables does not answer: an upgrade is undone, the backup of before it named."""
        if self._backup is not None:
            await upgrade.take_back(self.postgres)
        return self._backup

    def add(self, make_program: Callable[[], Program]) -> Engine:
        """Keep another part in this home's record; the caller starts it."""
        engine = Engine(make_program, on_change=self._note, home=self.home.path)
        self._engines[engine.name] = engine
        return engine

    def engine(self, name: str) -> Engine:
        """One part, to stop, kill or start it by itself."""
        return self._engines[name]

    @property
    def engines(self) -> list[Engine]:
        return list(self._engines.values())

    def _note(self) -> None:
        # A disk that fills up later must not stop what runs: then only the record is old.
        with suppress(OSError):
            self.record.write({name: pid for name, engine in self._engines.items() if (pid := engine.pid)})

    async def stop(self) -> None:
        """Stop all engines together; repeatable."""
        await asyncio.gather(*(engine.stop() for engine in self._engines.values()))
        self._leave()

    def kill(self) -> None:
        """End all at once, for a home that is thrown away: a clean stop takes 2 s and more."""
        for engine in self._engines.values():
            engine.kill()
        self._leave()

    def _leave(self) -> None:
        if "seaweedfs" in self._engines:
            self.seaweedfs.remove_sockets()
        self.record.release()

    def environment(self, role: str) -> dict[str, str]:
        """The settings of an `api` or a `worker` process on this stack; each gets only its own keys."""
        database_role, s3_name = {
            "api": (postgres.API, seaweedfs.API),
            "worker": (postgres.WORKER, seaweedfs.WORKER),
        }[role]
        key_id, secret = self.seaweedfs.keys(s3_name)
        environment = {
            "DATABASE_URL": self.postgres.url(database_role),
            "REDIS_URL": self.valkey.url(),
            "S3_ENDPOINT": self.seaweedfs.endpoint,
            "S3_PUBLIC_ENDPOINT": self.seaweedfs.endpoint,
            "S3_REGION": seaweedfs.REGION,
            "S3_BUCKET": seaweedfs.BUCKET,
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
            "ENVIRONMENT": "development",
        }
        if role == "api":
            if self._events_url:
                environment["UPLOAD_EVENT_SECRET"] = self.seaweedfs.event_secret
            secrets, former = self.home.secrets(), self.home.former_secrets()
            environment |= {"JWT_SECRET": secrets.jwt, "ACCOUNT_SECRET": secrets.account}
            if former.jwt:
                environment["JWT_SECRET_PREVIOUS"] = former.jwt
                environment["JWT_SECRET_PREVIOUS_UNTIL"] = former.jwt_until
            if former.account:
                environment["ACCOUNT_SECRET_PREVIOUS"] = former.account
            environment["WEB_ORIGINS"] = json.dumps(list(self._web_origins))
        return environment
