"""Habits of every answer: one error body, request ids, safe headers, limits, the methods of an address."""

import json
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.contract.routes import Route
from tests.platform import Climber, Process, Programs

JSON = {"Content-Type": "application/json"}
LOGIN = "/api/v1/auth/login"
ASSET = "/assets/app-1a2b3c.js"


@pytest.fixture
def site(programs: Programs, tmp_path: Path) -> tuple[Process, str]:
    """An API process that serves a built client."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>the client</title>")
    (root / ASSET.removeprefix("/")).write_text("export {};")
    (tmp_path / "secret.txt").write_text("not for the web")
    return programs.api(WEB_ROOT=str(root))


@pytest.fixture
async def http(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as client:
        yield client


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; the body must be ours and hold nothing of the inside."""
    body = answer.json()
    assert body.keys() == {"error", "detail"}, answer.text
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text
    return answer.status_code, body["error"]


@pytest.mark.proves("M47")
async def test_every_answer_has_its_own_id_and_safe_headers(climber: Climber) -> None:
    big = b'"' + b"x" * 70_000 + b'"'
    answers = [
        await climber.get("/health"),
        await climber.get("/health/ready"),
        await climber.get("/metrics"),
        await climber.get("/api/v1/openapi.json"),
        await climber.get("/api/v1/users/me"),
        await climber.http.get("/api/v1/users/me"),
        await climber.get("/api/v1/nowhere"),
        await climber.http.put("/health"),
        await climber.post(LOGIN, {}),
        await climber.http.post(LOGIN, content=big, headers=JSON),
        await climber.post("/api/v1/ws-tickets"),
        await climber.http.post("/api/v1/auth/logout"),
    ]
    assert [answer.status_code for answer in answers] == [
        200, 200, 200, 200, 200, 401, 404, 405, 422, 413, 201, 204,
    ]  # fmt: skip
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


@pytest.mark.proves("M47")
async def test_every_request_has_one_line_in_the_log_and_what_strangers_write_has_none(
    site: tuple[Process, str],
) -> None:
    process, url = site
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        mine = await http.get("/api/v1/users/me", headers={"X-Request-ID": "balancer-0042"})
        bad = [
            await http.get("/health", headers={"X-Request-ID": said})
            for said in ("short", "x" * 65, "a b c d e")
        ]
        strange = await http.get(
            "/api/v1/written-by-a-stranger?token=secret", headers={"X-Request-ID": "<x>"}
        )
        for _ in range(250):
            await http.get("/health")
    process.stop()
    lines = [event for event in process.events() if event["event"] == "request"]
    [line] = [one for one in lines if one["request_id"] == mine.headers["x-request-id"]]
    assert line["client_request_id"] == "balancer-0042"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/users/me", 401)
    assert line["ms"] >= 0
    assert [one["route"] for one in lines if one["request_id"] == strange.headers["x-request-id"]] == [
        "other"
    ]
    assert "stranger" not in process.log()
    assert "token=secret" not in process.log()
    assert [one.get("client_request_id") for one in lines].count("balancer-0042") == 1
    assert not [
        one for one in lines if one.get("client_request_id") in ("short", "x" * 65, "a b c d e", "<x>")
    ]
    health = [one for one in lines if one["route"] == "/health"]
    assert 2 <= len(health) <= 4, "one in a hundred"
    assert all(answer.status_code == 200 for answer in bad)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "body: Field required"),
        (b"{", "The body is not valid JSON."),
        (b"{'email': 1}", "The body is not valid JSON."),
        (b"\xff\xfe{}", "The body is not valid JSON."),
        (b'{"email": "\xff"}', "There was an error parsing the body"),
        (b"[" * 30_000, "There was an error parsing the body"),
        (b'{"email":' + b"9" * 5_000 + b"}", "There was an error parsing the body"),
        (b"[]", "body: Input should be a valid dictionary or object to extract fields from"),
        (b"null", "body: Input should be a valid dictionary or object to extract fields from"),
        (b'{"email": NaN}', "email: Input should be a valid string"),
        (b'{"email": "\\ud800@a.bc"}', "email: Input should be a valid string"),
    ],
)
async def test_a_broken_body_is_malformed(http: httpx.AsyncClient, body: bytes, detail: str) -> None:
    answer = await http.post(LOGIN, content=body, headers=JSON)
    assert error_of(answer) == (422, "malformed")
    assert answer.json()["detail"].startswith(detail)


