"""Who may call what: every route of the description is placed here, and a new one fails until it is."""

import time
from typing import Any
from uuid import uuid4

import jwt
import pytest

from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines
from tests.contract.routes import Route
from tests.platform import Climber
from tests.rows import sql

# Anyone may ask these.
PUBLIC = {
    "GET /health",
    "GET /health/ready",
    "GET /metrics",
    "GET /api/v1/auth/sign-up",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/verification",
    "POST /api/v1/auth/verification/letters",
    "POST /api/v1/auth/password/letters",
    "POST /api/v1/auth/password/reset",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/login/code",
    "POST /api/v1/auth/passkey-options",
    "POST /api/v1/auth/passkey",
}
# These ride on the refresh cookie: tests/accounts/test_sessions.py.
COOKIE = {"POST /api/v1/auth/refresh", "POST /api/v1/auth/logout"}
# These are for whoever knows an id that nobody can guess: the account it was about is gone.
KNOWN = {"GET /api/v1/erasures/{erasure_id}"}
# Storage shows a secret of its own: tests/videos/test_confirmation.py.
STORAGE = {"POST /api/v1/storage-events"}
# These are for operators, and to all others they do not exist: tests/operations/test_operator.py.
OPERATOR = {
    "GET /api/v1/operator/queue",
    "GET /api/v1/operator/jobs",
    "GET /api/v1/operator/jobs/{job_id}",
    "POST /api/v1/operator/jobs/{job_id}/retry",
    "POST /api/v1/operator/jobs/{job_id}/cancel",
    "POST /api/v1/operator/dead-jobs/retry",
    "GET /api/v1/operator/users",
    "PATCH /api/v1/operator/users/{user_id}",
}
# These are about the caller and name no object.
OWN = {
    "POST /api/v1/auth/password",
    "GET /api/v1/auth/sessions",
    "POST /api/v1/auth/logout-everywhere",
    "GET /api/v1/users/me/factors",
    "POST /api/v1/users/me/totp",
    "DELETE /api/v1/users/me/totp",
    "POST /api/v1/users/me/totp/confirm",
    "POST /api/v1/users/me/recovery-codes",
    "POST /api/v1/users/me/passkey-options",
    "POST /api/v1/users/me/passkeys",
    "GET /api/v1/users/me",
    "DELETE /api/v1/users/me",
    "GET /api/v1/users/me/climber",
    "PUT /api/v1/users/me/climber",
    "GET /api/v1/analyses",
    "GET /api/v1/progress",
    "GET /api/v1/comparisons",
    "POST /api/v1/analyses",
    "POST /api/v1/comparisons",
    "POST /api/v1/videos",
    "POST /api/v1/ws-tickets",
}
# These name an object, which must be the caller's.
OBJECT = {
    "DELETE /api/v1/auth/sessions/{session_id}",
    "DELETE /api/v1/users/me/passkeys/{passkey_id}",
    "GET /api/v1/videos/{video_id}",
    "DELETE /api/v1/videos/{video_id}",
    "GET /api/v1/videos/{video_id}/parts",
    "POST /api/v1/videos/{video_id}/parts",
    "POST /api/v1/videos/{video_id}/complete",
    "GET /api/v1/videos/{video_id}/playback",
    "PUT /api/v1/videos/{video_id}/saved",
    "DELETE /api/v1/videos/{video_id}/saved",
    "POST /api/v1/videos/{video_id}/restore",
    "GET /api/v1/analyses/{analysis_id}",
    "DELETE /api/v1/analyses/{analysis_id}",
    "GET /api/v1/analyses/{analysis_id}/result",
    "GET /api/v1/analyses/{analysis_id}/coaching",
    "GET /api/v1/analyses/{analysis_id}/wall",
    "POST /api/v1/analyses/{analysis_id}/cancel",
    "POST /api/v1/analyses/{analysis_id}/retry",
    "PUT /api/v1/analyses/{analysis_id}/route",
    "GET /api/v1/analyses/{analysis_id}/corrections",
    "POST /api/v1/analyses/{analysis_id}/corrections",
    "DELETE /api/v1/analyses/{analysis_id}/corrections",
    "DELETE /api/v1/analyses/{analysis_id}/corrections/{correction_id}",
    "POST /api/v1/analyses/{analysis_id}/derivation/retry",
    "POST /api/v1/analyses/{analysis_id}/derivation/cancel",
    "GET /api/v1/comparisons/{comparison_id}",
    "DELETE /api/v1/comparisons/{comparison_id}",
}


