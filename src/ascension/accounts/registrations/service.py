"""Making accounts. Where e-mails have to be confirmed, nothing but a row that waits exists until then."""

from typing import Literal
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.accounts.consents import agreement
from ascension.accounts.consents.agreement import Agreement
from ascension.accounts.invitations import service as invitations
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail.service import Post
from ascension.accounts.registrations import queries
from ascension.accounts.registrations.queries import Registration
from ascension.audit.entries import account, record
from ascension.errors.accounts import (
    EmailTaken,
    InvitationInvalid,
    LinkInvalid,
    PasswordWrong,
    SignUpClosed,
)
from ascension.infra.database.primary import Database, Transaction
from ascension.infra.security import PasswordHasher, token_hash

REGISTRATION_TTL_S = 24 * 3600
SignUp = Literal["open", "invitation", "closed"]


async def admit(database: Database, sign_up: SignUp, *, email: str, invitation: str | None) -> UUID | None:
    """Which invitation lets this address in; None: everybody may. Raises SignUpClosed, InvitationInvalid."""
    if sign_up == "closed":
        raise SignUpClosed
    if invitation is None:
        if sign_up == "invitation":
            raise InvitationInvalid
        return None
    async with database.transaction() as tx:
        return await invitations.find(tx.connection, invitation, email)


async def ask(
    tx: Transaction,
    post: Post,
    *,
    email: str,
    display_name: str,
    password_hash: str,
    idempotency_key: str | None,
    agreed: Agreement,
) -> None:
    """Write the wish down and send a letter. Users are not looked at: the letter will say what is the case.

    The same wish with the same key sends no second letter. Raises LettersOff.
    """
    registration = Registration(uuid7(), email, display_name, password_hash, agreed.model_dump(mode="json"))
    if await queries.insert(
        tx.connection, registration, idempotency_key=idempotency_key, ttl_s=REGISTRATION_TTL_S
    ):
        await post.put(
            tx, "registration", recipient=email, language=agreed.language, subject_id=registration.id
        )


async def ask_again(tx: Transaction, post: Post, email: str, language: Language) -> None:
    """Another letter for the latest wish of this address, if there is one. Raises LettersOff."""
    await post.put(tx, "registration", recipient=email, language=language)


async def confirm(database: Database, hasher: PasswordHasher, token: str, password: str) -> Registration:
    """The wish that this link was sent for, by whoever chose its password.

    The password is asked because anybody can register anybody's address: without it, a stranger who did would
    have a password for the account that the owner of the address then makes by opening the letter.

    Raises:
        LinkInvalid, PasswordWrong: no account is made.
    """
    async with database.transaction() as tx:
        subject_id = await letters.subject_of_token(tx.connection, "registration", token_hash(token))
        registration = subject_id and await queries.get_by_id(tx.connection, subject_id)
    if not registration:
        raise LinkInvalid
    if not await hasher.verify(registration.password_hash, password):
        raise PasswordWrong
    return registration


async def complete(tx: Transaction, post: Post, token: str, registration: Registration) -> UUID:
    """Make the account. Raises LinkInvalid, EmailTaken: by another letter of the same address."""
    if not await letters.use_token(tx.connection, "registration", token_hash(token)):
        raise LinkInvalid
    user = await accounts.insert_user(
        tx.connection,
        user_id=uuid7(),
        email=registration.email,
        display_name=registration.display_name,
        password_hash=registration.password_hash,
    )
    if user is None:
        raise EmailTaken
    await queries.delete_of_email(tx.connection, registration.email)
    await record(tx.connection, "account.registered", account(user.id), how="letter")
    if registration.agreed:
        await agreement.keep(tx, post, user.id, Agreement.model_validate(registration.agreed))
    return user.id


async def sweep(tx: Transaction) -> None:
    """Forget who did not confirm in time."""
    await queries.delete_expired(tx.connection)
