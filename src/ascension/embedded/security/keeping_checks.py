"""Whether what should happen by itself does: keys change, what is due goes, letters leave, storage keeps."""

import asyncio
from datetime import datetime
from typing import Final

import aiosmtplib
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from ascension.accounts.mail.sending import MailServer
from ascension.embedded.security.engine_checks import TIMEOUT_S, ask
from ascension.embedded.security.situation import Finding, Situation, Verdict
from ascension.infra.settings import MailSettings, read

MAX_KEY_AGE_DAYS: Final = 365
LATE_H: Final = 24
NOT_SET: Final = frozenset(
    {"ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration"}
)


def keys(situation: Situation) -> Finding:
    """By the audit log: the last start with another key, else the first start of all."""
    asked = "the audit log, when the keys were others"
    row = ask(
        situation,
        asked,
        """
        select coalesce(
                max(at) filter (where action = 'key.rotated' and details->>'which' = 'signing_key'),
                min(at) filter (where action = 'platform.started')),
            coalesce(
                max(at) filter (where action = 'key.rotated' and details->>'which' = 'account_key'),
                min(at) filter (where action = 'platform.started'))
        from audit_log where action in ('key.rotated', 'platform.started')
        """,
    )
    if isinstance(row, Finding):
        return row
    ages = {"JWT_SECRET": _days(situation, row[0]), "ACCOUNT_SECRET": _days(situation, row[1])}
    known = {name: days for name, days in ages.items() if days is not None}
    if not known:
        return situation.unseen(asked, "no start is in the log")
    told = ", ".join(f"{name} {days} days" for name, days in known.items())
    is_fresh = max(known.values()) <= MAX_KEY_AGE_DAYS
    return Finding(Verdict.PASS if is_fresh else Verdict.WARN, asked, f"{told} old (a year at most)")


def _days(situation: Situation, at: datetime | None) -> int | None:
    return max(0, (situation.now - at).days) if at else None


def clearing(situation: Situation) -> Finding:
    """What is due to go and has not gone for a day: then nobody clears up."""
    asked = "videos and objects that should have gone a day ago"
    row = ask(
        situation,
        asked,
        """
        select (select count(*) from videos where state in ('uploading', 'uploaded') and saved_at is null
                and expires_at < now() - interval '1 day'),
            (select count(*) from object_deletions where not_before < now() - interval '1 day')
        """,
    )
    if isinstance(row, Finding):
        return row
    videos, objects = row
    return situation.judge(
        holds=not videos and not objects, asked=asked, answered=f"{videos} videos, {objects} objects"
    )


def letters(situation: Situation) -> Finding:
    asked = f"letters of the last {LATE_H} h"
    row = ask(
        situation,
        asked,
        """
        select count(*) filter (where outcome = 'given_up'),
            count(*) filter (where outcome is null and created_at < now() - interval '1 hour')
        from letters
        """,
    )
    if isinstance(row, Finding):
        return row
    given_up, waiting = row
    verdict = Verdict.WARN if given_up or waiting else Verdict.PASS
    return Finding(verdict, asked, f"{given_up} given up, {waiting} waiting for over an hour")


def mail_server(situation: Situation) -> Finding:
    """Greeted, encrypted if it must be, and left: no letter is sent."""
    asked = "the server of SMTP_URL, for its greeting"
    settings = read(MailSettings)
    url = settings.smtp_url.get_secret_value()
    if not url:
        return situation.unseen(asked, "none is set: forgotten passwords stay forgotten")
    server = MailServer.of(url, settings.mail_from, timeout_s=TIMEOUT_S, must_encrypt=situation.is_strict)
    try:
        encrypted = asyncio.run(_greet(server))
    except (aiosmtplib.SMTPException, OSError) as error:
        return Finding(Verdict.FAIL, asked, f"it cannot be used: {type(error).__name__}")
    said = "answers, with TLS" if encrypted else "answers, without TLS"
    return situation.judge(holds=encrypted, asked=asked, answered=said)


async def _greet(server: MailServer) -> bool:
    """Whether the connection is encrypted. Raises aiosmtplib.SMTPException, OSError."""
    client = server.client()
    async with client:
        await client.noop()
        return client.get_transport_info("ssl_object") is not None


def bucket_settings(situation: Situation) -> Finding:
    asked = "the bucket, for its versions, encryption and public access"
    told = situation.variables
    names = ("S3_ENDPOINT", "S3_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if not all(told.get(name) for name in names):
        return situation.unseen(asked, "no key of it is known here")
    try:
        answers = asyncio.run(_ask_bucket(*(told[name] for name in names)))
    except (BotoCoreError, OSError) as error:
        return Finding(Verdict.FAIL, asked, f"storage does not answer: {type(error).__name__}")
    said = ", ".join(f"{name} {answer}" for name, answer in answers.items())
    if any(answer in ("no", "off") for answer in answers.values()):
        return situation.judge(holds=False, asked=asked, answered=said)
    if any(answer not in ("yes", "Enabled") for answer in answers.values()):
        return situation.unseen(asked, said)
    return Finding(Verdict.PASS, asked, said)


async def _ask_bucket(endpoint: str, bucket: str, key_id: str, secret: str) -> dict[str, str]:
    """What is on: `yes` or `Enabled`, `no` or `off`, or why that is not told."""
    config = AioConfig(
        connect_timeout=TIMEOUT_S,
        read_timeout=TIMEOUT_S,
        retries={"max_attempts": 0},
        s3={"addressing_style": "path"},
    )
    async with get_session().create_client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=config,
    ) as s3:
        answers: dict[str, str] = {}
        try:
            answers["versions"] = (await s3.get_bucket_versioning(Bucket=bucket)).get("Status", "off")
        except ClientError as error:
            answers["versions"] = _untold(error)
        try:
            await s3.get_bucket_encryption(Bucket=bucket)
            answers["encrypted"] = "yes"
        except ClientError as error:
            answers["encrypted"] = _untold(error)
        try:
            found = (await s3.get_public_access_block(Bucket=bucket))["PublicAccessBlockConfiguration"]
            answers["closed"] = "yes" if found and all(found.values()) else "no"
        except ClientError as error:
            answers["closed"] = _untold(error)
        return answers


def _untold(error: ClientError) -> str:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    return "no" if code in NOT_SET else f"not told ({code})"
