"""The database server that is kept, and its backups in pgBackRest's repository, which lies elsewhere."""

import json
import os
import pwd
import re
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from programs import FailedError

FULL_EVERY_S = 6.5 * 86_400
"""One a week, whatever the second at which it began; all others hold what changed since the one before."""
BACKUP_WITHIN_S = 6 * 3600
COUNTED_WITHIN_S = 60
CARRIED_WITHIN_S = 60
SHORT_S = 300
ENDED_WITHIN_S = 30
ROWS = """
select coalesce(json_object_agg(table_name, (xpath('/row/n/text()', query_to_xml(
    format('select count(*) as n from %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint
    order by table_name), '{}')
from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE';
"""
# Quiet: in the snapshot nobody writes, and nothing came into the log between the look and the point.
ROWS_OF_A_MOMENT = f"""
select pg_current_wal_insert_lsn() as before \\gset
begin isolation level repeatable read;
select pg_snapshot_xmin(s) = pg_snapshot_xmax(s)
    and pg_wal_lsn_diff(pg_create_restore_point(:'point'), :'before') < 144 as is_quiet
from pg_current_snapshot() as s \\gset
\\if :is_quiet
{ROWS}
\\endif
commit;
"""


@dataclass(frozen=True)
class Server:
    """The server of this host and the programs around it."""

    data: Path
    port: int
    sockets: Path
    database: str
    stanza: str
    state: Path
    """Directory of what the programs remember."""
    figures: Path
    """For the node exporter's textfile collector."""
    releases: Path
    credentials: Path
    account: str
    programs: Path
    start: tuple[str, ...]
    stop: tuple[str, ...]
    """After a restore, where it is another container that serves; empty: what was started stays."""
    pgbackrest: tuple[str, ...]
    psql: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "Server":
        """Raises FailedError: the file is not as it is written when a host is set up."""
        try:
            told = json.loads(file.read_text())
            state = Path(told.get("state", "/var/lib/ascension/backup"))
            return cls(
                data=Path(told["data"]),
                port=int(told["port"]),
                sockets=Path(told["sockets"]),
                database=str(told["database"]),
                stanza=str(told["stanza"]),
                state=state,
                figures=Path(told.get("figures", state / "backup.prom")),
                releases=Path(told.get("releases", "/opt/ascension/releases")),
                credentials=Path(told.get("credentials", "/etc/ascension/credentials/backup")),
                account=str(told.get("account", "postgres")),
                programs=Path(told["programs"]),
                start=tuple(told["start"]),
                stop=tuple(told.get("stop", [])),
                pgbackrest=tuple(told.get("pgbackrest", ["pgbackrest"])),
                psql=tuple(told.get("psql", ["psql"])),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FailedError(f"{file} does not say what is backed up on this host ({error!r}).") from None

    def run(self, *command: str, told: str = "", within_s: float = SHORT_S) -> str:
        """As the account that owns the server's files. Raises FailedError with the end of what was said."""
        done = self.ask(*command, told=told, within_s=within_s)
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip())[-700:]
            raise FailedError(f"`{Path(command[0]).name} {words_of(command)}` failed: {said}")
        return done.stdout

    def ask(
        self, *command: str, told: str = "", within_s: float = SHORT_S
    ) -> "subprocess.CompletedProcess[str]":
        """Whatever it returns. Raises FailedError: it is not there, or does not end."""
        uid, gid, groups = self._owner()
        try:
            return subprocess.run(
                command,
                input=told,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=within_s,
                check=False,
                cwd="/",
                user=uid,
                group=gid,
                extra_groups=groups,
            )
        except FileNotFoundError:
            raise FailedError(f"{command[0]} is not installed on this host.") from None
        except subprocess.TimeoutExpired:
            raise FailedError(f"`{words_of(command)}` did not end within {within_s:g} s.") from None

    @contextmanager
    def running(
        self, *command: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> "Generator[subprocess.Popen[bytes]]":
        """As that account, until the block is left."""
        uid, gid, groups = self._owner()
        with log.open("wb") as written:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                cwd="/",
                user=uid,
                group=gid,
                extra_groups=groups,
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(ENDED_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _owner(self) -> tuple[int | None, int | None, list[int] | None]:
        """Account, group and groups for a process of root's; nothing where we are somebody else already."""
        if os.geteuid():
            return None, None, None
        entry = pwd.getpwnam(self.account)
        return entry.pw_uid, entry.pw_gid, os.getgrouplist(self.account, entry.pw_gid)

    def own(self, path: Path) -> Path:
        """Theirs, also where root made it."""
        uid, gid, _ = self._owner()
        if uid is not None and gid is not None:
            os.chown(path, uid, gid)
        return path

    def sql(self, statement: str, **variables: str) -> str:
        """What the database says, without decoration. Raises FailedError."""
        return self.run(
            *self.psql,
            *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.database),
            *("-h", str(self.sockets), "-p", str(self.port)),
            *(part for name, value in variables.items() for part in ("-v", f"{name}={value}")),
            told=statement,
        ).strip()


def words_of(command: Sequence[str]) -> str:
    """A command for a sentence: without its options, which may be many."""
    return " ".join(word for word in command[1:] if not word.startswith("-"))


@dataclass(frozen=True)
class Backup:
    """One in the repository. A label names its full one, too: `20261123-020000F_20261124-020000I`."""

    label: str
    kind: str
    ended_at: float
    bytes_stored: int
    counted: Mapping[str, str] = field(default_factory=dict[str, str])
    """`point`: the moment after it whose rows were counted; `rows`: how many each table had."""


@dataclass(frozen=True)
class Repository:
    """All backups of a server."""

    server: Server

    def call(self, command: str, *options: str, within_s: float = SHORT_S) -> str:
        """Raises FailedError with what pgBackRest said."""
        return self.server.run(
            *self.server.pgbackrest, f"--stanza={self.server.stanza}", command, *options, within_s=within_s
        )

    def backups(self) -> list[Backup]:
        """Oldest first. Raises FailedError: the repository does not answer, or is closed with another key."""
        # not strict: what it quotes of a file may hold anything
        [stanza] = json.loads(self.call("info", "--output=json"), strict=False)
        # 2: none yet
        if stanza["status"]["code"] not in (0, 2):
            told = [one["status"]["message"] for one in stanza.get("repo", [])] or [
                stanza["status"]["message"]
            ]
            raise FailedError(f"The repository cannot be read: {explained('; '.join(told))}")
        return [
            Backup(
                one["label"],
                one["type"],
                float(one["timestamp"]["stop"]),
                int(one["info"]["repository"]["delta"]),
                one.get("annotation") or {},
            )
            for one in stanza["backup"]
            if not one["error"]
        ]

    def add(self, now: float, *, is_full: bool = False) -> Backup:
        """A backup, full where the last full one is a week old; then the rows of a moment after it."""
        fulls = [one for one in self.backups() if one.kind == "full"]
        is_due = not fulls or now - fulls[-1].ended_at > FULL_EVERY_S
        kind = "full" if is_full or is_due else "incr"
        self.call("backup", f"--type={kind}", "--no-expire-auto", within_s=BACKUP_WITHIN_S)
        made = self.backups()[-1]
        point, rows = self._count(made.label)
        self.call(
            "annotate", f"--set={made.label}", f"--annotation=point={point}", f"--annotation=rows={rows}"
        )
        return self.backups()[-1]

    def _count(self, label: str) -> tuple[str, str]:
        """A named moment of the log and the rows that the database had in exactly that moment."""
        deadline, tries = time.monotonic() + COUNTED_WITHIN_S, 0
        while time.monotonic() < deadline:
            tries += 1
            point = f"counted-{label[-16:]}-{tries}"
            if rows := self.server.sql(ROWS_OF_A_MOMENT, point=point):
                self._carry_away()
                return point, rows
            time.sleep(0.05)
        raise FailedError(
            f"The backup is there, but in {COUNTED_WITHIN_S} s there was no moment without a writer in which "
            "its rows could be counted."
        )

    def _carry_away(self) -> None:
        """Until what was written so far lies in the repository, too. Raises FailedError."""
        segment = self.server.sql("select pg_walfile_name(pg_switch_wal())")
        deadline = time.monotonic() + CARRIED_WITHIN_S
        while self.server.sql("select coalesce(last_archived_wal, '') from pg_stat_archiver") < segment:
            if time.monotonic() > deadline:
                raise FailedError(f"The backup is there, but the log is not carried away ({segment}).")
            time.sleep(0.1)

    def verify(self) -> None:
        """Read every file of every backup and of the log. pgBackRest's exit code is 0 whatever it finds.

        Raises:
            FailedError: what is damaged, or that it could not be read.
        """
        expected = self.backups()
        said = self.call("verify", "--output=text", "--verbose", within_s=BACKUP_WITHIN_S)
        lines = [line.strip() for line in said.splitlines()]
        valid = {line.split(",")[0].removeprefix("backup: ") for line in lines if ", status: valid," in line}
        damaged = [one.label for one in expected if one.label not in valid]
        if "status: ok" not in lines or damaged:
            raise FailedError(f"The repository is damaged: {'; '.join(lines[1:]) or 'it could not be read'}.")
        if not expected:
            raise FailedError("There is no backup yet.")

    def expire(self) -> None:
        """What is older than is kept goes; call it after `verify` alone."""
        self.call("expire")

    def restore(self, target: Path, *options: str) -> None:
        """Into an empty directory; without options, all that was carried away. Raises FailedError."""
        promoted = ("--target-action=promote",) if options else ()
        self.call("restore", f"--pg1-path={target}", *promoted, *options, within_s=BACKUP_WITHIN_S)


def explained(said: str) -> str:
    """What is opened with another passphrase is no text, and pgBackRest names the first thing amiss in it."""
    if re.search(r"outside of section|cipher header invalid|unable to flush", said):
        return "it is closed with another passphrase than repo1-cipher-pass."
    return said
