"""The cookies of a login: out of reach of scripts, sent to the login addresses of our own pages only."""

from typing import Annotated

from fastapi import Cookie, Response

REFRESH_COOKIE = "ascension_refresh"
REFRESH_PATH = "/api/v1/auth"
DEVICE_COOKIE = "ascension_device"
DEVICE_TTL_S = 365 * 24 * 3600
RefreshCookie = Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=200)]
DeviceCookie = Annotated[str | None, Cookie(alias=DEVICE_COOKIE, max_length=200, include_in_schema=False)]


def keep_session(response: Response, refresh_token: str, *, ttl_s: int, secure: bool) -> None:
    """Send the refresh token along."""
    _set(response, REFRESH_COOKIE, refresh_token, ttl_s=ttl_s, secure=secure)


def keep_device(response: Response, device_token: str, *, secure: bool) -> None:
    """Send along what says that this browser logged in before."""
    _set(response, DEVICE_COOKIE, device_token, ttl_s=DEVICE_TTL_S, secure=secure)


def forget_session(response: Response) -> None:
    """Take the refresh cookie away. The browser stays known: its owner may come back under attack."""
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH)


def _set(response: Response, name: str, value: str, *, ttl_s: int, secure: bool) -> None:
    response.set_cookie(
        name, value, max_age=ttl_s, path=REFRESH_PATH, httponly=True, secure=secure, samesite="strict"
    )
