"""Which pages of other origins may read the API: our own, with the cookie; of others nothing is said."""

from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest
import pytest_asyncio

from tests.platform import Programs, plain_http

OURS, STRANGERS = "https://climb.example.org", "https://evil.example"
ASKED = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization,idempotency-key",
}
LOGIN = "/api/v1/auth/login"


@pytest_asyncio.fixture
async def http(programs: Programs) -> AsyncIterator[httpx.AsyncClient]:
    _, url = programs.api(WEB_ORIGINS=f'["http://localhost:8080", "{OURS}"]', RATE_LIMIT_FACTOR="0.1")
    async with plain_http(url) as client:
        yield client


def told(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.proves("M71")
async def test_our_own_pages_may_ask_and_read_with_the_cookie(http: httpx.AsyncClient) -> None:
    allowed = await http.request("OPTIONS", "/api/v1/users/me/climber", headers={"Origin": OURS, **ASKED})
    assert allowed.status_code == 200
    assert told(allowed)["access-control-allow-origin"] == OURS
    assert told(allowed)["access-control-allow-credentials"] == "true"
    assert "PUT" in told(allowed)["access-control-allow-methods"]
    assert "Idempotency-Key" in told(allowed)["access-control-allow-headers"]
    assert "x-content-type-options" in allowed.headers

    answers = [await http.post(LOGIN, json={}, headers={"Origin": OURS}) for _ in range(4)]
    answers.append(await http.get("/api/v1/users/me", headers={"Origin": OURS}))
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429, 401]
    for answer in answers:
        assert told(answer)["access-control-allow-origin"] == OURS
        assert "Origin" in answer.headers["vary"]
        assert told(answer)["access-control-expose-headers"] == "Date, Retry-After, X-Request-ID"
    assert "retry-after" in answers[3].headers


@pytest.mark.proves("M71", "M58")
@pytest.mark.parametrize("origin", [STRANGERS, "null", f"{OURS}.evil.example", OURS.upper(), ""])
async def test_pages_of_others_are_told_nothing(http: httpx.AsyncClient, origin: str) -> None:
    refused = await http.request("OPTIONS", "/api/v1/users/me/climber", headers={"Origin": origin, **ASKED})
    assert refused.status_code == 405
    assert told(refused) == {}
    assert told(await http.get("/api/v1/users/me", headers={"Origin": origin})) == {}
    assert told(await http.get("/health", headers={"Origin": origin})) == {}


async def test_who_names_no_origin_is_answered_as_before(http: httpx.AsyncClient) -> None:
    answer = await http.get("/health")
    assert told(answer) == {}
    assert "vary" not in answer.headers
