"""What a letter says is decided when it leaves: who has an account, and what is still open, is asked then."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ascension.accounts import queries
from ascension.accounts.departures import queries as departures
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.invitations import queries as invitations
from ascension.accounts.invitations.service import INVITATION_TTL_S
from ascension.accounts.mail import letters
from ascension.accounts.mail import queries as mail
from ascension.accounts.mail.letters import Letter
from ascension.accounts.mail.queries import Purpose, QueuedKind, QueuedLetter
from ascension.accounts.registrations import queries as registrations
from ascension.accounts.registrations.service import REGISTRATION_TTL_S
from ascension.infra.database.primary import Transaction
from ascension.infra.security import new_opaque_token, token_hash
from ascension.infra.storage.lifetimes import EXPORT_DAYS

RESET_TTL_S = 30 * 60
MAX_PER_HOUR = 5
_ALWAYS: Final[dict[QueuedKind, str]] = {
    "password_changed": "/forgot",
    "codes_off": "/account",
    "factor_added": "/account",
    "factor_removed": "/account",
}
"""Where these lead. However often: nobody hides a change of who gets in behind five others."""
_PLAIN: Final[dict[QueuedKind, str]] = {
    "payment_failed": "/account",
    "plan_ended": "/account",
    "account_erased": "",
}
"""Where these lead; nothing is asked when they leave."""
_ASKED_FOR_EACH: Final[frozenset[QueuedKind]] = frozenset({"result_ready", "result_failed"})
"""As many as there are analyses, which a month's quota bounds."""


async def compose(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    """The letter, with a link that works from here on; None: nothing is to be said, or it was too often."""
    if (chosen := await queries.language_of(tx.connection, queued.recipient)) is not None:
        queued = replace(queued, language=chosen)
    if queued.kind in _ALWAYS:
        return letters.write(queued.kind, queued.language, f"{web_origin}{_ALWAYS[queued.kind]}")
    is_bounded = queued.kind not in _ASKED_FOR_EACH
    if is_bounded and await mail.count_sent(tx.connection, queued, within_s=3600) >= MAX_PER_HOUR:
        return None
    if queued.kind in _PLAIN:
        return letters.write(queued.kind, queued.language, f"{web_origin}{_PLAIN[queued.kind]}")
    return await _COMPOSED[queued.kind](tx, queued, web_origin)


async def _compose_registration(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    if await queries.get_credentials(tx.connection, queued.recipient) is not None:
        return letters.write("email_taken", queued.language, f"{web_origin}/forgot")
    registration = await registrations.get(tx.connection, queued.recipient, queued.subject_id)
    if registration is None:
        return None
    token = await _token(tx, "registration", registration.id, REGISTRATION_TTL_S)
    return letters.write("registration", queued.language, f"{web_origin}/verify#{token}")


async def _compose_reset(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    user = await queries.get_credentials(tx.connection, queued.recipient)
    if user is None:
        return None
    token = await _token(tx, "password_reset", user.id, RESET_TTL_S)
    return letters.write("password_reset", queued.language, f"{web_origin}/reset#{token}")


async def _compose_invitation(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    invitation = queued.subject_id and await invitations.get_open(tx.connection, queued.subject_id)
    if not invitation:
        return None
    token = await _token(tx, "invitation", invitation.id, INVITATION_TTL_S)
    return letters.write("invitation", queued.language, f"{web_origin}/invited#{token}")


async def _compose_coach_invitation(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    """Whether the climber still wants it, is asked of whoever opens the link."""
    if queued.subject_id is None:
        return None
    token = await _token(tx, "coach_invitation", queued.subject_id, INVITATION_TTL_S)
    return letters.write("coach_invitation", queued.language, f"{web_origin}/coach#{token}")


async def _compose_guardian(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    guardian = queued.subject_id and await guardians.get(tx.connection, queued.subject_id)
    if not guardian or guardian.email != queued.recipient:
        return None
    left_s = (guardian.minor_until - datetime.now(UTC).date()).days * 86_400
    token = await _token(tx, "guardian", guardian.user_id, left_s)
    return letters.write("guardian_asked", queued.language, f"{web_origin}/guardian#{token}")


async def _compose_leaving(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    leaving = queued.subject_id and await departures.get(tx.connection, queued.subject_id)
    if not leaving:
        return None
    return letters.write("account_leaving", queued.language, web_origin, day=leaving.erase_at.date())


async def _compose_export(_: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    until = datetime.now(UTC).date() + timedelta(days=EXPORT_DAYS)
    return letters.write("export_ready", queued.language, f"{web_origin}/account", day=until)


async def _compose_result(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    if not await queries.wants_result_letters(tx.connection, queued.recipient):
        return None
    link = f"{web_origin}/climbs/{queued.subject_id}"
    return letters.write(queued.kind, queued.language, link, account=f"{web_origin}/account")


async def _token(tx: Transaction, purpose: Purpose, subject_id: UUID, ttl_s: int) -> str:
    """New for every letter that leaves; only its hash stays here."""
    token = new_opaque_token()
    await mail.insert_token(
        tx.connection, purpose, token_hash=token_hash(token), subject_id=subject_id, ttl_s=ttl_s
    )
    return token


_COMPOSED: dict[QueuedKind, Callable[[Transaction, QueuedLetter, str], Awaitable[Letter | None]]] = {
    "registration": _compose_registration,
    "password_reset": _compose_reset,
    "invitation": _compose_invitation,
    "coach_invitation": _compose_coach_invitation,
    "guardian_asked": _compose_guardian,
    "account_leaving": _compose_leaving,
    "export_ready": _compose_export,
    "result_ready": _compose_result,
    "result_failed": _compose_result,
}
