"""The commands that run the whole platform here: up, status, stop, logs, reset, migrate, doctor.

What only one of them needs is imported in it: `status` answers at once, `doctor` where a library is broken.
"""

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import psutil
import typer

from ascension.embedded.layout import Home
from ascension.embedded.record import ProcessId, Run, end_orphans, is_held, passing_holder
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import missing_library

if TYPE_CHECKING:
    from ascension.embedded.lan.doors import Doors
    from ascension.embedded.supervisor import Supervisor

EXIT_SETUP, EXIT_NOT_RUNNING = 1, 3
STAGING_URL = "https://staging.ascension.app"
STOP_TIMEOUT_S = 60.0
UNUSABLE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "a file may not become that large here",
    errno.EROFS: "it is read-only",
    errno.EACCES: "this account may not",
    errno.EPERM: "this account may not",
    errno.ENOTDIR: "a part of its path is no directory",
    errno.ENAMETOOLONG: "a name in its path is too long",
}


def register(app: typer.Typer) -> None:
    """Add these commands to the `ascension` program."""
    for command in (up, status, stop, logs, reset, migrate, doctor):
        app.command()(command)


@contextmanager
def plain_errors() -> Generator[None]:
    """Turn what this machine lacks into one sentence and exit code 1."""
    try:
        yield
    except SetupError as error:
        sentence = error.detail
    except ImportError as error:
        sentence = missing_library(str(error)) or f"{error}: run `make up`, which installs what is missing."
    except UnicodeEncodeError:
        sentence = "A word of the command is not valid UTF-8: write it anew."
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise
        sentence = f"{error.filename or 'The state directory'} cannot be used: {UNUSABLE[error.errno]}."
    else:
        return
    typer.secho(f"ascension: {sentence}", fg="red", err=True)
    raise typer.Exit(EXIT_SETUP)


def up(
    lan: Annotated[
        bool, typer.Option("--lan", help="Let phones in the local network in, over https; as LAN=1.")
    ] = False,
) -> None:
    """Run the whole platform here until Ctrl-C: engines, migrations, API and one worker.

    API_PORT and API_HOST choose where the API listens (127.0.0.1:8080), ASCENSION_HOME where the state lies.
    LAN=192.168.1.20 names the address that phones come to, LAN_PORT its first port (8443).
    """
    with plain_errors():
        doors = _doors(asked=lan)
        asyncio.run(supervisor_of(Home.find(os.environ), doors).run())


def _doors(*, asked: bool) -> "Doors | None":
    """Where phones come in; None: they do not. Raises SetupError."""
    from ascension.embedded.lan.doors import Doors, choose, is_wanted
    from ascension.infra.settings import LanSettings, read

    settings = read(LanSettings)
    if not is_wanted(settings.lan) and not asked:
        return None
    host, others = choose(settings.lan if is_wanted(settings.lan) else "1")
    for other in others:
        typer.echo(f"Phones come to {host}; {other.host} ({other.interface}) is possible: LAN={other.host}")
    return Doors(host, settings.lan_port)


def supervisor_of(home: Home, doors: "Doors | None" = None) -> "Supervisor":
    """What runs the platform of this home with the environment's settings. Raises SetupError.

    doors: where phones in the local network come in.
    """
    from ascension.embedded.supervisor import Address, Supervisor
    from ascension.infra.settings import ApiSettings, read

    reach_loopback_directly()
    settings = read(ApiSettings)
    address = Address(settings.api_host, settings.api_port)
    origins = list(settings.web_origins) if "WEB_ORIGINS" in os.environ else address.origins
    return Supervisor(home, address, origins, os.environ, typer.echo, doors)


def reach_loopback_directly() -> None:
    """Except this machine from the proxies of the environment, for us and for the parts that inherit it."""
    for name in ("no_proxy", "NO_PROXY"):  # some libraries look at the one, some at the other
        others = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*others, "127.0.0.1", "localhost", "::1"]))


