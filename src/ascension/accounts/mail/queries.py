"""SQL of letters that wait, and of the tokens in their links."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.choices import Language
from ascension.infra.database.primary import Connection

QueuedKind = Literal[
    "registration",
    "password_reset",
    "password_changed",
    "codes_off",
    "factor_added",
    "factor_removed",
    "payment_failed",
    "plan_ended",
    "invitation",
    "coach_invitation",
    "guardian_asked",
    "account_leaving",
    "account_erased",
    "export_ready",
    "result_ready",
    "result_failed",
]
Purpose = Literal["registration", "password_reset", "invitation", "coach_invitation", "guardian"]
Outcome = Literal["sent", "dropped", "given_up"]


@dataclass(frozen=True)
class QueuedLetter:
    id: UUID
    kind: QueuedKind
    recipient: str
    language: Language
    subject_id: UUID | None
    created_at: datetime
    attempts: int
    is_own: bool
    """Asked for by a browser that belongs to the account: strangers' asking does not hold it up."""


async def insert_letter(
    connection: Connection,
    *,
    letter_id: UUID,
    kind: QueuedKind,
    recipient: str,
    language: Language,
    subject_id: UUID | None,
    is_own: bool,
) -> None:
    await connection.execute(
        """
        insert into letters (id, kind, recipient, language, subject_id, is_own)
        values (%s, %s, %s, %s, %s, %s)
        """,
        (letter_id, kind, recipient, language, subject_id, is_own),
    )


async def take_due(connection: Connection, *, lease_s: float) -> QueuedLetter | None:
    """The letter that is due longest, for this process alone until the lease is over."""
    async with connection.cursor(row_factory=class_row(QueuedLetter)) as cursor:
        await cursor.execute(
            """
            update letters set attempts = attempts + 1, due_at = now() + make_interval(secs => %s)
            where id = (
                select id from letters where outcome is null and due_at <= now()
                order by due_at limit 1 for update skip locked)
            returning id, kind, recipient, language, subject_id, created_at, attempts, is_own
            """,
            (lease_s,),
        )
        return await cursor.fetchone()


async def settle(connection: Connection, letter_id: UUID, outcome: Outcome) -> None:
    await connection.execute(
        "update letters set outcome = %s, settled_at = now() where id = %s and outcome is null",
        (outcome, letter_id),
    )


async def drop_about(connection: Connection, subject_ids: Collection[UUID]) -> None:
    """What they tell of is gone before they left."""
    await connection.execute(
        """
        update letters set outcome = 'dropped', settled_at = now()
        where outcome is null and subject_id = any(%s)
        """,
        (list(subject_ids),),
    )


async def put_off(connection: Connection, letter_id: UUID, *, delay_s: float) -> None:
    await connection.execute(
        "update letters set due_at = now() + make_interval(secs => %s) where id = %s and outcome is null",
        (delay_s, letter_id),
    )


async def count_sent(connection: Connection, like: QueuedLetter, *, within_s: int) -> int:
    """Of the same kind, to the same address, asked for by the owner or by anybody as this one."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select count(*) from letters
            where recipient = %s and kind = %s and is_own = %s and outcome = 'sent'
                and settled_at > now() - make_interval(secs => %s)
            """,
            (like.recipient, like.kind, like.is_own, within_s),
        )
        return (await cursor.fetchone()) or 0


async def insert_token(
    connection: Connection, purpose: Purpose, *, token_hash: bytes, subject_id: UUID, ttl_s: int
) -> None:
    await connection.execute(
        """
        insert into letter_tokens (token_hash, purpose, subject_id, expires_at)
        values (%s, %s, %s, now() + make_interval(secs => %s))
        """,
        (token_hash, purpose, subject_id, ttl_s),
    )


async def subject_of_token(connection: Connection, purpose: Purpose, token_hash: bytes) -> UUID | None:
    """Whom or what a link is about; None: it is unknown, used or too old."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select subject_id from letter_tokens
            where token_hash = %s and purpose = %s and expires_at > now()
            """,
            (token_hash, purpose),
        )
        return await cursor.fetchone()


async def use_token(connection: Connection, purpose: Purpose, token_hash: bytes) -> bool:
    """Take the token, and with it every other about the same; False: somebody was faster."""
    cursor = await connection.execute(
        """
        with used as (
            delete from letter_tokens where token_hash = %s and purpose = %s and expires_at > now()
            returning subject_id
        ), others as (
            delete from letter_tokens
            where token_hash <> %s and purpose = %s and subject_id in (select subject_id from used)
        )
        select subject_id from used
        """,
        (token_hash, purpose, token_hash, purpose),
    )
    return cursor.rowcount == 1


async def delete_tokens(connection: Connection, purpose: Purpose, subject_id: UUID) -> None:
    await connection.execute(
        "delete from letter_tokens where subject_id = %s and purpose = %s", (subject_id, purpose)
    )


async def delete_old(connection: Connection, *, settled_s: int) -> None:
    """Forget tokens that expired, and letters so long after they left or were given up."""
    await connection.execute("delete from letter_tokens where expires_at < now()")
    await connection.execute(
        "delete from letters where outcome is not null and settled_at < now() - make_interval(secs => %s)",
        (settled_s,),
    )