async def test_a_body_of_another_type_is_malformed(http: httpx.AsyncClient) -> None:
    good = json.dumps({"email": "a@example.org", "password": "x"}).encode()
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await http.post(LOGIN, content=good, headers={"Content-Type": content_type})
        assert error_of(answer) == (422, "malformed")


@pytest.mark.proves("M06")
async def test_a_body_over_64_kb_is_refused_with_and_without_its_length(http: httpx.AsyncClient) -> None:
    big = b'{"email": "' + b"x" * 65_536 + b'"}'

    async def in_chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(big), 8_192):
            yield big[start : start + 8_192]

    for content in (big, in_chunks()):
        assert error_of(await http.post(LOGIN, content=content, headers=JSON)) == (413, "too_large")
    fits = b'{"email": "' + b"x" * 65_000 + b'"}'
    assert error_of(await http.post(LOGIN, content=fits, headers=JSON)) == (422, "malformed")


async def test_a_wrong_method_is_told_all_the_right_ones(
    http: httpx.AsyncClient, routes: list[Route]
) -> None:
    answered: dict[str, set[str]] = {}
    for route in routes:
        answered.setdefault(route.path, set()).add(route.method.upper())
    answered["/api/v1/shares/open"] |= answered["/api/v1/shares/{share_id}"]  # one address fits both
    for path, methods in answered.items():
        for method in {"GET", "PUT", "PATCH", "POST", "DELETE", "OPTIONS"} - methods:
            answer = await http.request(method, path.replace("{", "").replace("}", ""))
            assert error_of(answer) == (405, "method_not_allowed"), f"{method} {path}"
            assert set(answer.headers["allow"].split(", ")) == methods, f"{method} {path}"


async def test_an_unknown_address_is_unknown_for_every_method(http: httpx.AsyncClient) -> None:
    for path in ("/", "/api", "/api/v1/nowhere", "/api/v1/videos/", "/api/v2/videos", "/ws", "//health"):
        for method in ("GET", "POST", "DELETE"):
            assert error_of(await http.request(method, path)) == (404, "route_not_found"), path


def test_the_client_is_served_beside_the_api_and_hides_no_wrong_address(site: tuple[Process, str]) -> None:
    process, url = site
    with httpx.Client(base_url=url, timeout=10) as http:
        for path in ("/", "/climbs/01a20002-98ad", "/index.html", "/apiary", "/" + "a" * 300):
            page = http.get(path)
            assert page.status_code == 200, path
            assert "the client" in page.text
            assert page.headers["cache-control"] == "no-cache"
        asset = http.get(ASSET)
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"
        for path in (
            "/assets/gone.js",
            "/gone.webmanifest",
            "/icons/gone.svg",
            "/assets/%00",
            "/assets/" + "a" * 300,
            "/%00",
            "/ws",
            "/api/v1/nowhere",
        ):
            assert error_of(http.get(path)) == (404, "route_not_found"), path
        assert error_of(http.post("/api/v1/nowhere")) == (404, "route_not_found")
        wrong = http.put(ASSET)
        assert error_of(wrong) == (405, "method_not_allowed")
        assert wrong.headers["allow"] == "GET, HEAD"
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt"):
        assert "not for the web" not in raw_get(url, path)
    assert not [event for event in process.events() if event["level"] == "error"]


def raw_get(url: str, path: str) -> str:
    """A GET whose path nobody cleans."""
    host, port = url.removeprefix("http://").split(":")
    return "".join(_exchange(host, int(port), f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))


def _exchange(host: str, port: int, request: str) -> Iterator[str]:
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(request.encode())
        while chunk := connection.recv(65_536):
            yield chunk.decode(errors="replace")
