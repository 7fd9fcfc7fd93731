"""Between the password and the code: what is known, how often it may be answered."""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from ascension.accounts.factors import challenges, totp
from ascension.accounts.lockout import Try
from ascension.accounts.parts import AccountParts
from ascension.accounts.queries import Credentials
from ascension.audit.entries import address, record
from ascension.errors.accounts import AccountLocked, ChallengeExpired, CodeWrong

TTL_S = challenges.TTL_S
MAX_ANSWERS = 5
_PURPOSE = "login-code"


@dataclass(frozen=True)
class Caller:
    """Who answers, as far as it can be told."""

    address: str
    device_token: str | None


@dataclass(frozen=True)
class Pending:
    """A login whose password was right."""

    user_id: UUID
    email: str
    password: str
    """Its digest."""


async def note_failure(parts: AccountParts, email: str, made: Try) -> None:
    """For an unknown e-mail the same as for a known one: whose it is, is not asked."""
    async with parts.database.transaction() as tx:
        action = "login.locked" if made.opens_pause else "login.failed"
        await record(tx.connection, action, address(email))


async def ask_for_code(parts: AccountParts, shown: Credentials, email: str, made: Try) -> str | None:
    """The challenge, where the account has a second factor. Raises QueueUnavailable."""
    async with parts.database.transaction() as tx:
        if not await totp.is_on(tx.connection, shown.id):
            return None
    known = {
        "user_id": str(shown.id),
        "email": email,
        "password": shown.digest,
        "answers": MAX_ANSWERS,
        "made": asdict(made),
    }
    return await challenges.issue(parts.streams, _PURPOSE, json.dumps(known))


async def check_code(parts: AccountParts, *, challenge: str, code: str, caller: Caller) -> Pending:
    """Whose login this finishes. A wrong code leaves the challenge for some more answers.

    Raises:
        ChallengeExpired: the password has to be shown again.
        CodeWrong, AccountLocked, QueueUnavailable.
    """
    kept = await challenges.take(parts.streams, _PURPOSE, challenge)
    if kept is None:
        raise ChallengeExpired
    known = json.loads(kept)
    pending = Pending(UUID(known["user_id"]), known["email"], known["password"])
    try:
        made = await parts.lockout.begin(
            pending.email, address=caller.address, device_token=caller.device_token, what="code"
        )
        if made.is_under_attack and totp.is_short(code):
            raise AccountLocked  # so many guesses may find six digits: a recovery code they cannot find
        async with parts.database.transaction() as tx:
            accepted = await totp.accepts(tx, parts.keys, pending.user_id, code)
        if not accepted:
            await note_failure(parts, pending.email, made)
            raise CodeWrong
    except (AccountLocked, CodeWrong):
        if known["answers"] > 1:
            left = json.dumps({**known, "answers": known["answers"] - 1})
            await challenges.keep(parts.streams, _PURPOSE, challenge, left)
        raise
    await parts.lockout.succeeded(made)
    await parts.lockout.succeeded(Try(**known["made"]))
    return pending
