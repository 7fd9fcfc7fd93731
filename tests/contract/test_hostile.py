"""Whatever is sent, no route answers with a fault of ours."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.routes import Route
from tests.platform import ACCEPTED, PASSWORD

# texts that break things: NUL, lone surrogates, direction marks, other alphabets' capitals, quotes, paths
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\x00",
            "\ud800",
            "\u202e",
            "İSTANBUL@EXAMPLE.ORG",
            "ẞǅ@b.cd",
            "../../etc/passwd",
            "' or 1=1 --",
            "01a20002-98ad-738f-a7b8-03941b08a652",
            "9" * 400,
            "-1",
            "1e999",
            "a@b.cd",
        ]
    ),
)
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        texts,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
LIMITS = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def http(api_url: str) -> Iterator[httpx.Client]:
    """A client of one account for all the examples."""
    with httpx.Client(base_url=api_url, timeout=30) as client:
        body = {"email": "hostile@example.org", "password": PASSWORD, "accepted": ACCEPTED}
        answer = client.post("/api/v1/auth/register", json=body, headers={"Idempotency-Key": "one-account"})
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def check(answer: httpx.Response) -> None:
    """An answer may be anything but a fault; an error is ours."""
    assert answer.status_code < 500, f"{answer.request.url} {answer.request.content!r}: {answer.text}"
    if answer.status_code >= 400:
        assert answer.json().keys() == {"error", "detail"}
        assert len(answer.text) < 2000


def post(http: httpx.Client, path: str, body: object, **headers: str) -> httpx.Response:
    """With every character escaped, so that half a pair of surrogates travels too."""
    headers["Content-Type"] = "application/json"
    return http.post(path, content=json.dumps(body), headers=headers)


def routes_with_bodies(routes: list[Route]) -> list[Route]:
    # registering costs a quarter of a second of hashing: its bodies are refused in tests/accounts
    return [r for r in routes if "requestBody" in r.operation and "/auth/" not in r.path]


@pytest.mark.thorough
def test_no_body_is_a_fault(http: httpx.Client, routes: list[Route], document: dict[str, Any]) -> None:
    for route in routes_with_bodies(routes):
        example = route.example_body(document)
        assert example is not None

        @LIMITS
        @given(field=st.sampled_from([*example, None]), value=values)
        def send(route: Route, example: dict[str, Any], field: str | None, value: object) -> None:
            body: object = value
            if field is not None:
                body = {**copy.deepcopy(example), field: value}
            path = route.at(**dict.fromkeys(route.path_names, "01a20002-98ad-738f-a7b8-03941b08a652"))
            check(post(http, path, body))

        send(route, example)


@LIMITS
@given(email=texts, password=texts)
def test_no_login_is_a_fault(http: httpx.Client, email: str, password: str) -> None:
    check(post(http, "/api/v1/auth/login", {"email": email, "password": password}))


@LIMITS
@given(email=st.text(min_size=1, max_size=6), name=texts)
def test_no_name_or_address_is_a_fault(http: httpx.Client, email: str, name: str) -> None:
    # letters whose lower case the database may see otherwise than we do
    wish = {"email": f"{email}@example.org", "password": PASSWORD, "accepted": ACCEPTED}
    body = {**wish, "display_name": name}
    check(post(http, "/api/v1/auth/register", body))


@LIMITS
@given(
    cursor=texts,
    limit=texts,
    key=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=220),
    identity=texts,
)
def test_no_parameter_is_a_fault(
    http: httpx.Client, cursor: str, limit: str, key: str, identity: str
) -> None:
    query = {"cursor": cursor.encode(errors="surrogatepass"), "limit": limit.encode(errors="surrogatepass")}
    check(http.get("/api/v1/analyses", params=query))
    check(http.get("/api/v1/analyses", params={"cursor": query["cursor"]}))
    check(http.get(f"/api/v1/videos/{identity.encode(errors='surrogatepass').hex()}"))
    body = {"video_id": "01a20002-98ad-738f-a7b8-03941b08a652"}
    check(post(http, "/api/v1/analyses", body, **{"Idempotency-Key": key}))
