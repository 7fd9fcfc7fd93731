"""The schema as text: what `pg_dump` says of a migrated database, without what differs from run to run.

`python -m tests.migrations.schema` writes it to migrations/schema.sql, so that a review shows what a
migration really changes.
"""

import asyncio
import os
import re
import subprocess
from urllib.parse import unquote, urlsplit

from ascension.embedded.engines import postgres
from ascension.embedded.engines.programs import pg_binaries
from ascension.embedded.migrations import MIGRATIONS
from ascension.embedded.stack import Stack
from tests.conftest import new_home, remove_home

SCHEMA = MIGRATIONS / "schema.sql"
HEADER = "-- Written by `python -m tests.migrations.schema` out of the migrations; never edited.\n\n"
DUMP_TIMEOUT_S = 60


def dump(database_url: str) -> str:
    """Tables, indexes, constraints and grants, without owners and the migration tool's own table."""
    url = urlsplit(database_url)
    shown = subprocess.run(
        [
            *(pg_binaries() / "pg_dump", "--schema-only", "--no-owner", "--exclude-table=schema_migrations"),
            *("--host", str(url.hostname), "--port", str(url.port), "--username", str(url.username)),
            url.path.removeprefix("/"),
        ],
        env={"PGPASSWORD": unquote(url.password or ""), "PGCONNECT_TIMEOUT": "5", "PATH": os.defpath},
        check=True,
        capture_output=True,
        text=True,
        timeout=DUMP_TIMEOUT_S,
    ).stdout
    return normalize(shown)


def normalize(dumped: str) -> str:
    """Without comments, session settings and psql commands, which name versions and random tokens."""
    kept = (
        line
        for line in dumped.splitlines()
        if not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    )
    return re.sub(r"\n{2,}", "\n\n", "\n".join(kept)).strip() + "\n"


async def migrated_schema() -> str:
    """The schema of an empty database, migrated on engines of its own."""
    home = new_home()
    stack = Stack(home, durable=False)
    await stack.start()
    try:
        return HEADER + await asyncio.to_thread(dump, stack.postgres.url(postgres.MIGRATE))
    finally:
        stack.kill()
        remove_home(home)


if __name__ == "__main__":
    SCHEMA.write_text(asyncio.run(migrated_schema()))