def status() -> None:
    """Say which parts run: process, port, since when, memory. Exit code 3 when nothing runs."""
    with plain_errors():
        home = Home.find(os.environ)
        run = Run.read(home.run_file)
        held = is_held(home)
        if doing := passing_holder(home):
            typer.echo(f"{doing}.")
        if run is None or not (held or _living(run)):
            typer.echo(f"Ascension is not running (state in {home.path}).")
            raise typer.Exit(EXIT_NOT_RUNNING)
        typer.echo(f"{run.address or 'engines only'}   state in {home.path}")
        if run.lan:
            typer.echo(f"phones: {run.lan['app']}, to trust it first: {run.lan['page']}")
        if not held:
            typer.echo("Its supervisor was killed; `ascension stop` ends what is left.")
        typer.echo(f"  {'part':<12}{'process':>9}{'port':>8}{'since':>22}{'memory':>10}")
        api_port = urlsplit(run.address).port if run.address else None
        ports = {**run.ports, "seaweedfs": run.ports.get("s3"), "api": api_port}
        for name, part in run.parts.items():
            typer.echo(_status_line(name, part, ports.get(name)))
        typer.echo(f"  disk        {_disk_line(home)}")


def _living(run: Run) -> list[psutil.Process]:
    return [process for part in run.parts.values() if (process := part.find())]


