"""HTTP of making an account: asked for, confirmed, by invitation."""

from uuid import UUID

from fastapi import APIRouter, Response

from ascension.accounts import service as accounts
from ascension.accounts.access import AccountPartsDep, IdempotencyKey, OwnOrigin, TransactionDep
from ascension.accounts.choices import MIN_PASSWORD_CHARS
from ascension.accounts.consents import agreement
from ascension.accounts.consents.agreement import Agreement
from ascension.accounts.consents.texts import DOCUMENTS, version_of
from ascension.accounts.invitations import service as invitations
from ascension.accounts.parts import AccountParts
from ascension.accounts.passwords import rules
from ascension.accounts.registrations import service
from ascension.accounts.registrations.access import RegistrationPartsDep
from ascension.accounts.registrations.parts import RegistrationParts
from ascension.accounts.registrations.schemas import ConfirmRequest, SignUpRead
from ascension.accounts.schemas import Acceptance, LetterRead, LetterRequest, RegisterRequest, SessionRead
from ascension.accounts.sessions.answers import accepted
from ascension.accounts.sessions.entry import Entry
from ascension.errors.accounts import (
    EmailTaken,
    InvitationInvalid,
    LettersOff,
    LinkInvalid,
    PasswordCommon,
    PasswordPersonal,
    PasswordWrong,
    SignUpClosed,
)
from ascension.errors.http import OriginRefused, Overloaded
from ascension.errors.privacy import ConsentOutdated, GuardianUnfit, MinorsNeedLetters
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"])


@router.get("/sign-up", summary="How one gets an account here", responses=errors())
async def sign_up(parts: AccountPartsDep, registrations: RegistrationPartsDep) -> SignUpRead:
    return SignUpRead(
        sign_up=registrations.sign_up,
        confirms_email=registrations.must_confirm,
        sends_letters=parts.post.is_on,
        min_password_chars=MIN_PASSWORD_CHARS,
        consent_age=registrations.consent_age,
        grace_days=registrations.grace_days,
        accept=Acceptance.model_validate({document: version_of(document) for document in DOCUMENTS}),
    )


@router.post(
    "/register",
    status_code=201,
    summary="Make an account and log in",
    description="202: the e-mail has to be confirmed first. That answer is the same for an e-mail that has an"
    " account: its owner gets a letter that says so.",
    responses={
        202: {"model": LetterRead, "description": "A letter is on its way."},
        **errors(
            EmailTaken,
            OriginRefused,
            SignUpClosed,
            InvitationInvalid,
            PasswordCommon,
            PasswordPersonal,
            ConsentOutdated,
            GuardianUnfit,
            MinorsNeedLetters,
            Overloaded,
        ),
    },
    dependencies=[OwnOrigin],
    response_model=SessionRead,
)
async def register(
    body: RegisterRequest,
    parts: AccountPartsDep,
    registrations: RegistrationPartsDep,
    entry: Entry,
    idempotency_key: IdempotencyKey = None,
) -> SessionRead | Response:
    name = body.display_name or accounts.name_of(body.email)
    rules.check(body.password, email=body.email, name=name)
    agreed = _agreed(body, parts, registrations)
    if registrations.must_confirm and body.invitation is None:
        await service.admit(parts.database, registrations.sign_up, email=body.email, invitation=None)
        password_hash = await parts.hasher.hash(body.password)
        async with parts.database.transaction() as tx:
            await service.ask(
                tx,
                parts.post,
                email=body.email,
                display_name=name,
                password_hash=password_hash,
                idempotency_key=idempotency_key,
                agreed=agreed,
            )
        return accepted(LetterRead(email=body.email))
    user_id = await _registered_before(body, parts, idempotency_key)
    if user_id is None:
        invitation_id = await service.admit(
            parts.database, registrations.sign_up, email=body.email, invitation=body.invitation
        )
        try:
            user_id = await _make(
                body, parts, key=idempotency_key, invitation_id=invitation_id, agreed=agreed
            )
        except (EmailTaken, InvitationInvalid):
            # perhaps by this same request, sent twice side by side
            user_id = await _registered_before(body, parts, idempotency_key)
            if user_id is None:
                raise
    async with parts.database.transaction() as tx:
        return await entry.open(tx, user_id)


def _agreed(body: RegisterRequest, parts: AccountParts, registrations: RegistrationParts) -> Agreement:
    return agreement.agreed(
        body.accepted,
        body.guardian,
        email=body.email,
        language=body.language,
        consent_age=registrations.consent_age,
        sends_letters=parts.post.is_on,
    )


async def _make(
    body: RegisterRequest,
    parts: AccountParts,
    *,
    key: str | None,
    invitation_id: UUID | None,
    agreed: Agreement,
) -> UUID:
    password_hash = await parts.hasher.hash(body.password)
    async with parts.database.transaction() as tx:
        if invitation_id is not None and body.invitation is not None:
            await invitations.use(tx.connection, body.invitation, invitation_id)
        user_id = await accounts.register(
            tx,
            email=body.email,
            password_hash=password_hash,
            display_name=body.display_name,
            idempotency_key=key,
        )
        await agreement.keep(tx, parts.post, user_id, agreed)
        return user_id


async def _registered_before(body: RegisterRequest, parts: AccountParts, key: str | None) -> UUID | None:
    """The account that this request made when it was sent with this key before."""
    if key is None:
        return None
    return await accounts.repeated_registration(
        parts.database, parts.hasher, email=body.email, password=body.password, key=key
    )


@router.post(
    "/verification",
    summary="Confirm an e-mail with the link of a letter and the password, and log in",
    responses=errors(LinkInvalid, PasswordWrong, EmailTaken, OriginRefused, LettersOff, Overloaded),
    dependencies=[OwnOrigin],
)
async def confirm(body: ConfirmRequest, parts: AccountPartsDep, entry: Entry) -> SessionRead:
    registration = await service.confirm(parts.database, parts.hasher, body.token, body.password)
    async with parts.database.transaction() as tx:
        user_id = await service.complete(tx, parts.post, body.token, registration)
    async with parts.database.transaction() as tx:
        return await entry.open(tx, user_id)


@router.post(
    "/verification/letters",
    status_code=202,
    summary="Ask for the letter with the link once more",
    responses=errors(LettersOff),
)
async def ask_again(body: LetterRequest, parts: AccountPartsDep, tx: TransactionDep) -> LetterRead:
    await service.ask_again(tx, parts.post, body.email, body.language)
    return LetterRead(email=body.email)
