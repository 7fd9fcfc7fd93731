"""What database and storage answer when they are asked."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import aiohttp
import psycopg

from ascension.audit.verification import Verdict as Chain
from ascension.audit.verification import verify
from ascension.embedded.security.situation import Finding, Situation, Verdict
from ascension.errors.base import ApiError
from ascension.infra.database.primary import Database

TIMEOUT_S: Final = 5
MAX_APART_S: Final = 2.0
BACKUP_DUE_H: Final = 26


def ask(situation: Situation, asked: str, statement: LiteralString) -> Finding | tuple[Any, ...]:
    """One row, or why there is none."""
    url = situation.database_url
    if url is None:
        return situation.missing(asked)
    try:
        with psycopg.connect(url, connect_timeout=TIMEOUT_S, options="-c statement_timeout=5s") as connection:
            row = connection.execute(statement).fetchone()
    except psycopg.Error as error:
        return Finding(Verdict.FAIL, asked, f"the database does not tell: {type(error).__name__}")
    return row or ()


def database_role(situation: Situation) -> Finding:
    asked = "pg_roles and pg_tables, as the API's role"
    row = ask(
        situation,
        asked,
        """
        select current_user::text, rolsuper, rolcreaterole or rolcreatedb or rolbypassrls or rolreplication,
            (select count(*) from pg_tables where tableowner = current_user),
            has_table_privilege('audit_log', 'insert, update, delete, truncate')
        from pg_roles where rolname = current_user
        """,
    )
    if isinstance(row, Finding):
        return row
    name, is_super, is_more, owned, may_change_log = row
    told = [
        text
        for is_so, text in (
            (is_super, "is a superuser"),
            (is_more, "may make roles or databases, or pass rules by"),
            (owned, f"owns {owned} tables"),
            (may_change_log, "may change the audit log"),
        )
        if is_so
    ]
    said = f"{name} {' and '.join(told)}" if told else f"{name} owns nothing and may only use the tables"
    return Finding(Verdict.FAIL if told else Verdict.PASS, asked, said)


def admins(situation: Situation) -> Finding:
    asked = "admins without a second factor"
    row = ask(
        situation,
        asked,
        """
        select count(*), count(*) filter (where not exists (
                select from totp_factors t where t.user_id = u.id and t.confirmed_at is not null)
            and not exists (select from passkeys p where p.user_id = u.id))
        from users u where role = 'admin'
        """,
    )
    if isinstance(row, Finding):
        return row
    count, without = row
    return situation.judge(holds=not without, asked=asked, answered=f"{without} of {count}")


def clock(situation: Situation) -> Finding:
    """Tokens and lockouts lean on clocks that agree."""
    asked = "the database's clock beside this machine's"
    row = ask(situation, asked, "select clock_timestamp()")
    if isinstance(row, Finding):
        return row
    apart_s = abs((row[0] - datetime.now(UTC)).total_seconds())
    said = f"less than {MAX_APART_S:g} s apart" if apart_s < MAX_APART_S else f"{apart_s:.0f} s apart"
    return situation.judge(holds=apart_s < MAX_APART_S, asked=asked, answered=said)


def audit_log(situation: Situation) -> Finding:
    asked = "every digest of the audit log, computed anew"
    if situation.database_url is None:
        return situation.missing(asked)
    try:
        verdict = asyncio.run(_verify(situation.database_url))
    except ApiError as error:
        return Finding(Verdict.FAIL, asked, error.detail)
    if verdict.fault:
        return Finding(Verdict.FAIL, asked, verdict.fault)
    count = verdict.head.position - verdict.after.position
    return Finding(Verdict.PASS, asked, f"{count} entries follow from one another")


async def _verify(url: str) -> Chain:
    async with Database(url, pool_size=1, application="ascension-doctor") as database:
        return await verify(database)


def bucket(situation: Situation) -> Finding:
    """A stranger asks for the list of objects: that must be refused."""
    asked = "a list of the bucket's objects, without a key"
    endpoint, name = situation.variables.get("S3_ENDPOINT"), situation.variables.get("S3_BUCKET")
    if not endpoint or not name:
        return situation.missing(asked)
    try:
        status = asyncio.run(_status(f"{endpoint.rstrip('/')}/{name}"))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Finding(Verdict.FAIL, asked, f"storage does not answer: {type(error).__name__}")
    return Finding(Verdict.PASS if status in (401, 403) else Verdict.FAIL, asked, f"HTTP {status}")


async def _status(url: str) -> int:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
        return answer.status


def backups(situation: Situation) -> Finding:
    asked = "the newest *.backup of --backups"
    if situation.backups is None:
        return situation.unseen(asked, "no directory was told")
    try:
        newest = max((file.stat().st_mtime for file in situation.backups.glob("*.backup")), default=None)
    except OSError as error:
        return Finding(Verdict.FAIL, asked, f"cannot be read: {type(error).__name__}")
    if newest is None:
        return situation.judge(holds=False, asked=asked, answered="there is none")
    hours = (situation.now.timestamp() - newest) / 3600
    said = f"{hours:.0f} h old; not encrypted by us: it belongs on an encrypted disk"
    return situation.judge(holds=hours <= BACKUP_DUE_H, asked=asked, answered=said)
