"""What making accounts needs of the process; made in `wiring.py`, on `app.state.registrations`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.mail.service import Post
from ascension.accounts.registrations.service import SignUp


@dataclass(frozen=True)
class RegistrationParts:
    post: Post
    sign_up: SignUp
    must_confirm: bool
    """No account before its e-mail is confirmed."""
    consent_age: int
    """Who is younger needs a guardian."""
    grace_days: int
    """How long an account that is to be deleted can be kept."""


async def _parts(request: Request) -> RegistrationParts:
    return request.app.state.registrations


RegistrationPartsDep = Annotated[RegistrationParts, Depends(_parts)]
