"""Who logs in to the database, and whose it is: the same on one machine, on staging, on a managed server."""

import base64
import hashlib
import hmac
from collections.abc import AsyncGenerator, Mapping
from typing import Literal

import psycopg
from psycopg import sql

MIGRATE, API, WORKER = "ascension_migrate", "ascension_api", "ascension_worker"

State = Literal["created", "changed", "as wanted"]


async def set_up(
    admin: psycopg.AsyncConnection, passwords: Mapping[str, str], database: str
) -> AsyncGenerator[tuple[str, State]]:
    """The roles with these passwords, and the database; what was done for each. Repeatable.

    `admin` is a superuser's, with autocommit.
    """
    found = await admin.execute("select rolname, rolpassword from pg_authid")
    verifiers = dict(await found.fetchall())
    for role, password in passwords.items():
        is_new = role not in verifiers
        if not is_new and _opens(password, verifiers[role] or ""):
            yield role, "as wanted"
            continue
        verb = sql.SQL("create role" if is_new else "alter role")
        await admin.execute(
            sql.SQL("{} {} login nosuperuser nocreatedb nocreaterole password {}").format(
                verb, sql.Identifier(role), sql.Literal(password)
            )
        )
        yield role, "created" if is_new else "changed"
    yield database, "created" if await create_database(admin, database) else "as wanted"


async def create_database(admin: psycopg.AsyncConnection, name: str, template: str = "template1") -> bool:
    """A database owned by the migration role that api and worker may only connect to; repeatable.

    Whether there was none before.
    """
    found = await admin.execute("select 1 from pg_database where datname = %s", (name,))
    is_new = await found.fetchone() is None
    if is_new:
        await admin.execute(
            sql.SQL("create database {} template {} owner {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(MIGRATE)
            )
        )
    await admin.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    await admin.execute(
        sql.SQL("grant connect on database {} to {}, {}").format(
            sql.Identifier(name), sql.Identifier(API), sql.Identifier(WORKER)
        )
    )
    return is_new


def _opens(password: str, verifier: str) -> bool:
    """Whether PostgreSQL's SCRAM verifier (RFC 5803) is that of this password."""
    try:
        kind, rest = verifier.split("$", 1)
        rounds_and_salt, keys = rest.split("$")
        rounds, salt = rounds_and_salt.split(":")
        stored = base64.b64decode(keys.split(":")[0])
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    except ValueError:
        return False
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return kind == "SCRAM-SHA-256" and hmac.compare_digest(hashlib.sha256(client_key).digest(), stored)
