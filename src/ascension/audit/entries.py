"""The one way to write an entry: in the transaction of the act, so that both are true or neither is."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

import psycopg

Action = Literal[
    "account.erased",
    "account.kept",
    "account.leaving",
    "account.registered",
    "account.role_changed",
    "account.tier_changed",
    "analysis.deleted",
    "analysis.restored",
    "analysis.trashed",
    "audit.pruned",
    "coach.accepted",
    "coach.ended",
    "coach.invited",
    "comment.deleted",
    "comparison.deleted",
    "consent.given",
    "consent.withdrawn",
    "export.asked",
    "export.fetched",
    "export.removed",
    "factor.added",
    "factor.removed",
    "guardian.agreed",
    "guardian.asked",
    "guardian.silent",
    "guardian.withdrew",
    "job.canceled",
    "job.retried",
    "jobs.retried",
    "key.rotated",
    "login.failed",
    "login.locked",
    "login.succeeded",
    "password.changed",
    "password.reset",
    "plan.checkout_opened",
    "plan.given",
    "plan.wanted",
    "platform.restored",
    "platform.started",
    "presence.refused",
    "session.ended",
    "session.stolen",
    "sessions.ended",
    "share.ended",
    "share.made",
    "video.deleted",
    "video.trashed",
]
Kind = Literal[
    "account", "address", "analysis", "command", "comparison", "erasure", "job", "platform", "video"
]
Detail = str | int | bool | None
MAX_DETAIL_CHARS: Final = 500
_TELLING: Final = ("password", "secret", "token", "email", "hash")


@dataclass(frozen=True)
class Party:
    """Who acts, or what is acted on.

    Stored as its kind and a keyed digest of the id, the same each time: the entries of an account or a video
    are found by its id, and nothing leads from an entry to a person once the account is gone.
    """

    kind: Kind
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> "Party | None":
        """What somebody typed, `KIND:ID`; None: there is no such kind."""
        kind, _, party_id = text.strip().partition(":")
        found = next((known for known in get_args(Kind) if known == kind), None)
        return found and cls(found, party_id.strip().lower())


PLATFORM: Final = Party("platform")
COMMAND: Final = Party("command")
"""Whoever may run `ascension` where the platform runs."""


def account(user_id: UUID) -> Party:
    return Party("account", str(user_id))


def address(email: str) -> Party:
    """Of somebody who is not known to be anybody."""
    return Party("address", email.strip().lower())


async def record(
    connection: psycopg.AsyncConnection[Any],
    action: Action,
    by: Party,
    about: Party | None = None,
    **details: Detail,
) -> None:
    """Add one entry; `about` when left out is `by`. The database gives it time and place in the chain.

    `details`: what cannot be asked for later. No names, addresses, secrets: entries stay as long as the
    platform does, longer than any account.

    Raises:
        ValueError: a detail is called as only a secret or a person's address would be, or is too long.
    """
    for name, value in details.items():
        if any(word in name for word in _TELLING) or len(str(value)) > MAX_DETAIL_CHARS:
            raise ValueError(f"{name} does not belong into the audit log")
    what = about or by
    await connection.execute(
        "select audit_record(%s, %s, %s, %s, %s, %s::json)",
        (by.kind, by.id, action, what.kind, what.id, written(details)),
    )


def written(details: dict[str, Detail]) -> str:
    """The bytes that are stored, and that the digest is of: ASCII, sorted, without spaces."""
    return json.dumps(details, sort_keys=True, separators=(",", ":"))
