"""Passwords and tokens.

Passwords: Argon2id with the library's defaults (RFC 9106, low memory), in threads, at most a few at a time,
since one hash costs about a quarter of a second of CPU. Access tokens: signed JWT, 15 minutes, never stored.
Refresh tokens and socket tickets: random bytes; only their hash is stored.
"""

import asyncio
import hashlib
import secrets
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
import jwt
from prometheus_client import Counter

from ascension.errors.accounts import TokenExpired, TokenInvalid
from ascension.infra.slots import Slots

T = TypeVar("T")
ALGORITHM = "HS256"
AUDIENCE = "ascension-api"
MAX_WAITING_HASHES = 64
MAX_REMEMBERED_TOKENS = 10_000
CLOCK_TOLERANCE_S = 600  # of another replica that issued a token
HASH_WAIT_S = 5  # about twenty hashes for each of two slots
HASHES = Counter("ascension_password_hashes_total", "Passwords hashed or compared with a hash")


class PasswordHasher:
    """Argon2id with a bound on how many run at once, how many wait, and how long."""

    def __init__(self, *, parallel: int = 2) -> None:
        self._hasher = argon2.PasswordHasher()
        # threads of its own: names that resolve slowly fill those that everybody shares
        self._threads = ThreadPoolExecutor(parallel, "passwords")
        self._slots = Slots(parallel, waiting=MAX_WAITING_HASHES, wait_s=HASH_WAIT_S)
        # verifying against this costs an unknown e-mail the same time as a wrong password
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    async def hash(self, password: str) -> str:
        """Raises Overloaded when too many wait already."""
        async with self._slots:
            return await self._in_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Does the password fit? `None` (no such account) takes as long and is False. Raises Overloaded."""
        async with self._slots:
            fits = await self._in_thread(self._verify, password_hash or self._nobody, password)
        return fits and password_hash is not None

    async def _in_thread(self, work: Callable[..., T], *arguments: str) -> T:
        HASHES.inc()
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False


class TokenIssuer:
    """Signs and checks access tokens. A good one is remembered, by its hash, until it expires."""

    def __init__(self, secret: str, ttl_s: int) -> None:
        self._secret = secret
        self.ttl_s = ttl_s
        self._good: dict[bytes, tuple[uuid.UUID, float]] = {}

    def issue(self, user_id: uuid.UUID) -> str:
        now = int(time.time())
        claims = {"sub": str(user_id), "aud": AUDIENCE, "iat": now, "exp": now + self.ttl_s}
        return jwt.encode(  # pyright: ignore[reportUnknownMemberType] (its key type names an optional library)
            claims, self._secret, algorithm=ALGORITHM
        )

    def user_of(self, token: str) -> uuid.UUID:
        """Whose token this is. Raises TokenExpired or TokenInvalid."""
        key = token_hash(token)
        known = self._good.get(key)
        if known is not None and time.time() < known[1]:
            return known[0]
        self._good.pop(key, None)
        user_id, expires_s = self._check(token)
        self._good[key] = (user_id, expires_s)
        if len(self._good) > MAX_REMEMBERED_TOKENS:
            del self._good[next(iter(self._good))]  # the one that was checked first
        return user_id

    def _check(self, token: str) -> tuple[uuid.UUID, float]:
        """Whose it is, and until when (seconds since 1970)."""
        try:
            claims = jwt.decode(  # pyright: ignore[reportUnknownMemberType] (as above)
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["sub", "aud", "exp", "iat"], "verify_iat": False},
            )
            if float(claims["iat"]) > time.time() + CLOCK_TOLERANCE_S:
                raise TokenInvalid
            return uuid.UUID(claims["sub"]), float(claims["exp"])
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise TokenInvalid from error


def new_opaque_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of an opaque token. A plain hash suffices: the input has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
