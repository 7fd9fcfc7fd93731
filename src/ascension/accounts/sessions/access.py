"""Who tries to log in, as far as it can be told."""

from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.sessions.cookies import DeviceCookie
from ascension.accounts.sessions.logins import Caller
from ascension.infra.http.caller import client_address


async def _caller(request: Request, device_token: DeviceCookie) -> Caller:
    return Caller(client_address(request), device_token)


CallerDep = Annotated[Caller, Depends(_caller)]
