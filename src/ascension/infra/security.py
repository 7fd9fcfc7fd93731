"""Passwords and tokens.

Passwords: Argon2id with the library's defaults (RFC 9106, low memory), in threads, at most a few at a time,
since one hash costs about a quarter of a second of CPU. Access tokens: signed JWT, 15 minutes, never stored;
each names its session, and those of ended sessions are refused.
Refresh tokens and socket tickets: random bytes; only their hash is stored.
"""

import asyncio
import base64
import hashlib
import hmac
import math
import os
import secrets
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import argon2
import jwt
from prometheus_client import Counter

from ascension.errors.accounts import SessionRevoked, TokenExpired, TokenInvalid
from ascension.infra.slots import Slots

T = TypeVar("T")
ALGORITHM = "HS256"
AUDIENCE = "ascension-api"
ISSUER = "ascension"
MAX_TOKEN_CHARS = 2048  # ours have about 300
MAX_WAITING_HASHES = 64
MAX_REMEMBERED_TOKENS = 10_000
CLOCK_TOLERANCE_S = 600  # of another replica that issued a token
HASH_WAIT_S = 20  # of the 30 s that a request has; the longest line takes 8 s where nobody else computes
HASH_NICENESS = 4  # beside the process's own: where a processor is short, the event loop goes first
ARGON2_VERSION = 0x13  # of RFC 9106, the only one that the library writes
HASHES = Counter("ascension_password_hashes_total", "Passwords hashed or compared with a hash")


class PasswordHasher:
    """Argon2id with a bound on how many run at once, how many wait, and how long."""

    def __init__(self, *, parallel: int = 2) -> None:
        self._hasher = argon2.PasswordHasher()
        # threads of its own: names that resolve slowly fill those that everybody shares
        self._threads = ThreadPoolExecutor(parallel, "passwords", initializer=_yield_to_others)
        self._slots = Slots(parallel, waiting=MAX_WAITING_HASHES, wait_s=HASH_WAIT_S)
        self._nobody = _hash_of_nobody(self._hasher)

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


def _hash_of_nobody(hasher: argon2.PasswordHasher) -> str:
    """What no password fits: to compare with it costs an unknown e-mail the same time as a wrong password.

    It need not be computed, which would be a quarter of a second at every start.
    """
    cost = f"v={ARGON2_VERSION}$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id${cost}${salt}${digest}"


def _yield_to_others() -> None:
    """Of this thread, and of those that a hash begins: on Linux each has a priority of its own."""
    if sys.platform == "linux":
        own = os.getpriority(os.PRIO_PROCESS, 0)
        with suppress(PermissionError):  # a sandbox may forbid it: hashed all the same
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), own + HASH_NICENESS)


@dataclass(frozen=True)
class FormerKey:
    """A key that signs no more, and whose tokens are still good for a while: rotation ends no session."""

    secret: str
    until_s: float = math.inf
    """Seconds since 1970. Whoever has a key that leaked could sign with it for as long."""


@dataclass(frozen=True)
class Bearer:
    """Whom an access token speaks for. `session_id` None: it is of the release before this."""

    user_id: uuid.UUID
    session_id: uuid.UUID | None


class TokenIssuer:
    """Signs and checks access tokens. A good one is remembered, by its hash, until it expires.

    A token names its key by a mark that is made from it, and is looked for among those that are known here.
    Sessions that this process was told have ended are kept for as long as a token of theirs could last.
    """

    def __init__(self, secret: str, ttl_s: int, former: FormerKey | None = None) -> None:
        self._secret = secret
        self._key_id = key_id_of(secret)
        self._former = {key_id_of(former.secret): former} if former else {}
        self.ttl_s = ttl_s
        self._good: dict[bytes, tuple[Bearer, float]] = {}
        self._ended: dict[uuid.UUID, float] = {}

    def issue(self, user_id: uuid.UUID, session_id: uuid.UUID | None = None) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": str(user_id), "aud": AUDIENCE, "iat": now, "exp": now + self.ttl_s}
        if session_id is not None:
            claims["sid"] = str(session_id)
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM, headers={"kid": self._key_id})

    def end(self, session_ids: Iterable[uuid.UUID]) -> None:
        """Their tokens are no good from now on."""
        now_s, kept_s = time.time(), self.ttl_s + CLOCK_TOLERANCE_S
        for session_id in session_ids:
            self._ended.setdefault(session_id, now_s)
        # the earliest stand first
        while self._ended and now_s - self._ended[first := next(iter(self._ended))] > kept_s:
            del self._ended[first]

    def is_ended(self, session_id: uuid.UUID | None) -> bool:
        return session_id in self._ended

    def user_of(self, token: str) -> uuid.UUID:
        """Whose token this is. Raises as `bearer_of`."""
        return self.bearer_of(token).user_id

    def bearer_of(self, token: str) -> Bearer:
        """Raises TokenExpired, TokenInvalid, SessionRevoked."""
        if len(token) > MAX_TOKEN_CHARS:
            raise TokenInvalid
        key = token_hash(token)
        known = self._good.get(key)
        if known is None or time.time() >= known[1]:
            self._good.pop(key, None)
            known = self._good[key] = self._check(token)
            if len(self._good) > MAX_REMEMBERED_TOKENS:
                del self._good[next(iter(self._good))]  # the one that was checked first
        if known[0].session_id in self._ended:
            raise SessionRevoked
        return known[0]

    def _check(self, token: str) -> tuple[Bearer, float]:
        """Whose it is, and until when (seconds since 1970)."""
        try:
            key = self._key_of(jwt.get_unverified_header(token))
            claims = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["sub", "aud", "exp", "iat"], "verify_iat": False},
            )
            # a token of the release before names neither key nor issuer
            if claims.get("iss", ISSUER) != ISSUER or float(claims["iat"]) > time.time() + CLOCK_TOLERANCE_S:
                raise TokenInvalid
            session_id = uuid.UUID(claims["sid"]) if "sid" in claims else None
            return Bearer(uuid.UUID(claims["sub"]), session_id), min(float(claims["exp"]), key.until_s)
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
            raise TokenInvalid from error

    def _key_of(self, header: dict[str, Any]) -> FormerKey:
        """Raises TokenInvalid where its key is none of ours, or not any more."""
        key_id = header.get("kid", self._key_id)
        if key_id == self._key_id:
            return FormerKey(self._secret)
        former = self._former.get(key_id) if isinstance(key_id, str) else None
        if former is None or time.time() >= former.until_s:
            raise TokenInvalid
        return former


def key_id_of(secret: str) -> str:
    """Names a key and tells nothing of it: it has at least 32 random characters where that matters."""
    return hmac.digest(secret.encode(), b"key id", "sha256").hex()[:16]


def new_opaque_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of an opaque token. A plain hash suffices: the input has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
