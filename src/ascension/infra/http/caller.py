"""Who asks: the user of a good token, else whoever has the address."""

from collections.abc import Callable
from uuid import UUID

from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import HTTPConnection
from starlette.types import Scope

from ascension.errors.http import Unauthenticated
from ascension.infra.http.addresses import address_block

UserOf = Callable[[str], UUID]
"""Whose an access token is. Raises Unauthenticated."""


def caller_of(scope: Scope, user_of: UserOf) -> UUID | str:
    """Not the token itself: whoever refreshes it would have room anew. One that is nobody's is as none."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            try:
                return user_of(get_authorization_scheme_param(value.decode("latin-1"))[1])
            except Unauthenticated:
                break
    return customer_of(scope)


def customer_of(scope: Scope) -> str:
    """The address, or its block."""
    return address_block(client_address(HTTPConnection(scope)))


def client_address(request: HTTPConnection) -> str:
    """The address of whoever asks, as far as it can be known; "unknown" where there is none.

    Behind trusted proxies uvicorn has put there what they told (`trusted_proxies` of `server.serve`): no
    address at all where they told something else.
    """
    return request.client.host if request.client else "unknown"
