"""Rates: a bucket for each caller, the same in every replica, and one of the process's own without Valkey."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pytest
import websockets

from ascension.infra.http import rates as http_rates
from ascension.infra.http.addresses import address_block
from ascension.infra.http.rates import UNSHARED, Meter, Rate
from ascension.infra.streams import Streams
from ascension.operations.rates import RATES, rates
from tests.conftest import Engines, unused_port
from tests.platform import ROOT, Climber, Programs, plain_http, seeded_climber

SLOW = Rate("slow", 5, 3600, by="address")
REFRESH, ME = "/api/v1/auth/refresh", "/api/v1/users/me"
FACTOR = 0.02  # 6 refreshes and 24 reads a minute


async def test_replicas_share_what_a_caller_has(engines: Engines) -> None:
    first, second = Streams(engines.redis_url), Streams(engines.redis_url)
    one, other = str(uuid4()), str(uuid4())
    meters = [Meter(first), Meter(second)]
    spent = [await meters[number % 2].spend(SLOW, one) for number in range(7)]
    assert [found.missing_s == 0 for found in spent] == [True] * 5 + [False] * 2
    assert 0 < spent[5].missing_s <= SLOW.refill_s
    assert spent[6].full_s <= SLOW.per_s, "what is refused costs nothing"
    assert (await meters[0].spend(SLOW, other)).missing_s == 0
    await first.close()
    await second.close()


async def test_what_is_taken_together_is_no_more_than_there_is(engines: Engines) -> None:
    rate, caller = Rate("wide", 300, 3600, by="user"), str(uuid4())
    opened = [Streams(engines.redis_url) for _ in range(2)]
    meters = [Meter(streams) for streams in opened]
    spent = [await meters[number % 2].spend(rate, caller) for number in range(310)]
    served = [found for found in spent if found.missing_s == 0]
    assert 300 - 2 * (rate.batch - 1) <= len(served) <= 300
    assert served[0].full_s <= rate.refill_s
    assert spent[-1].missing_s > 0
    aside = await asyncio.gather(*(Meter(opened[0]).spend(rate, str(uuid4())) for _ in range(8)))
    assert {found.missing_s for found in aside} == {0}
    for streams in opened:
        await streams.close()


async def test_a_clock_that_was_set_back_costs_one_bucket_at_most(engines: Engines) -> None:
    streams, caller = Streams(engines.redis_url), str(uuid4())
    await streams.put(f"rate:slow:{caller}", str((time.time() + 30 * 24 * 3600) * 1000), ttl_s=60)
    assert (await Meter(streams).spend(SLOW, caller)).missing_s <= SLOW.refill_s
    await streams.close()


def unshared() -> float:
    """How often a process counted alone."""
    return next(iter(UNSHARED.collect())).samples[0].value


async def test_without_valkey_a_process_bounds_alone_and_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_rates, "MAX_REMEMBERED", 2)
    streams = Streams(f"redis://127.0.0.1:{unused_port()}")
    meter, before = Meter(streams), unshared()
    spent = [await meter.spend(SLOW, "one") for _ in range(7)]
    assert [found.missing_s == 0 for found in spent] == [True] * 5 + [False] * 2
    assert 0 < spent[5].missing_s <= SLOW.refill_s
    assert unshared() - before == 7
    for caller in ("two", "three", "four"):
        assert (await meter.spend(SLOW, caller)).missing_s == 0
    assert len(vars(meter)["_own"]) == 2
    await streams.close()


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("x" * 5000, "unknown"),
        ("' or 1=1 --", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_customer_has_one_address_or_one_block(address: str, block: str) -> None:
    assert address_block(address) == block


async def served_of(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, float]:
    """How many of a burst were served, and how long it took. The rest is refused as documented."""
    began, served = time.monotonic(), 0
    for _ in range(40):
        answer = await http.request(method, path, headers=headers)
        if answer.status_code == 429:
            assert answer.json()["error"] == "rate_limited"
            assert int(answer.headers["retry-after"]) >= 1
            assert ";r=0;t=" in answer.headers["ratelimit"]
        else:
            served += 1
        assert answer.headers["ratelimit-policy"].endswith(";w=60")
    return served, time.monotonic() - began


@pytest.mark.proves("D08", "M58")
async def test_the_documented_rates_hold_and_users_are_apart(programs: Programs, engines: Engines) -> None:
    _, url = programs.api(RATE_LIMIT_FACTOR=str(FACTOR))
    climber, stranger = await seeded_climber(engines, url), await seeded_climber(engines, url)
    served, took_s = await served_of(climber.http, "GET", ME, headers=climber.headers)
    assert 24 <= served <= 24 + took_s * 24 / 60 + 1
    renewed = {"Authorization": f"Bearer {(await refreshed(climber))}"}
    served, took_s = await served_of(climber.http, "GET", ME, headers=renewed)
    assert served <= took_s * 24 / 60 + 2, "a fresh token brings no room"
    first = await stranger.get(ME)
    assert (first.status_code, first.headers["ratelimit"].split(";")[1]) == (200, "r=23")
    async with plain_http(url) as http:
        await served_of(http, "POST", REFRESH)
        assert (await http.post(REFRESH)).status_code == 429
        exempt = [await http.get("/health") for _ in range(50)]
        told = [await http.post("/api/v1/storage-events", json={}) for _ in range(50)]
    assert {answer.status_code for answer in exempt} == {200}
    assert 429 not in {answer.status_code for answer in told}
    for one in (climber, stranger):
        await one.http.aclose()


async def refreshed(climber: Climber) -> str:
    token: str = (await climber.http.post(REFRESH)).json()["access_token"]
    return token


async def test_a_live_socket_is_opened_so_often_and_no_more(programs: Programs) -> None:
    """Also with tickets that nobody gave: each is looked up."""
    _, url = programs.api(RATE_LIMIT_FACTOR="0.01")  # two
    address = f"{url.replace('http', 'ws', 1)}/ws?ticket=made-up"
    for _ in range(2):
        async with websockets.connect(address) as socket:
            await socket.wait_closed()
            assert socket.close_code == 4403
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(address)
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["Retry-After"]) > 0


async def test_an_outage_of_valkey_locks_nobody_out(broken_programs: Programs) -> None:
    engines = broken_programs.engines
    process, url = broken_programs.api(RATE_LIMIT_FACTOR=str(FACTOR))
    climber = await seeded_climber(engines, url)
    engines.stack.engine("valkey").kill()
    served, took_s = await served_of(climber.http, "GET", ME, headers=climber.headers)
    assert 23 <= served <= 24 + took_s * 24 / 60 + 1
    figures = (await climber.get("/metrics")).text
    assert "ascension_http_rates_unshared_total 0.0" not in figures
    assert not [event for event in process.events() if event["event"] == "unexpected_error"]
    await climber.http.aclose()


def test_each_route_has_the_rate_of_its_kind() -> None:
    rate_of = rates(1)
    told = {
        ("POST", "/api/v1/auth/login"): "login",
        ("POST", "/api/v1/auth/passkey"): "login",
        ("POST", "/api/v1/auth/register"): "register",
        ("POST", "/api/v1/auth/refresh"): "session",
        ("POST", "/api/v1/auth/password/reset"): "auth",
        ("POST", "/api/v1/auth/of-a-later-release"): "auth",
        ("POST", "/api/v1/ws-tickets"): "tickets",
        ("GET", "/api/v1/analyses"): "reads",
        ("DELETE", "/api/v1/videos/1"): "writes",
        ("POST", "/api/v1/storage-events"): None,
        ("GET", "/health"): None,
        ("GET", "/metrics"): None,
        ("GET", "/ws"): "sockets",
        ("GET", "/assets/app.js"): "files",
    }
    for (method, path), name in told.items():
        rate = rate_of(method, path)
        assert (rate.name if rate else None) == name, path
    assert {rate.by for rate in RATES if rate.name not in ("reads", "writes")} == {"address"}


@pytest.mark.proves("D08")
def test_the_guide_tells_the_rates_of_the_code() -> None:
    guide = (Path(ROOT) / "docs" / "guides" / "limits.md").read_text()
    for rate in RATES:
        row = next(line for line in guide.splitlines() if line.startswith(f"| `{rate.name}` |"))
        every = {60: "minute", 3600: "hour"}[round(rate.per_s)]
        assert f"| {rate.requests} | {every} | {rate.by} |" in row, row
