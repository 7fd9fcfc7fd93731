#!/usr/bin/env python3
"""Keep the database elsewhere, encrypted, and show that it can be had back.

    backup.py run             a backup (--full: of everything), and all read back; only then older ones go
    backup.py verify          read every file of the repository
    backup.py expire          what is older than is kept goes, if all that stays is whole
    backup.py status          what there is and how old it is, as JSON; figures for the node exporter
    backup.py restore --to latest | 2026-11-23T14:05:00Z     into an empty data directory (--replace: or not)
    backup.py drill           into a server of its own: rows counted, somebody logs in and reads; then it goes
    backup.py objects         saved videos and pictures into a second bucket

Standard library only: on the day it is needed, it may be all that there is.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from probing import newest_release, read_as_user
from programs import FailedError, alone
from records import Records
from repository import Repository, Server
from scratch import STARTED_WITHIN_S, compare_rows, restored, wait_for

SETTINGS = Path("/etc/ascension/backup.json")
LATEST = "latest"
COPIED_WITHIN_S = 12 * 3600
NO_ANSWER = 2
"""Of pg_isready; 1 is a server that starts."""
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)")
# of what is written to the log so that its age says whether it is carried away, also where nobody climbs
MARK = "select pg_logical_emit_message(true, 'ascension-backup', 'seen')"
ARCHIVED = """
select coalesce(extract(epoch from last_archived_time), 0),
    (coalesce(last_failed_time, '-infinity') > coalesce(last_archived_time, '-infinity'))::int
