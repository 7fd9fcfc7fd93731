"""Inviting somebody, and taking that back."""

from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.accounts.invitations import queries
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail import service as mail
from ascension.errors.accounts import EmailTaken, InvitationInvalid
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import token_hash

INVITATION_TTL_S = 14 * 24 * 3600
KEEP_ENDED_DAYS = 30


async def invite(connection: Connection, email: str, language: Language) -> None:
    """Send the link that makes an account; an earlier one of this address ends. Raises EmailTaken."""
    if await accounts.get_credentials(connection, email) is not None:
        raise EmailTaken
    await queries.revoke_open(connection, email)
    invitation_id = uuid7()
    await queries.insert(connection, invitation_id=invitation_id, email=email, ttl_s=INVITATION_TTL_S)
    await mail.put(connection, "invitation", recipient=email, language=language, subject_id=invitation_id)


async def find(connection: Connection, token: str, email: str) -> UUID:
    """The invitation that this link is, if it was sent to this address. Raises InvitationInvalid."""
    invitation_id = await letters.subject_of_token(connection, "invitation", token_hash(token))
    invitation = invitation_id and await queries.get_open(connection, invitation_id)
    if not invitation or invitation.email != email:
        raise InvitationInvalid
    return invitation.id


async def use(connection: Connection, token: str, invitation_id: UUID) -> None:
    """It lets nobody in any more. Raises InvitationInvalid: somebody was faster."""
    if not await letters.use_token(connection, "invitation", token_hash(token)):
        raise InvitationInvalid
    await queries.mark_used(connection, invitation_id)


async def sweep(tx: Transaction) -> None:
    """Forget whom invitations went to that ended a while ago."""
    await queries.delete_ended(tx.connection, after_days=KEEP_ENDED_DAYS)
