"""`ascension up`: engines, API and worker in the foreground, restarted when they die, stopped in order."""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ascension.embedded.checks import (
    require_api_port,
    require_compute_modules,
    require_disk_space,
    require_lan_ports,
    require_open_files,
)
from ascension.embedded.disk import end_stuck_storage, look_after
from ascension.embedded.engines.caddy import Caddy
from ascension.embedded.engines.engine import Engine, Program, together
from ascension.embedded.engines.programs import locate_caddy
from ascension.embedded.lan.authority import authority_of
from ascension.embedded.lan.doors import Doors
from ascension.embedded.lan.welcome import welcome
from ascension.embedded.layout import PROJECT_ROOT, Home
from ascension.embedded.mail_server import MailServer
from ascension.embedded.stack import Stack
from ascension.errors.setup import SetupError
from ascension.infra.settings import UploadSettings, read

WORKER_DRAIN_S = 5.0  # then it hands its analysis back; whoever presses Ctrl-C waits no longer
WORKER_STOP_S = 25.0
API_STOP_S = 10.0
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 10.0
STABLE_S = 60.0  # after this long a part's earlier deaths are forgotten
READY_TIMEOUT_S = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Address:
    """Where the API listens and what a person opens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        local = self.host in ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104 (compared, not bound)
        return f"http://{'localhost' if local else self.host}:{self.port}"

    @property
    def origins(self) -> list[str]:
        """The pages that may use this API and upload to its storage."""
        return list(dict.fromkeys([self.url, f"http://127.0.0.1:{self.port}"]))


class Supervisor:
    """One run of the whole platform on this machine."""

    def __init__(
        self,
        home: Home,
        address: Address,
        origins: list[str],
        inherited: Mapping[str, str],
        say: Say,
        doors: Doors | None = None,
    ) -> None:
        """`doors`: where phones come in, if they do."""
        self._home = home
        self._address = address
        self._doors = doors
        self._inherited = _without_credentials(inherited)
        self._say = say
        pages = [*origins, doors.app_url] if doors else origins
        self._stack = Stack(home, pages, events_url=f"{address.url}/api/v1/storage-events")
        self._stack.record.address = address.url
        if doors:
            self._stack.record.lan = {"app": doors.app_url, "page": doors.page_url}
        self._mail: MailServer | None = None
        self._stop_requested = asyncio.Event()

    async def run(self, *, only_once: bool = False) -> None:
        """Start everything, keep it running until a signal, stop everything. Raises SetupError.

        With `only_once` it stops as soon as everything has answered: an upgrade, for example.
        """
        if only_once:
            self._stack.record.doing = f"The platform in {self._home.path} is being upgraded"
        self._listen_for_signals()
        stopping = asyncio.create_task(self._stop_requested.wait())
        try:
            await self._until_done_or(stopping, [self._start(only_once=only_once)])
            if not only_once and not self._stop_requested.is_set():
                kept_bytes = read(UploadSettings).upload_disk_kept_bytes
                await self._until_done_or(
                    stopping,
                    [
                        look_after(self._home, kept_bytes, self._say, self._on_room),
                        *(self._keep(engine) for engine in self._stack.engines),
                    ],
                )
        finally:
            stopping.cancel()
            await self._stop()

    async def _until_done_or(
        self, stopping: asyncio.Task[bool], work: list[Coroutine[object, object, None]]
    ) -> None:
        """Wait for the first of `work` to end, or for the wish to stop; its error is raised."""
        tasks = [asyncio.create_task(part) for part in work]
        try:
            done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self._stop_requested.is_set():
            self._say(
                "stopping now, without waiting for the analysis at work (it is taken up again next time)"
            )
            for engine in self._stack.engines:
                if engine.name in ("api", "phone-api", "worker"):
                    engine.kill()
        self._stop_requested.set()

    async def _start(self, *, only_once: bool) -> None:
        began = time.monotonic()
        if orphans := await self._stack.hold():
            self._say(f"ended what an earlier run left behind: {', '.join(orphans)}")
        require_open_files()
        require_disk_space(self._home.path)
        require_api_port(self._address.host, self._address.port)
        if self._doors:
            require_lan_ports(self._doors)
        shutil.rmtree(self._home.scratch, ignore_errors=True)
        self._home.scratch.mkdir(mode=0o700)
        await together(self._stack.start(self._tell), require_compute_modules())
        await self._start_mail()
        is_upgraded = await self._start_parts()
        phones = await self._let_phones_in(self._doors) if self._doors else ""
        took_s = time.monotonic() - began
        if only_once:
            nothing = "" if is_upgraded else "Nothing to upgrade, the database is at this release. "
            self._say(f"  {nothing}All parts answered after {took_s:.1f} s")
        else:
            self._say(f"\nOpen {self._address.url}   (ready after {took_s:.1f} s; Ctrl-C stops)")
            if self._mail is not None:
                self._say(f"Letters it sends stay here: {self._address.url}/mails")
            if phones:
                self._say(phones)

    async def _let_phones_in(self, doors: Doors) -> str:
        """An API of their own, which alone believes the proxy who it is that asks, and the proxy.

        What a person with a phone is told.
        """
        await self._start_part(self._stack.add(partial(self._phone_api, doors)))
        authority = authority_of(self._home, datetime.now(UTC))
        self._stack.record.ports["caddy"] = doors.port
        caddy = Caddy(
            self._home,
            locate_caddy(self._home),
            doors,
            authority,
            api_port=self._stack.phone_api_port,
            s3_port=self._stack.record.ports["s3"],
        )
        await self._start_part(self._stack.add(caddy.program))
        return welcome(doors, authority)

    async def _start_mail(self) -> None:
        """A mail server of our own, where none is set."""
        if "SMTP_URL" in self._inherited:
            return
        self._mail = MailServer(self._home.mails, self._stack.mail_port)
        try:
            await self._mail.start()
        except OSError as error:
            raise SetupError(f"The mail server does not start: {error.strerror}.") from error

    async def _start_parts(self) -> bool:
        """API and worker. Where they do not answer on tables that were just upgraded, that is undone.

        True where tables of an older release were there, and are kept upgraded.
        """
        parts = [self._stack.add(part) for part in (self._api, self._worker)]
        try:
            await together(*(self._start_part(part) for part in parts))
        except SetupError as error:
            for part in parts:
                part.kill()
            if (backup := await self._stack.take_back()) is None:
                raise
            raise SetupError(
                f"This release does not start on the state that is here, so the upgrade was undone: the "
                f"release before runs on as it did. (A backup lies in {backup}.) {error.detail}"
            ) from error
        backup = await self._stack.confirm()
        if backup is not None:
            self._say(f"  The database was brought to this release; the one before lies in {backup}")
        return backup is not None

    async def _start_part(self, engine: Engine) -> None:
        self._tell(engine.name, await engine.start())

    def _tell(self, part: str, seconds: float) -> None:
        self._say(f"  {part:<12}{seconds:6.2f} s")

    async def _on_room(self) -> None:
        await end_stuck_storage(self._stack.engine("seaweedfs"), self._say)

    async def _keep(self, engine: Engine) -> None:
        """Start a part again whenever it ends, after a growing pause."""
        delay_s, began = FIRST_DELAY_S, time.monotonic()
        while True:
            status = await engine.wait()
            if time.monotonic() - began > STABLE_S:
                delay_s = FIRST_DELAY_S
            self._say(f"{engine.name} ended ({describe_exit(status)}); starting it again in {delay_s:g} s")
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, LONGEST_DELAY_S)
            try:
                self._say(f"{engine.name} is back after {await engine.start():.1f} s")
            except (SetupError, OSError) as error:  # tried again after the next pause
                self._say(str(error))
            began = time.monotonic()

    async def _stop(self) -> None:
        """The worker gives its job back first, while the engines still answer; then the engines."""
        parts = {engine.name: engine for engine in self._stack.engines}
        began = time.monotonic()
        if parts:
            self._say("stopping ...")
        drained = await asyncio.gather(
            *(parts[name].stop() for name in ("caddy", "worker", "api", "phone-api") if name in parts),
        )
        await self._stack.stop()
        if self._mail is not None:
            self._mail.stop()
        if parts:
            note = "" if all(drained) else " (a part had to be killed)"
            self._say(f"stopped after {time.monotonic() - began:.1f} s{note}; everything is kept")

    def _environment(self, role: str) -> dict[str, str]:
        more = {"PYTHONUNBUFFERED": "1"}
        if role == "api":
            more |= {"API_HOST": self._address.host, "API_PORT": str(self._address.port)}
            more["UPLOAD_DISK"] = str(self._home.path)
            if self._mail is not None:
                more |= {"SMTP_URL": self._mail.url, "MAIL_FROM": "Ascension <letters@localhost>"}
                more["MAILS_FOLDER"] = str(self._home.mails)
            for name, folder in (("WEB_ROOT", "web/dist"), ("EXAMPLES_ROOT", "examples")):
                if (PROJECT_ROOT / folder).is_dir() and name not in self._inherited:
                    more[name] = str(PROJECT_ROOT / folder)
        else:
            more["WORKER_SCRATCH"] = str(self._home.scratch)
            more["WORKER_DRAIN_S"] = str(WORKER_DRAIN_S)
        return {**self._inherited, **self._stack.environment(role), **more}

    def _api(self) -> Program:
        return self._api_program("api", self._address, self._environment("api"))

    def _phone_api(self, doors: Doors) -> Program:
        """The same platform, told as phones reach it: links to storage and cookies are of their addresses.

        Letters are kept from them: whoever is in the network could read them.
        """
        behind = Address("127.0.0.1", self._stack.phone_api_port)
        environment = {
            **self._environment("api"),
            "API_HOST": behind.host,
            "API_PORT": str(behind.port),
            "S3_PUBLIC_ENDPOINT": doors.storage_url,
            "TRUSTED_PROXIES": behind.host,
            "SECURE_COOKIES": "true",
        }
        environment.pop("MAILS_FOLDER", None)
        return self._api_program("phone-api", behind, environment)

    def _api_program(self, name: str, address: Address, environment: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            command=(sys.executable, "-P", "-m", "ascension.api"),
            environment=environment,
            directory=self._home.path,
            log=self._home.logs / f"{name}.log",
            is_ready=partial(_api_answers, address),
            stop_timeout_s=API_STOP_S,
            start_timeout_s=READY_TIMEOUT_S,
            start_attempts=1,
        )

    def _worker(self) -> Program:
        log = self._home.logs / "worker.log"
        earlier_bytes = log.stat().st_size if log.exists() else 0

        async def is_ready() -> bool:
            return _says_ready(log, earlier_bytes)

        return Program(
            name="worker",
            command=(sys.executable, "-P", "-m", "ascension.worker"),
            environment=self._environment("worker"),
            directory=self._home.path,
            log=log,
            is_ready=is_ready,
            stop_timeout_s=WORKER_STOP_S,
            start_timeout_s=READY_TIMEOUT_S,
            start_attempts=1,
        )


async def _api_answers(address: Address) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(host, address.port)
            try:
                writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def _says_ready(log: Path, earlier_bytes: int) -> bool:
    with log.open("rb") as stream:
        stream.seek(earlier_bytes)
        return b"worker_ready" in stream.read()


def _without_credentials(inherited: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment, less what would mix another installation's access into this one."""
    ours = ("JWT_SECRET", "ACCOUNT_SECRET", "DATABASE_URL", "REDIS_URL")
    return {k: v for k, v in inherited.items() if not k.startswith(("AWS_", "S3_", "PG")) and k not in ours}


def describe_exit(status: int) -> str:
    """How a process ended, for a person: its exit code or the signal's name."""
    return f"exit code {status}" if status >= 0 else signal.Signals(-status).name
