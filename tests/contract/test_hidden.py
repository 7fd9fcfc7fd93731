"""Addresses that the description does not name: each is placed, and its answer depends on nobody's token."""

from pathlib import Path

import pytest
import structlog
import websockets
from fastapi.routing import iter_route_contexts

from ascension.api import create_app
from tests.conftest import Engines
from tests.contract.test_access import become, forged_tokens
from tests.platform import Climber, Programs, plain_http

# what is asked for below, for each route that is in no description
PLACED = {
    "/api/v1/openapi.json": ("/api/v1/openapi.json",),
    "/mails": ("/mails",),
    "/mails/{name}": (f"/mails/{'0' * 36}",),
    "/ws": ("/ws", "/ws?ticket=x"),
    "/examples": ("/examples/a.txt", "/examples/none"),
    "/assets": ("/assets/app-1a2b3c.js", "/assets/none"),
    "/{path:page}": ("/", "/climbs/1", "/operator"),
}
HOT = ("/health", "/health/ready", "/metrics", "/api/v1/nowhere", "/docs")


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """A client, examples, letters."""
    found = {name: tmp_path / name.lower() for name in ("WEB_ROOT", "EXAMPLES_ROOT", "MAILS_FOLDER")}
    for file in (
        found["WEB_ROOT"] / "index.html",
        found["WEB_ROOT"] / "assets" / "app-1a2b3c.js",
        found["EXAMPLES_ROOT"] / "a.txt",
        found["MAILS_FOLDER"] / f"{'0' * 36}.eml",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("To: a@example.org\n\na token" if file.suffix == ".eml" else "of the client")
    return {name: str(folder) for name, folder in found.items()}


def test_every_route_without_a_description_is_placed(
    folders: dict[str, str], engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**engines.environment("api"), **folders, "ENVIRONMENT": "development"}.items():
        monkeypatch.setenv(name, value)
    try:
        app = create_app()
    finally:
        structlog.reset_defaults()  # where its log goes would hold for every test after this one
        structlog.contextvars.clear_contextvars()
    described = app.openapi()["paths"].keys()
    found = {str(getattr(one, "path", "")) for one in iter_route_contexts(app.routes)}
    assert found - described == PLACED.keys()


@pytest.mark.proves("D01")
async def test_what_they_answer_is_the_same_for_everybody(
    climber: Climber, engines: Engines, programs: Programs, folders: dict[str, str]
) -> None:
    _, url = programs.api(ENVIRONMENT="staging", EMAIL_VERIFICATION="off", **folders)
    forged = forged_tokens(climber, "x" * 64)
    tokens = {name: forged[name][0] for name in ("no token", "garbage", "expired", "algorithm none")}
    tokens["one's own"] = climber.headers
    paths = [path for asked in PLACED.values() for path in asked] + list(HOT)
    statuses: dict[str, int] = {}
    async with plain_http(url) as http:
        for role in ("climber", "admin"):
            await become(engines, climber, role)
            for path in paths:
                for name, headers in tokens.items():
                    for method in ("GET", "POST"):
                        answer = await http.request(method, path, headers=headers)
                        first = statuses.setdefault(f"{method} {path}", answer.status_code)
                        assert answer.status_code == first, f"{method} {path} as {role} with {name}"
                        assert "a token" not in answer.text, "letters are of one machine in development"
    assert {status for name, status in statuses.items() if name.startswith("POST")} <= {404, 405}


async def test_no_token_in_any_place_opens_a_socket(climber: Climber, api_url: str) -> None:
    base, told = api_url.replace("http", "ws", 1), dict[str, int]()
    for path, headers in {
        "/ws": climber.headers,
        f"/ws?ticket={climber.token}": {},
        "/ws?ticket=": {"Cookie": f"ticket={climber.token}"},
        "/ws?ticket=%00%ff": {},
        "/ws?ticket=a&ticket=b": {},
    }.items():
        try:
            async with websockets.connect(base + path, additional_headers=headers) as live:
                await live.wait_closed()
                assert (live.close_code, live.close_reason) == (4403, "ticket_invalid"), path
        except websockets.InvalidStatus as error:
            told[path] = error.response.status_code
    assert told == {f"/ws?ticket={climber.token}": 403}, "too long for a ticket: not even opened"
