"""The cookies of a login: out of reach of scripts, sent to the login addresses of our own pages only.

Over https their names begin with `__Secure-`: a browser takes such a cookie only from https, so nobody who
answers for a neighboring or unencrypted address can plant one. There the plain name, which they can, is not
read: else whoever has no session could be given a stranger's, and send their clips into it.
"""

from typing import Annotated

from fastapi import Cookie, Depends, Response

from ascension.accounts.access import AccountPartsDep
from ascension.accounts.parts import AccountParts

REFRESH_COOKIE = "ascension_refresh"
REFRESH_PATH = "/api/v1/auth"
DEVICE_COOKIE = "ascension_device"
DEVICE_TTL_S = 365 * 24 * 3600
SECURE_PREFIX = "__Secure-"


async def _refresh_cookie(
    parts: AccountPartsDep,
    secure: Annotated[str | None, Cookie(alias=SECURE_PREFIX + REFRESH_COOKIE, max_length=200)] = None,
    plain: Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=200)] = None,
) -> str | None:
    return secure if parts.secure_cookie else plain


async def _device_cookie(
    parts: AccountPartsDep,
    secure: Annotated[
        str | None, Cookie(alias=SECURE_PREFIX + DEVICE_COOKIE, max_length=200, include_in_schema=False)
    ] = None,
    plain: Annotated[str | None, Cookie(alias=DEVICE_COOKIE, max_length=200, include_in_schema=False)] = None,
) -> str | None:
    return secure if parts.secure_cookie else plain


RefreshCookie = Annotated[str | None, Depends(_refresh_cookie)]
DeviceCookie = Annotated[str | None, Depends(_device_cookie)]


def keep_session(response: Response, refresh_token: str, *, ttl_s: int, secure: bool) -> None:
    """Send the refresh token along."""
    _set(response, REFRESH_COOKIE, refresh_token, ttl_s=ttl_s, secure=secure)


def remember_device(response: Response, parts: AccountParts, *, email: str, device_token: str | None) -> None:
    """This browser belongs to the account from now on: strangers' failures do not hold it up."""
    known = device_token is not None and parts.lockout.knows(device_token, email)
    token = device_token if known and device_token else parts.lockout.device_token(email)
    _set(response, DEVICE_COOKIE, token, ttl_s=DEVICE_TTL_S, secure=parts.secure_cookie)


def forget_session(response: Response) -> None:
    """Take the refresh cookie away. The browser stays known: its owner may come back under attack."""
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH)
    response.delete_cookie(SECURE_PREFIX + REFRESH_COOKIE, path=REFRESH_PATH, secure=True)


def _set(response: Response, name: str, value: str, *, ttl_s: int, secure: bool) -> None:
    response.set_cookie(
        f"{SECURE_PREFIX}{name}" if secure else name,
        value,
        max_age=ttl_s,
        path=REFRESH_PATH,
        httponly=True,
        secure=secure,
        samesite="strict",
    )
    if secure:
        response.delete_cookie(name, path=REFRESH_PATH, secure=True)  # one that was planted
