"""What a letter says is decided when it leaves: who has an account, and what is still open, is asked then."""

from uuid import UUID

from ascension.accounts import queries
from ascension.accounts.invitations import queries as invitations
from ascension.accounts.invitations.service import INVITATION_TTL_S
from ascension.accounts.mail import letters
from ascension.accounts.mail import queries as mail
from ascension.accounts.mail.letters import Letter
from ascension.accounts.mail.queries import Purpose, QueuedLetter
from ascension.accounts.registrations import queries as registrations
from ascension.accounts.registrations.service import REGISTRATION_TTL_S
from ascension.infra.database.primary import Transaction
from ascension.infra.security import new_opaque_token, token_hash

RESET_TTL_S = 30 * 60
MAX_PER_HOUR = 5


async def compose(tx: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    """The letter, with a link that works from here on; None: nothing is to be said, or it was too often."""
    connection = tx.connection
    if queued.kind == "password_changed":
        return letters.write(queued.kind, queued.language, f"{web_origin}/forgot")
    if await mail.count_sent(connection, queued.kind, queued.recipient, within_s=3600) >= MAX_PER_HOUR:
        return None
    match queued.kind:
        case "payment_failed":
            return await _compose_payment_failed(tx, queued, web_origin)
        case "plan_ended":
            return await _compose_plan_ended(tx, queued, web_origin)
        case "registration":
            return await _compose_registration(tx, queued, web_origin)
        case "password_reset":
            return await _compose_reset(tx, queued, web_origin)
        case "invitation":
            return await _compose_invitation(tx, queued, web_origin)
        case "coach_invitation":
            return await _compose_coach_invitation(tx, queued, web_origin)


async def _compose_payment_failed(_: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    return letters.write("payment_failed", queued.language, f"{web_origin}/account")


async def _compose_plan_ended(_: Transaction, queued: QueuedLetter, web_origin: str) -> Letter | None:
    return letters.write("plan_ended", queued.language, f"{web_origin}/account")


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


async def _token(tx: Transaction, purpose: Purpose, subject_id: UUID, ttl_s: int) -> str:
    """New for every letter that leaves; only its hash stays here."""
    token = new_opaque_token()
    await mail.insert_token(
        tx.connection, purpose, token_hash=token_hash(token), subject_id=subject_id, ttl_s=ttl_s
    )
    return token