def _status_line(name: str, part: ProcessId, port: int | None) -> str:
    process = part.find()
    if process is None:
        return f"  {name:<12}{'ended':>9}"
    since = datetime.fromtimestamp(part.created_at_s, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    family = [process, *process.children(recursive=True)]
    memory_mb = sum(member.memory_info().rss for member in family) / 1e6
    return f"  {name:<12}{process.pid:>9}{port or '':>8}{since:>22}{memory_mb:>7.0f} MB"


def _disk_line(home: Home) -> str:
    from ascension.embedded.disk import usage_by_part

    used = [f"{name} {size / 1e6:.0f} MB" for name, size in usage_by_part(home).items() if size]
    return f"{', '.join(used)}; {shutil.disk_usage(home.path).free / 1e9:.1f} GB free"


def stop() -> None:
    """Stop the platform that runs here, wherever it was started from."""
    with plain_errors():
        home = Home.find(os.environ)
        run = Run.read(home.run_file)
        if run and is_held(home) and (owner := run.owner.find()):
            owner.terminate()
            deadline = time.monotonic() + STOP_TIMEOUT_S
            while is_held(home):
                if time.monotonic() > deadline:
                    raise SetupError(f"It did not stop within {STOP_TIMEOUT_S:.0f} s (process {owner.pid}).")
                time.sleep(0.05)
            typer.echo("Stopped; everything is kept.")
        elif left := end_orphans(home):
            typer.echo(f"Ended what a killed run left behind: {', '.join(left)}.")
        else:
            typer.echo("Nothing was running.")


def logs(
    part: Annotated[
        str | None, typer.Argument(help="api, worker, postgres, valkey, seaweedfs; caddy, phone-api.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on printing what comes.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines of the past.")] = 50,
) -> None:
    """Print the parts' logs of this run."""
    with plain_errors():
        files = {log.stem: log for log in sorted(Home.find(os.environ).logs.glob("*.log"))}
        if not files:
            raise SetupError("There are no logs yet: nothing was started here.")
        if part is not None and part not in files:
            raise SetupError(f"There is no log of {part!r}; there are: {', '.join(files)}.")
        chosen = {part: files[part]} if part else files
        ends = {
            name: _print_past(name if len(chosen) > 1 else "", log, lines) for name, log in chosen.items()
        }
        while follow:
            time.sleep(0.3)
            for name, log in chosen.items():
                ends[name] = _print_from(name if len(chosen) > 1 else "", log, ends[name])


def _print_past(name: str, log: Path, lines: int) -> int:
    content = log.read_bytes()
    for line in content.decode(errors="replace").splitlines()[-lines or len(content) :]:
        typer.echo(f"{name:<11} {line}" if name else line)
    return len(content)


def _print_from(name: str, log: Path, offset: int) -> int:
    size = log.stat().st_size if log.exists() else 0
    if size < offset:  # a new run began a new file
        offset = 0
    if size == offset:
        return offset
    with log.open("rb") as stream:
        stream.seek(offset)
        text = stream.read(size - offset).decode(errors="replace")
    for line in text.splitlines():
        typer.echo(f"{name:<11} {line}" if name else line)
    return size


def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove every account, video and analysis of the platform on this machine."""
    with plain_errors():
        home = Home.find(os.environ)
        if is_held(home):
            raise SetupError(passing_holder(home) or "It is running: `ascension stop` first.")
        if not home.path.exists():
            typer.echo(f"There is nothing at {home.path}.")
            return
        if not (home.path / "secrets.json").exists():
            raise SetupError(f"{home.path} is not a state directory of Ascension: nothing was removed.")
        if not yes:
            typer.confirm(f"Remove everything in {home.path}, for good?", abort=True)
        end_orphans(home)
        shutil.rmtree(home.path)
        typer.echo(f"Removed {home.path}.")


def migrate(
    command: Annotated[str, typer.Argument(help="migrate, rollback or status.")] = "migrate",
) -> None:
    """Bring the database to this release's schema: DATABASE_URL's if set, else the platform running here."""
    with plain_errors():
        from ascension.embedded.connections import own_database_url
        from ascension.embedded.migrations import migrate as apply_migrations
        from ascension.infra.database.roles import MIGRATE

        if command not in ("migrate", "rollback", "status"):
            raise SetupError(f"{command!r} is not one of migrate, rollback and status.")
        url = os.environ.get("DATABASE_URL") or own_database_url(Home.find(os.environ), MIGRATE)
        typer.echo(asyncio.run(apply_migrations(url, command=command)) or "The schema is up to date.")


def doctor(
    security: Annotated[
        bool, typer.Option("--security", help="What protects the platform, each point with evidence.")
    ] = False,
    backups: Annotated[
        Path | None, typer.Option(metavar="DIRECTORY", help="With --security: where backups lie.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --security and --env: one JSON object.")
    ] = False,
    env: Annotated[
        Literal["staging"] | None,
        typer.Option(help="Not this machine: the hosts of staging, item by item of the checklist."),
    ] = None,
    url: Annotated[str, typer.Option(help="With --env: where users come in.")] = STAGING_URL,
    inventory: Annotated[
        Path | None, typer.Option(help="With --env: Ansible's, for ssh to its hosts.")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(help="With --env: api=ADDRESS, database=, worker=.")
    ] = None,
    probe: Annotated[
        Path | None, typer.Option(help="With --env: e-mail and password of an account that tries it.")
    ] = None,
    ca: Annotated[Path | None, typer.Option(help="With --env: who vouches for the certificate.")] = None,
    version: Annotated[str | None, typer.Option(help="With --env: what should run there.")] = None,
) -> None:
    """Look at this machine and say what is missing for which command. Exit code 1 if something needed is."""
    with plain_errors():
        if env:
            from ascension.embedded.commands.staging import tell_staging

            tell_staging(
                url,
                inventory=inventory,
                hosts=host or (),
                probe=probe,
                authority=ca,
                version=version,
                as_json=as_json,
            )
            return
        if security:
            from ascension.embedded.commands.security import tell_security

            tell_security(backups, as_json=as_json)
            return
        from ascension.embedded.commands.doctor import Level, examine

        colors = {Level.GOOD: "green", Level.WARN: "yellow", Level.FAIL: "red"}
        findings = examine(os.environ)
        for finding in findings:
            mark = typer.style(finding.level.value, fg=colors[finding.level])
            typer.echo(f"  {mark}  {finding.subject:<14} {finding.text}")
        if any(finding.level is Level.FAIL for finding in findings):
            raise typer.Exit(EXIT_SETUP)
