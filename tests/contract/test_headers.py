"""What every answer tells a browser, whoever asks and whatever becomes of it: every route and every file."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from ascension.infra.http.errors import install_error_handlers
from ascension.infra.http.habits import HttpHabits
from ascension.infra.http.headers import safe_headers
from tests.contract.routes import Route
from tests.platform import Climber, Programs, plain_http

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
KEPT = {"/assets/app-1a2b3c.js": "public, max-age=31536000, immutable", "/examples/a.txt": "no-cache"}


def check(answer: httpx.Response) -> None:
    """Each header once, with its value; scripts and styles from files of ours alone."""
    name = f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"
    for header, value in ALWAYS.items():
        assert answer.headers.get_list(header) == [value], f"{header} of {name}"
    [policy] = answer.headers.get_list("content-security-policy")
    said: dict[str, str] = {}
    for part in policy.split("; "):
        said[part.split(" ", 1)[0]] = part.split(" ", 1)[1]
    assert (said["default-src"], said["script-src"], said["style-src"]) == ("'self'",) * 3, name
    assert (said["frame-ancestors"], said["object-src"], said["base-uri"]) == ("'none'",) * 3, name
    assert "unsafe" not in policy
    assert "*" not in policy
    [permissions] = answer.headers.get_list("permissions-policy")
    assert "camera=(self)" in permissions
    assert {"microphone=()", "geolocation=()", "payment=()"} <= set(permissions.split(", "))
    assert len(answer.headers.get_list("cache-control")) == 1, name
    assert "server" not in answer.headers
    assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-request-id"])


@pytest.mark.proves("M58")
async def test_every_route_says_it_to_everybody_and_nothing_private_is_kept(
    climber: Climber, routes: list[Route], document: dict[str, Any]
) -> None:
    for route in routes:
        path = route.at(**{name: str(uuid4()) for name in route.path_names})
        for headers in ({}, climber.headers):
            if headers and route.method == "delete" and not route.path_names:
                continue  # it would end the account
            body = route.example_body(document) if headers else None
            answer = await climber.http.request(route.method.upper(), path, json=body, headers=headers)
            check(answer)
            assert "strict-transport-security" not in answer.headers
            assert answer.headers["cache-control"] in ("no-store", "private, no-cache"), str(route)
            if answer.headers["cache-control"] != "no-store":
                assert answer.headers["vary"] == "Authorization", str(route)


@pytest.mark.proves("M58", "M63")
@pytest.mark.parametrize("environment", ["development", "staging", "production"])
async def test_files_and_whatever_is_refused_say_it_too(
    programs: Programs, tmp_path: Path, environment: str
) -> None:
    root, examples = tmp_path / "dist", tmp_path / "examples"
    for file in (root / "index.html", root / "assets" / "app-1a2b3c.js", examples / "a.txt"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    _, url = programs.api(ENVIRONMENT=environment, WEB_ROOT=str(root), EXAMPLES_ROOT=str(examples))
    async with plain_http(url) as http:
        answers = [await http.get(path) for path in (*KEPT, "/", "/climbs/1", "/assets/none", "/api/none")]
        answers += [
            await http.get("/assets/app-1a2b3c.js", headers={"If-None-Match": answers[0].headers["etag"]}),
            await http.get("/assets/app-1a2b3c.js", headers={"Range": "bytes=0-0"}),
            await http.put("/assets/app-1a2b3c.js"),
            await http.post("/api/v1/auth/login", content=b"x" * 70_000),
            await http.request("OPTIONS", "/api/v1/videos", headers={"Origin": "https://evil.example"}),
            await http.request("TRACE", "/"),
        ]
    assert [answer.status_code for answer in answers] == [200] * 4 + [404, 404, 304, 206, 405, 413, 405, 405]
    is_public = environment != "development"
    for answer in answers:
        check(answer)
        assert ("strict-transport-security" in answer.headers) is is_public
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    kept = [answer.headers["cache-control"] for answer in answers[:4]]
    assert kept == [*KEPT.values(), "no-cache", "no-cache"]
    assert answers[6].headers["cache-control"] == answers[0].headers["cache-control"]


async def test_a_fault_of_ours_says_it_too() -> None:
    app = FastAPI()
    install_error_handlers(app)
    app.add_middleware(HttpHabits, safe_headers=safe_headers("https://storage.example", https_only=True))

    @app.get("/fault")
    async def fault() -> None:
        raise RuntimeError("of the inside")

    assert callable(fault)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        answer = await http.get("/fault")
    assert (answer.status_code, answer.json()["error"]) == (500, "internal_error")
    assert "of the inside" not in answer.text
    check(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
