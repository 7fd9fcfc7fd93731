"""Apply migrations/*.sql with dbmate, as the role that owns the tables."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from ascension.embedded.layout import PROJECT_ROOT
from ascension.embedded.programs import dbmate
from ascension.errors import SetupError

MIGRATIONS = PROJECT_ROOT / "migrations"
TIMEOUT_S = 120
# Not the `.env` of whatever directory we are in; two migrations at once take turns.
OPTIONS = ("--env-file=/dev/null", "--no-dump-schema", "--migration-lock")
# A migration that would wait behind live traffic gives up instead of blocking everyone behind it.
SESSION_LIMITS = "-c lock_timeout=4s -c statement_timeout=30s"


async def migrate(database_url: str, directory: Path = MIGRATIONS, command: str = "migrate") -> str:
    """Bring the database to the newest version; what dbmate said. Raises SetupError with its words.

    `database_url` is given by environment, because arguments are visible to everyone on the machine.
    """
    process = await asyncio.create_subprocess_exec(
        str(dbmate()),
        *OPTIONS,
        f"--migrations-dir={directory}",
        command,
        env={"DATABASE_URL": database_url, "PGOPTIONS": SESSION_LIMITS, **_encryption(database_url)},
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
    text = output.decode(errors="replace").strip()
    if process.returncode:
        raise SetupError(f"The database migration failed: {text}")
    return text


def _encryption(database_url: str) -> dict[str, str]:
    """Dbmate insists on TLS unless told otherwise: the embedded server on loopback has none."""
    on_loopback = urlsplit(database_url).hostname in ("127.0.0.1", "::1", "localhost")
    return {"PGSSLMODE": "disable"} if on_loopback else {}