async def call(
    climber: Climber, route: Route, document: dict[str, Any], headers: dict[str, str], **ids: str
) -> tuple[int, str]:
    """Status and error code of one call."""
    known = {name: ids.get(name, str(uuid4())) for name in route.path_names}
    answer = await climber.http.request(
        route.method.upper(), route.at(**known), json=route.example_body(document), headers=headers
    )
    body: dict[str, Any] = answer.json() if answer.headers.get("content-type") == "application/json" else {}
    return answer.status_code, body.get("error", "")


@pytest.mark.proves("D01")
def test_every_route_is_placed_and_described_as_it_is(routes: list[Route]) -> None:
    assert {str(route) for route in routes} == PUBLIC | COOKIE | KNOWN | STORAGE | OPERATOR | OWN | OBJECT
    assert {str(route) for route in routes if route.needs_token} == OPERATOR | OWN | OBJECT
    operator_objects = {name for name in OPERATOR if "{" in name}
    assert {str(route) for route in routes if route.path_names} == KNOWN | OBJECT | operator_objects


def forged_tokens(climber: Climber, secret: str) -> dict[str, tuple[dict[str, str], str]]:
    """Authorization headers that must not work, with the error each is answered with."""
    now = int(time.time())
    good = {"sub": climber.user["id"], "aud": "ascension-api", "iat": now, "exp": now + 900}
    unsigned = jwt.encode(good, None, algorithm="none")  # pyright: ignore[reportUnknownMemberType]

    def signed(key: str = secret, algorithm: str = "HS256", without: str = "", **claims: object) -> str:
        held = {name: value for name, value in {**good, **claims}.items() if name != without}
        return jwt.encode(held, key, algorithm=algorithm)  # pyright: ignore[reportUnknownMemberType]

    def bearer(token: str, error: str = "token_invalid") -> tuple[dict[str, str], str]:
        return {"Authorization": f"Bearer {token}"}, error

    head, claims, signature = climber.token.split(".")
    return {
        "no token": ({}, "unauthenticated"),
        "empty": ({"Authorization": ""}, "unauthenticated"),
        "no scheme": ({"Authorization": climber.token}, "unauthenticated"),
        "other scheme": ({"Authorization": f"Basic {climber.token}"}, "unauthenticated"),
        "in a cookie": ({"Cookie": f"access_token={climber.token}"}, "unauthenticated"),
        "the refresh token": bearer(climber.http.cookies["ascension_refresh"]),
        "garbage": bearer("a.b.c"),
        "deep header": bearer("W1tb" * 2000 + ".e30.AAAA"),
        "expired": bearer(signed(exp=now - 1, iat=now - 901), "token_expired"),
        "algorithm none": bearer(unsigned),
        "other algorithm": bearer(signed(algorithm="HS384")),
        "other secret": bearer(signed("another secret of thirty-two characters")),
        "other audience": bearer(signed(aud="somebody-else")),
        "no audience": bearer(signed(without="aud")),
        "no end": bearer(signed(without="exp")),
        "no subject": bearer(signed(without="sub")),
        "subject is no id": bearer(signed(sub="admin")),
        "from the future": bearer(signed(iat=now + 3600)),
        "changed claims": bearer(f"{head}.{claims[:-2]}AA.{signature}"),
        "signature cut": bearer(f"{head}.{claims}."),
    }


