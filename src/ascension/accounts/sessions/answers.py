"""What a login answers: an access token in the body, the rest in cookies."""

from fastapi import Request, Response

from ascension.accounts.access import AccountParts
from ascension.accounts.lockout import Lockout
from ascension.accounts.reading import read_user
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions.cookies import keep_device, keep_session
from ascension.accounts.sessions.devices import device_name
from ascension.accounts.sessions.service import Session
from ascension.infra.database.primary import Transaction


async def answer(tx: Transaction, parts: AccountParts, response: Response, session: Session) -> SessionRead:
    """The session that was opened or renewed."""
    keep_session(response, session.refresh_token, ttl_s=parts.refresh_ttl_s, secure=parts.secure_cookie)
    return SessionRead(
        access_token=parts.tokens.issue(session.user.id, session.id),
        expires_in_s=parts.tokens.ttl_s,
        user=await read_user(tx, parts.plans, session.user),
    )


def remember_device(
    response: Response, parts: AccountParts, lockout: Lockout, *, email: str, device_token: str | None
) -> None:
    """This browser belongs to the account from now on: strangers' failures do not hold it up."""
    known = device_token if device_token is not None and lockout.knows(device_token, email) else None
    keep_device(response, known or lockout.device_token(email), secure=parts.secure_cookie)


def device_of(request: Request) -> str | None:
    """What the request came from, in words."""
    return device_name(request.headers.get("user-agent"))
