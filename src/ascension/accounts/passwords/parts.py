"""What changing passwords needs of the process; made in `wiring.py`, on `app.state.passwords`."""

from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.passwords.service import PasswordParts


async def _parts(request: Request) -> PasswordParts:
    return request.app.state.passwords


PasswordPartsDep = Annotated[PasswordParts, Depends(_parts)]