from pg_stat_archiver
"""


def run(server: Server, told: dict[str, Any], *, is_full: bool = False) -> None:
    repository = Repository(server)
    made = repository.add(time.time(), is_full=is_full)
    told.update(label=made.label, kind=made.kind, bytes=made.bytes_stored)
    with Records(server).of("verify"):
        repository.verify()
    repository.expire()


def verify(server: Server, told: dict[str, Any]) -> None:
    Repository(server).verify()
    told["whole"] = True


def expire(server: Server, told: dict[str, Any]) -> None:
    repository = Repository(server)
    repository.verify()
    repository.expire()
    told["kept"] = [one.label for one in repository.backups()]


def status(server: Server, told: dict[str, Any]) -> None:
    """What is told stands in the figures even where the repository or the server does not answer."""
    records, now = Records(server), {"repository_up": 0.0}
    told.update({word: {**vars(record)} for word, record in records.read().items()})
    try:
        server.sql(MARK)
        archived_at, has_failed = server.sql(ARCHIVED).split("|")
        now.update(wal_archived_seconds=float(archived_at), wal_failed=float(has_failed))
        backups = Repository(server).backups()
        now["repository_up"] = 1.0
        if backups:
            now.update(newest_seconds=backups[-1].ended_at, oldest_seconds=backups[0].ended_at)
        now.update(backups=len(backups), repository_bytes=sum(one.bytes_stored for one in backups))
        told["backups"] = [{"label": one.label, "ended_at": one.ended_at} for one in backups]
    finally:
        records.tell(now)
        told["now"] = now


def drill(server: Server, told: dict[str, Any]) -> None:
    began = time.monotonic()
    counted = [one for one in Repository(server).backups() if "point" in one.counted]
    if not counted:
        raise FailedError("No backup says how many rows it has: `backup.py run` first.")
    newest = counted[-1]
    at_point = (
        *("--type=name", f"--target={newest.counted['point']}"),
        *("--target-timeline=current", f"--set={newest.label}"),
    )
    with restored(server, "drill", *at_point) as scratch:
        told.update(label=newest.label, restored_s=round(time.monotonic() - began, 1))
        told["rows"] = compare_rows(scratch, newest.counted["rows"])
        release = newest_release(server)
        told.update(analysis=read_as_user(scratch, release), release=release.name)
    told["minutes"] = round((time.monotonic() - began) / 60, 2)


def objects(server: Server, told: dict[str, Any]) -> None:
    """By the release's own command, whose settings are this process's environment."""
    done = subprocess.run(
        [str(newest_release(server) / "bin/ascension"), "storage", "copy", "--json"],
        capture_output=True,
        text=True,
        timeout=COPIED_WITHIN_S,
        check=False,
    )
    if done.returncode:
        raise FailedError((done.stderr or done.stdout).strip()[-700:])
    told.update(json.loads(done.stdout))


def restore(server: Server, told: dict[str, Any], to: str, *, replace: bool) -> None:
    """Put a moment in force in the real place, and erase again who was erased after it."""
    began = time.monotonic()
    options = target_of(to)
    require_stopped(server)
    if any(server.data.iterdir()) and not replace:
        raise FailedError(
            f"{server.data} is not empty: move it away, or say --replace to lose what is in it."
        )
    erased = server.state / "erased.json"
    if to != LATEST:  # what was erased since then, the end of the log knows
        with restored(server, "erasures") as scratch:
            told["erasures"] = json.loads(list_erasures(scratch, erased))["erasures"]
    for found in server.data.iterdir():
        shutil.rmtree(found) if found.is_dir() and not found.is_symlink() else found.unlink()
    Repository(server).restore(server.data, *options)
    started = subprocess.run(
        server.start, capture_output=True, text=True, timeout=STARTED_WITHIN_S, check=False
    )
    if started.returncode:
        raise FailedError(f"It is restored, but does not start: {started.stderr.strip()[-500:]}")
    wait_for(server)
    if to != LATEST:
        told.update(json.loads(erasures(server, "apply", erased)))
        erased.unlink()
    if server.stop:
        server.run(*server.stop, within_s=STARTED_WITHIN_S)
    told.update(to=to, minutes=round((time.monotonic() - began) / 60, 2))


def require_stopped(server: Server) -> None:
    """Raises FailedError: a server runs on these files; one of another container is seen at its socket."""
    if not server.data.is_dir():
        raise FailedError(f"There is no directory {server.data}.")
    asked = ("pg_isready", "-q", "-h", str(server.sockets), "-p", str(server.port), "-d", server.database)
    if (
        server.ask(str(server.programs / "pg_ctl"), "status", "-D", str(server.data)).returncode == 0
        or server.ask(str(server.programs / asked[0]), *asked[1:]).returncode < NO_ANSWER
    ):
        raise FailedError(f"A server runs on {server.data}: stop it first.")


def target_of(to: str) -> tuple[str, ...]:
    """As pgBackRest wants it. Raises FailedError: no moment, or one without its zone."""
    if to == LATEST:
        return ()
    found = MOMENT.fullmatch(to)
    if found is None:
        raise FailedError(f"{to} is no moment with its zone, as 2026-11-23T14:05:00Z is; or say `latest`.")
    day, clock, zone = found.groups()
    return ("--type=time", f"--target={day} {clock}{'+00' if zone == 'Z' else zone}")


def erasures(server: Server, word: str, file: Path) -> str:
    """`list`: written from the server's rows; `apply`: carried out on it. By the release's own command."""
    url = f"postgresql://{server.account}@/{server.database}?host={server.sockets}&port={server.port}"
    return server.run(
        *("env", f"DATABASE_URL={url}", str(newest_release(server) / "bin/ascension")),
        *("erasures", word, str(file), "--json"),
    )


def list_erasures(scratch: Server, file: Path) -> str:
    file.touch(mode=0o600)
    scratch.own(file)
    return erasures(scratch, "list", file)


WORDS: dict[str, Callable[[Server, dict[str, Any]], None]] = {
    "verify": verify,
    "expire": expire,
    "drill": drill,
    "objects": objects,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("word", choices=("run", *WORDS, "restore", "status"))
    parser.add_argument("--to", metavar="TIME", help="a moment with its zone, or `latest`")
    parser.add_argument("--full", action="store_true", help="run: of everything, not of what changed")
    parser.add_argument("--replace", action="store_true", help="what is in the data directory is lost")
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    said = parser.parse_args(arguments)
    if (said.word == "restore") != (said.to is not None):
        parser.error("`restore --to latest`, or `--to` with a moment; other words take none.")
    told: dict[str, Any] = {}
    try:
        server = Server.read(said.settings)
        if said.word == "status":
            status(server, told)
        else:
            lock = server.state / ("objects.lock" if said.word == "objects" else "database.lock")
            with alone(lock, "Another backup, restore or drill is under way here."):
                server.own(lock)
                with Records(server).of(said.word) as written:
                    if said.word == "restore":
                        restore(server, written, said.to, replace=said.replace)
                    elif said.word == "run":
                        run(server, written, is_full=said.full)
                    else:
                        WORDS[said.word](server, written)
                    told = written
    except (FailedError, OSError, subprocess.TimeoutExpired) as error:
        print(f"backup: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"event": said.word, "process": "backup", **told}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
