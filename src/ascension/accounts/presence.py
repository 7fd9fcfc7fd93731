"""A logged-in user shows once more that it is them, before what changes who gets in or cannot be undone.

By the password, or by a passkey at `/users/me/presence` within the last minutes. Whoever has only an access
token guesses no faster than whoever logs in: tries are counted by session, and nobody else can use them up.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends

from ascension.accounts import service as accounts
from ascension.accounts.access import AccountPartsDep, CurrentBearer
from ascension.audit.entries import account, record
from ascension.errors.accounts import (
    AccountLocked,
    PasswordWrong,
    PresenceNeeded,
    SessionRevoked,
)
from ascension.errors.base import ApiError
from ascension.errors.http import Overloaded, QueueUnavailable, Unavailable
from ascension.infra.streams import StreamsUnavailable

PRESENT_S: Final = 300
ERRORS: Final[tuple[type[ApiError], ...]] = (
    PasswordWrong,
    PresenceNeeded,
    AccountLocked,
    SessionRevoked,
    Overloaded,
    QueueUnavailable,
)
"""What `confirm` may answer, for `responses=`."""


@dataclass(frozen=True)
class _Presence:
    """Of the request's user."""

    parts: AccountPartsDep
    bearer: CurrentBearer

    async def confirm(self, password: str | None) -> None:
        """None: a passkey was shown. Outside of any transaction: a password costs a hash. Raises `ERRORS`."""
        if password is None:
            await self._was_shown()
            return
        user_id = self.bearer.user_id
        made = await self.parts.lockout.begin_own(self._who)
        try:
            await accounts.confirm_password(
                self.parts.database, self.parts.hasher, user_id=user_id, password=password
            )
        except PasswordWrong:
            async with self.parts.database.transaction() as tx:
                await record(tx.connection, "presence.refused", account(user_id), pause=made.opens_pause)
            raise
        except Unavailable:
            await self.parts.lockout.withdraw(made)
            raise
        await self.parts.lockout.succeeded(made)

    async def note(self) -> None:
        """A passkey was shown: it does instead of the password for some minutes. Raises QueueUnavailable."""
        try:
            await self.parts.streams.put(self._key, "1", ttl_s=PRESENT_S)
        except StreamsUnavailable as error:
            raise QueueUnavailable from error

    async def _was_shown(self) -> None:
        try:
            left_s = await self.parts.streams.remaining_s(self._key)
        except StreamsUnavailable as error:
            raise QueueUnavailable from error
        if left_s <= 0:
            raise PresenceNeeded

    @property
    def _who(self) -> str:
        """The session; the account, where a token of the release before names none."""
        return str(self.bearer.session_id or self.bearer.user_id)

    @property
    def _key(self) -> str:
        return f"presence:{self._who}"


Presence = Annotated[_Presence, Depends()]
