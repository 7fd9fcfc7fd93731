"""Do logins hold up others? `make bench-logins`: `/users/me` at rest and under 20 logins at once, in turns.

Argon2id is computed in threads, at most two at once: the event loop serves others meanwhile. Only the ratio
of the two is judged, taken within one run: what else the machine does weighs on both.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from contextlib import suppress

import httpx2 as httpx

from benches.engines import own_programs
from benches.load.processor import machine_load
from tests.platform import PASSWORD, Climber, plain_http, seeded_climber

TARGET = 3.0
LOGINS_AT_ONCE = 20
ROUNDS = 5
REQUESTS = 200
PAUSE_S = 0.01


async def ask(climber: Climber) -> list[float]:
    """Seconds of each of some requests, one after the other."""
    taken: list[float] = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        answer = await climber.get("/api/v1/users/me")
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.text
        await asyncio.sleep(PAUSE_S)
    return taken


async def log_in_again_and_again(http: httpx.AsyncClient, email: str, statuses: list[int]) -> None:
    """Until canceled. Right passwords: each costs one hash, and opens a session."""
    while True:
        answer = await http.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        statuses.append(answer.status_code)


async def ask_under_logins(climber: Climber, others: list[Climber], statuses: list[int]) -> list[float]:
    clients = [plain_http(str(climber.http.base_url)) for _ in others]
    logins = [
        asyncio.create_task(log_in_again_and_again(http, other.email, statuses))
        for http, other in zip(clients, others, strict=True)
    ]
    try:
        return await ask(climber)
    finally:
        for login in logins:
            login.cancel()
            with suppress(asyncio.CancelledError):
                await login
        for http in clients:
            await http.aclose()


def p95_ms(taken_s: list[float]) -> float:
    return statistics.quantiles(taken_s, n=20)[-1] * 1000


async def measure(rounds: int) -> float:
    """Print both, and the ratio that is judged."""
    idle: list[float] = []
    busy: list[float] = []
    statuses: list[int] = []
    async with own_programs() as programs:
        _, url = programs.api()
        climber = await seeded_climber(programs.engines, url)
        others = [await seeded_climber(programs.engines, url) for _ in range(LOGINS_AT_ONCE)]
        await ask(climber)  # what is made at the first request
        for _ in range(rounds):
            idle += await ask(climber)
            busy += await ask_under_logins(climber, others, statuses)
        for one in (climber, *others):
            await one.http.aclose()
    ratio = p95_ms(busy) / p95_ms(idle)
    print(f"machine: {machine_load()}")
    for name, taken in (("at rest", idle), (f"under {LOGINS_AT_ONCE} logins at once", busy)):
        print(f"/users/me {name}: p50 {statistics.median(taken) * 1000:.1f} ms, p95 {p95_ms(taken):.1f} ms")
    print(f"logins meanwhile, by status: {dict(Counter(statuses))}")
    print(f"p95 under logins / at rest: {ratio:.2f} (at most {TARGET})")
    return ratio


def main() -> int:
    """1 where logins hold others up beyond the target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return int(asyncio.run(measure(parser.parse_args().rounds)) > TARGET)


if __name__ == "__main__":
    sys.exit(main())
