"""What a login answers: an access token in the body, the rest in cookies."""

from fastapi import Request, Response
from pydantic import BaseModel

from ascension.accounts.parts import AccountParts
from ascension.accounts.reading import read_user
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions.cookies import keep_session
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


def accepted(asked: BaseModel) -> Response:
    """202: there is no session yet, but what has to be done for one."""
    return Response(asked.model_dump_json(), 202, media_type="application/json")


def device_of(request: Request) -> str | None:
    """What the request came from, in words."""
    return device_name(request.headers.get("user-agent"))
