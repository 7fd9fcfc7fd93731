"""Apply migrations/*.sql with dbmate, as the role that owns the tables."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ascension.embedded.engines.programs import dbmate
from ascension.embedded.layout import PROJECT_ROOT
from ascension.errors.setup import SetupError

MIGRATIONS = PROJECT_ROOT / "migrations"
TIMEOUT_S = 120
CONNECT_TIMEOUT_S = 10  # of a server that takes connections and answers nothing
# Not the `.env` of whatever directory we are in; two migrations at once take turns.
OPTIONS = ("--env-file=/dev/null", "--no-dump-schema", "--migration-lock")
# A migration that would wait behind live traffic gives up instead of blocking everyone behind it: sooner than
# those behind it, who wait LOCK_TIMEOUT_MS of `infra/db.py`, so that none of them fails.
SESSION_LIMITS = "-c lock_timeout=2s -c statement_timeout=30s"
GAVE_UP = "lock timeout"
PAUSES_S = (1.0, 3.0, 6.0)
"""Between tries of a migration that gave up waiting: the transaction in its way may be a short one."""


def versions_in(directory: Path) -> set[str]:
    """The versions that a release brings."""
    return {file.name.partition("_")[0] for file in directory.glob("[0-9]*_*.sql")}


async def migrate(
    database_url: str,
    directory: Path = MIGRATIONS,
    command: str = "migrate",
    pauses_s: Sequence[float] = PAUSES_S,
) -> str:
    """Bring the database to the newest version; what dbmate said.

    `database_url` is given by environment, because arguments are visible to everyone on the machine.

    Raises:
        SetupError: what dbmate said; or that one table stayed in use, and what to do.
    """
    failed, said = await _run_dbmate(database_url, directory, command)
    for pause_s in pauses_s:
        if not failed or GAVE_UP not in said:
            break
        await asyncio.sleep(pause_s)
        failed, said = await _run_dbmate(database_url, directory, command)
    if failed and GAVE_UP in said:
        raise SetupError(
            f"The database migration gave up after {len(pauses_s) + 1} tries: another transaction keeps a"
            " table in use that it has to change. The change was taken back, changes before it stay, and the"
            " running release works on. Find the transaction with `select pid, xact_start, query from"
            " pg_stat_activity where xact_start is not null order by xact_start`, wait for it or end it, and"
            f" run `ascension migrate` again. It said: {said}"
        )
    if failed:
        raise SetupError(f"The database migration failed: {said}")
    return said


async def _run_dbmate(database_url: str, directory: Path, command: str) -> tuple[bool, str]:
    """Whether it failed, and its words. Raises SetupError when it does not end."""
    process = await asyncio.create_subprocess_exec(
        str(dbmate()),
        *OPTIONS,
        f"--migrations-dir={directory}",
        command,
        env={
            "DATABASE_URL": database_url,
            "PGCONNECT_TIMEOUT": str(CONNECT_TIMEOUT_S),
            "PGOPTIONS": SESSION_LIMITS,
            **_encryption(database_url),
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise SetupError(f"The database migration did not end within {TIMEOUT_S} s.") from None
    return process.returncode != 0, output.decode(errors="replace").strip()


def _encryption(database_url: str) -> dict[str, str]:
    """Dbmate insists on TLS unless told otherwise: the embedded server on loopback has none."""
    on_loopback = urlsplit(database_url).hostname in ("127.0.0.1", "::1", "localhost")
    return {"PGSSLMODE": "disable"} if on_loopback else {}