@pytest.mark.proves("D01")
async def test_without_a_good_token_no_route_does_anything(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    secret = engines.stack.home.secrets().jwt
    forged = forged_tokens(climber, secret)
    climber.http.cookies.clear()
    for route in routes:
        if str(route) not in OPERATOR | OWN | OBJECT:
            continue
        for name, (headers, error) in forged.items():
            assert await call(climber, route, document, headers) == (401, error), f"{route} with {name}"
    assert (await climber.get("/api/v1/users/me")).status_code == 200, "the good token still works"
    assert (await climber.http.get(f"/api/v1/users/me?access_token={climber.token}")).status_code == 401


@pytest.mark.proves("D01", "D04")
async def test_other_peoples_objects_are_not_there(
    climber: Climber, stranger: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    analysis = await climber.analyze(b"somebody's climb")
    ids = {
        "analysis_id": analysis["id"],
        "video_id": analysis["video"]["id"],
        "comparison_id": await compared_climbs(engines, climber),
    }
    before = await states(engines, climber)
    for route in routes:
        if str(route) not in OBJECT:
            continue
        theirs = await call(stranger, route, document, stranger.headers, **ids)
        nobodys = await call(stranger, route, document, stranger.headers)
        assert theirs == nobodys, f"{route} tells what exists"
        assert theirs[0] == 404, str(route)
    taken = await stranger.post("/api/v1/analyses", {"video_id": ids["video_id"]})
    assert (taken.status_code, taken.json()["error"]) == (404, "video_not_found")
    assert (await stranger.get("/api/v1/analyses")).json()["items"] == []
    assert await states(engines, climber) == before


@pytest.mark.proves("D02")
async def test_to_all_but_operators_their_addresses_do_not_exist(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    analysis = await climber.analyze(b"the asker's own")
    found = await sql(engines, "select job_id from analyses where id = %s", analysis["id"])
    ids = {"job_id": str(found[0][0])}
    nowhere = await climber.get("/api/v1/nowhere")
    before = await states(engines, climber)
    for route in (route for route in routes if str(route) in OPERATOR):
        assert await call(climber, route, document, climber.headers, **ids) == (404, "route_not_found")
        wrong = route.at(**dict.fromkeys(route.path_names, "no-id"))
        mistaken = await climber.http.request(
            route.method.upper(), wrong, json={"kind": 1}, headers=climber.headers
        )
        assert (mistaken.status_code, mistaken.json()) == (404, nowhere.json()), str(route)
    assert await states(engines, climber) == before


async def states(engines: Engines, climber: Climber) -> list[tuple[Any, ...]]:
    return await sql(
        engines,
        """
        select v.state, j.state, j.cancel_requested, v.object_key from jobs j
        join analyses a on a.job_id = j.id join videos v on v.id = a.video_id where a.user_id = %s
        order by v.object_key
        """,
        climber.user["id"],
    )


async def test_the_token_of_a_removed_account_makes_nothing(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    await sql(engines, "delete from users where id = %s", climber.user["id"])
    for route in routes:
        if str(route) in OBJECT:
            assert (await call(climber, route, document, climber.headers))[0] == 404, str(route)
    assert (await climber.get("/api/v1/users/me")).json()["error"] == "session_revoked"
    refused = await climber.post("/api/v1/videos", document_example(routes, document, "POST /api/v1/videos"))
    assert (refused.status_code, refused.json()["error"]) == (401, "session_revoked")
    keyed = await climber.post("/api/v1/analyses", {"video_id": str(uuid4())}, Idempotency_Key="a-key-here")
    assert (keyed.status_code, keyed.json()["error"]) == (401, "session_revoked")
    assert (await climber.http.post("/api/v1/auth/refresh")).status_code == 401


def document_example(routes: list[Route], document: dict[str, Any], name: str) -> object:
    return next(route for route in routes if str(route) == name).example_body(document)
