"""HTTP of passwords: changed, forgotten, chosen anew."""

from fastapi import APIRouter, Response

from ascension.accounts.access import AccountPartsDep, CurrentUser, OwnOrigin, TransactionDep
from ascension.accounts.passwords import service
from ascension.accounts.passwords.schemas import ChangeRequest, ResetRequest
from ascension.accounts.presence import ERRORS as OF_PRESENCE
from ascension.accounts.presence import Presence
from ascension.accounts.schemas import LetterRead, LetterRequest
from ascension.accounts.sessions.cookies import DeviceCookie, RefreshCookie, forget_session, remember_device
from ascension.errors.accounts import (
    LettersOff,
    LinkInvalid,
    PasswordCommon,
    PasswordPersonal,
)
from ascension.errors.http import OriginRefused, Overloaded
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1/auth/password", tags=["accounts"])


@router.post(
    "",
    status_code=204,
    summary="Change your password",
    description="Every other session ends at once.",
    responses=errors(*OF_PRESENCE, PasswordCommon, PasswordPersonal, OriginRefused),
    dependencies=[OwnOrigin],
)
async def change(
    body: ChangeRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
    refresh_cookie: RefreshCookie,
) -> None:
    await presence.confirm(body.password)
    await service.change(
        parts,
        user_id,
        new=body.new_password,
        refresh_token=refresh_cookie,
        language=body.language,
    )
    await parts.close_sockets(user_id)


@router.post(
    "/letters",
    status_code=202,
    summary="Ask for a letter with a link to choose a new password",
    description="The answer is the same whether or not the e-mail has an account.",
    responses=errors(LettersOff),
)
async def forgotten(
    body: LetterRequest,
    parts: AccountPartsDep,
    tx: TransactionDep,
    device_token: DeviceCookie,
) -> LetterRead:
    is_known = parts.lockout.knows(device_token, body.email)
    await service.forgotten(tx, parts.post, body.email, body.language, is_known=is_known)
    return LetterRead(email=body.email)


@router.post(
    "/reset",
    status_code=204,
    summary="Choose a new password with the link of a letter",
    description="The link works once. Every session of the account ends; log in with the new password.",
    responses=errors(LinkInvalid, PasswordCommon, PasswordPersonal, OriginRefused, Overloaded),
    dependencies=[OwnOrigin],
)
async def reset(
    body: ResetRequest,
    parts: AccountPartsDep,
    response: Response,
) -> None:
    user = await service.reset(parts, body.token, password=body.password, language=body.language)
    await parts.close_sockets(user.id)
    forget_session(response)
    # whoever has the letter may log in here, whatever strangers try meanwhile
    remember_device(response, parts, email=user.email, device_token=None)
