"""How every login ends: with a session, or the question whether an account that is to go shall stay."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from ascension.accounts.access import AccountPartsDep
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions import leaving
from ascension.accounts.sessions.answers import accepted, answer, device_of
from ascension.accounts.sessions.cookies import DeviceCookie, remember_device
from ascension.accounts.sessions.service import open_session
from ascension.infra.database.primary import Transaction


@dataclass(frozen=True)
class _Entry:
    """Of the request's browser."""

    request: Request
    response: Response
    parts: AccountPartsDep
    device_token: DeviceCookie

    async def enter(self, user_id: UUID, *, password: str | None = None) -> SessionRead | Response:
        """`password`: the digest of the one that was shown.

        Raises:
            InvalidCredentials: it was changed since. SessionRevoked: the account is gone. QueueUnavailable.
        """
        asked = await leaving.ask_to_keep(self.parts, user_id, password)
        if asked is not None:
            return accepted(asked)
        async with self.parts.database.transaction() as tx:
            return await self.open(tx, user_id, password=password)

    async def open(self, tx: Transaction, user_id: UUID, *, password: str | None = None) -> SessionRead:
        """A session of an account that stays. This browser belongs to it from now on.

        Raises InvalidCredentials, SessionRevoked.
        """
        parts = self.parts
        session = await open_session(
            tx, user_id, device=device_of(self.request), ttl_s=parts.refresh_ttl_s, password=password
        )
        remember_device(self.response, parts, email=session.user.email, device_token=self.device_token)
        return await answer(tx, parts, self.response, session)


Entry = Annotated[_Entry, Depends()]
