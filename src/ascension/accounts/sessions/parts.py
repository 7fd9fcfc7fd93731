"""What logging in needs of the process; made in `wiring.py`, on `app.state.sessions`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from ascension.accounts.lockout import Lockout


@dataclass(frozen=True)
class SessionParts:
    lockout: Lockout
    close_sockets: Callable[[UUID], Awaitable[None]]
    """After a commit that ended sessions of a user: their sockets and tokens are no good. Never fails."""
    sends_letters: bool
    """Else no proof by letter can be asked for."""


async def _parts(request: Request) -> SessionParts:
    return request.app.state.sessions


SessionPartsDep = Annotated[SessionParts, Depends(_parts)]
