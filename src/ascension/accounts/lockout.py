"""How often somebody may guess, without a way for strangers to lock anybody out (decision 23).

Tries are counted before they are made, so many at once are not more than one after the other. Beyond the
free ones each try opens a pause that grows. Who counts:

- a browser that logged into this account before: by itself. Nobody else's failures hold it up;
- everybody else: by account and address block, by address block, and all together by account. The last one
  never locks: beyond it a password alone is not enough, but a letter or a passkey is;
- who is logged in and asked again: by session.

Counters stand in Valkey under marks of e-mails, of unknown ones too; without Valkey each process counts.
"""

import hmac
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from prometheus_client import Counter

from ascension.accounts.sealing import AccountKeys
from ascension.errors.accounts import AccountLocked
from ascension.infra.http.addresses import address_block
from ascension.infra.logging import get_logger
from ascension.infra.security import new_opaque_token
from ascension.infra.streams import StreamsUnavailable

T = TypeVar("T")
REMEMBERED_S = 24 * 3600
AWAY_S = 10
MAX_REMEMBERED_HERE = 20_000
LOCKED = Counter("ascension_logins_locked_total", "Tries that were refused unread", ["counter"])


@dataclass(frozen=True)
class Pace:
    """So many tries at once; then a pause after each, which doubles up to a longest one."""

    name: str
    free: int
    first_s: float
    longest_s: float

    def pause_s(self, tries: int) -> float:
        return min(self.longest_s, self.first_s * 2 ** min(tries - self.free - 1, 32))


ONE_ACCOUNT = Pace("account", free=5, first_s=30, longest_s=900)
# a gym's visitors share one address
ONE_ADDRESS = Pace("address", free=50, first_s=2, longest_s=300)
STRANGERS_FREE = 100  # of all together, at one account


class Counts(Protocol):
    """Numbers and marks that are forgotten after a while: `infra/streams.py`, or this process."""

    async def count(self, key: str, *, ttl_s: int, by: int = 1) -> int: ...
    async def put_first(self, key: str, value: str, *, ttl_s: int) -> bool: ...
    async def remaining_s(self, key: str) -> float: ...
    async def drop(self, *keys: str) -> None: ...


class CountsHere:
    """The same in this process alone, bounded: the oldest is forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, float]] = {}

    async def count(self, key: str, *, ttl_s: int, by: int = 1) -> int:
        number = self._number(key) + by
        self._keep(key, number, ttl_s)
        return number

    async def put_first(self, key: str, value: str, *, ttl_s: int) -> bool:  # noqa: ARG002 (as in Valkey)
        if self._number(key):
            return False
        self._keep(key, 1, ttl_s)
        return True

    async def remaining_s(self, key: str) -> float:
        return max(0.0, self._kept[key][1] - time.monotonic()) if key in self._kept else 0.0

    async def drop(self, *keys: str) -> None:
        for key in keys:
            self._kept.pop(key, None)

    def _number(self, key: str) -> int:
        number, until = self._kept.get(key, (0, 0.0))
        return number if time.monotonic() < until else 0

    def _keep(self, key: str, number: int, ttl_s: int) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (number, time.monotonic() + ttl_s)
        if len(self._kept) > MAX_REMEMBERED_HERE:
            del self._kept[next(iter(self._kept))]


@dataclass(frozen=True)
class Try:
    """One that may be made. `is_under_attack`: strangers fail at this account beyond all measure.

    `opens_pause`: if it fails, the next one has to wait.
    """

    own: str
    shared: tuple[str, ...] = ()
    is_under_attack: bool = False
    opens_pause: bool = False


class Lockout:
    """Asks before a password or code is looked at; told when it was right."""

    def __init__(self, shared: Counts, keys: AccountKeys) -> None:
        self._shared = shared
        self._here = CountsHere()
        self._away_until = 0.0
        self._keys = keys

    def device_token(self, email: str) -> str:
        """What a browser keeps of a good login with this e-mail."""
        nonce = new_opaque_token()
        return f"{nonce}.{self._keys.mark('device', email, nonce).hex()}"

    def knows(self, device_token: str | None, email: str) -> bool:
        """Whether this browser logged into this account before."""
        nonce, _, mark = (device_token or "").partition(".")
        made = self._keys.marks("device", email, nonce)
        return any(hmac.compare_digest(mark.encode(), one.hex().encode()) for one in made)

    async def begin(
        self, account: str, *, address: str, device_token: str | None, what: str = "password"
    ) -> Try:
        """One more try at an account, by its e-mail, known or not. Raises AccountLocked."""
        if device_token is not None and self.knows(device_token, account):
            own = self._key(what, "device", account, device_token)
            return Try(own, opens_pause=await self._enter(ONE_ACCOUNT, own))
        pair = self._key(what, "pair", account, address_block(address))
        place = self._key("address", address_block(address))
        opens_pause = await self._enter(ONE_ACCOUNT, pair)
        opens_pause |= await self._enter(ONE_ADDRESS, place)
        strangers = self._key(what, "strangers", account)
        tries = await self._ask(lambda counts: counts.count(strangers, ttl_s=REMEMBERED_S))
        return Try(pair, (place, strangers), tries > STRANGERS_FREE, opens_pause)

    async def begin_own(self, session: str) -> Try:
        """One more try at the password by somebody who is logged in. Raises AccountLocked."""
        own = self._key("password", "session", session)
        return Try(own, opens_pause=await self._enter(ONE_ACCOUNT, own))

    async def succeeded(self, made: Try) -> None:
        """It was right: it counts nowhere, and what this one counted before is forgotten."""

        async def forget(counts: Counts) -> None:
            await counts.drop(made.own, _pause(made.own))
            for key in made.shared:
                await counts.count(key, ttl_s=REMEMBERED_S, by=-1)

        await self._ask(forget)

    async def withdraw(self, made: Try) -> None:
        """It was not looked at, because of us: it counts nowhere."""

        async def take_back(counts: Counts) -> None:
            for key in (made.own, *made.shared):
                await counts.count(key, ttl_s=REMEMBERED_S, by=-1)
            if made.opens_pause:
                await counts.drop(_pause(made.own))

        await self._ask(take_back)

    async def _enter(self, pace: Pace, key: str) -> bool:
        return await self._ask(lambda counts: _enter(counts, pace, key))

    async def _ask(self, question: Callable[[Counts], Awaitable[T]]) -> T:
        """Of Valkey; for some seconds after it did not answer, of this process."""
        if time.monotonic() >= self._away_until:
            try:
                return await question(self._shared)
            except StreamsUnavailable as error:
                self._away_until = time.monotonic() + AWAY_S
                get_logger().warning("tries_counted_here", reason=type(error).__name__)
        return await question(self._here)

    def _key(self, *parts: str) -> str:
        return f"tries:{self._keys.mark('tries', *parts).hex()[:40]}"


async def _enter(counts: Counts, pace: Pace, key: str) -> bool:
    """Whether the next one has to wait. Raises AccountLocked: this one has to."""
    wait_s = await counts.remaining_s(_pause(key))
    if wait_s <= 0:
        tries = await counts.count(key, ttl_s=REMEMBERED_S)
        if tries <= pace.free:
            return False
        pause_s = math.ceil(pace.pause_s(tries))
        if await counts.put_first(_pause(key), "1", ttl_s=pause_s):
            return True
        wait_s = pause_s
    LOCKED.labels(pace.name).inc()
    error = AccountLocked()
    error.retry_after_s = math.ceil(wait_s)
    raise error


def _pause(key: str) -> str:
    return f"{key}:pause"
