"""Who may call what: every route of the description is placed here, and a new one fails until it is."""

import time
from typing import Any, LiteralString
from uuid import uuid4

import jwt
import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines
from tests.contract.placed import COOKIE, KNOWN, OBJECT, OPERATOR, OWN, PUBLIC, SIGNED
from tests.contract.routes import Route, resolve
from tests.platform import Climber
from tests.routes.seeds import tried_route
from tests.rows import sql


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
    assert {str(route) for route in routes} == PUBLIC | COOKIE | KNOWN | SIGNED | OPERATOR | OWN | OBJECT
    assert {str(route) for route in routes if route.needs_token} == OPERATOR | OWN | OBJECT
    operator_objects = {name for name in OPERATOR if "{" in name}
    assert {str(route) for route in routes if route.path_names} == KNOWN | OBJECT | operator_objects


def forged_tokens(climber: Climber, secret: str) -> dict[str, tuple[dict[str, str], str]]:
    """Authorization headers that must not work, with the error each is answered with."""
    now = int(time.time())
    good = {"sub": climber.user["id"], "aud": "ascension-api", "iat": now, "exp": now + 900}
    unsigned = jwt.encode(good, "", algorithm="none")

    def signed(key: str = secret, algorithm: str = "HS256", without: str = "", **claims: object) -> str:
        held = {name: value for name, value in {**good, **claims}.items() if name != without}
        return jwt.encode(held, key, algorithm=algorithm)

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


FOOT = {"limb": "left_foot", "start_frame": 40, "end_frame": 95, "kind": "hold", "place": [0.42, 1.31]}
EDITS = {"contacts": [FOOT]}


async def become(engines: Engines, climber: Climber, role: str) -> None:
    await sql(engines, "update users set role = %s where id = %s", role, climber.user["id"])


async def objects_of(engines: Engines, climber: Climber) -> dict[str, str]:
    """One of everything that a path can name."""
    analysis = await climber.analyze(b"somebody's climb")
    comparison_id = await compared_climbs(engines, climber)
    route_id, tries_id = await tried_route(climber, analysis["id"])
    [(passkey_id,)] = await sql(
        engines,
        """
        insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        values (gen_random_uuid(), %s, uuid_send(gen_random_uuid()), 'x', 0, 'key') returning id::text
        """,
        climber.user["id"],
    )
    [(export_id,)] = await sql(
        engines,
        """
        insert into exports (id, user_id, language, state, expires_at)
        values (gen_random_uuid(), %s, 'en', 'ready', now() + interval '1 day') returning id::text
        """,
        climber.user["id"],
    )
    [(correction_id,)] = await sql(
        engines,
        """
        insert into corrections (id, analysis_id, edits) values (uuidv7(), %s, %s) returning id::text
        """,
        analysis["id"],
        Jsonb(EDITS),
    )
    [(session_id, job_id)] = await sql(
        engines,
        """
        select t.family_id::text, a.job_id::text from refresh_tokens t join analyses a using (user_id)
        where a.id = %s limit 1
        """,
        analysis["id"],
    )
    return {
        **await shared_objects_of(engines, analysis["id"]),
        "analysis_id": analysis["id"],
        "video_id": analysis["video"]["id"],
        "comparison_id": comparison_id,
        "route_id": route_id,
        "tries_id": tries_id,
        "passkey_id": passkey_id,
        "export_id": export_id,
        "correction_id": correction_id,
        "session_id": session_id,
        "job_id": job_id,
        "user_id": climber.user["id"],
    }


async def shared_objects_of(engines: Engines, analysis_id: str) -> dict[str, str]:
    """A link, a comment, an invited coach, and somebody whom this one coaches."""
    [(share_id, comment_id, coach_id, coached_id)] = await sql(
        engines,
        """
        with link as (
            insert into shares (id, user_id, analysis_id, token_hash, sealed_token, expires_at)
            select uuidv7(), user_id, id, sha256(uuid_send(id)), '', now() + interval '1 day'
            from analyses where id = %s returning id, user_id, analysis_id
        ), said as (
            insert into comments (id, analysis_id, user_id, at_s, text)
            select uuidv7(), analysis_id, user_id, 1, 'Feet!' from link returning id
        ), invited as (
            insert into coach_grants (id, user_id, email, with_past, expires_at)
            select uuidv7(), user_id, 'coach@example.org', true, now() + interval '1 day'
            from link returning id), other as (
            insert into users (id, email, display_name, password_hash)
            select id, id || '@example.org', 'Somebody', 'x' from gen_random_uuid() id returning id
        ), coached as (
            insert into coach_grants (id, user_id, coach_id, email, with_past, expires_at, accepted_at)
            select uuidv7(), other.id, link.user_id, 'me@example.org', true, now(), now() from other, link
            returning id
        )
        select link.id::text, said.id::text, invited.id::text, coached.id::text
        from link, said, invited, coached
        """,
        analysis_id,
    )
    return {"share_id": share_id, "comment_id": comment_id, "coach_id": coach_id, "coached_id": coached_id}


@pytest.mark.proves("D01", "D04")
@pytest.mark.parametrize("role", ["climber", "coach", "admin"])
async def test_other_peoples_objects_are_not_there(
    role: str,
    climber: Climber,
    stranger: Climber,
    engines: Engines,
    routes: list[Route],
    document: dict[str, Any],
) -> None:
    ids = await objects_of(engines, climber)
    named = {name for route in routes if str(route) in OBJECT for name in route.path_names}
    assert named <= ids.keys(), "one of each kind is there"
    await become(engines, stranger, role)
    before = await everything_of(engines, climber)
    for route in routes:
        if str(route) not in OBJECT:
            continue
        theirs = await call(stranger, route, document, stranger.headers, **ids)
        nobodys = await call(stranger, route, document, stranger.headers)
        assert theirs == nobodys, f"{route} tells what exists"
        assert theirs[0] == (403 if "passkeys" in str(route) else 404), str(route)  # the password first
    taken = await stranger.post("/api/v1/analyses", {"video_id": ids["video_id"]})
    assert (taken.status_code, taken.json()["error"]) == (404, "video_not_found")
    assert (await stranger.get("/api/v1/analyses")).json()["items"] == []
    assert await everything_of(engines, climber) == before


@pytest.mark.proves("D02")
@pytest.mark.parametrize("role", ["climber", "coach"])
async def test_to_all_but_admins_their_addresses_do_not_exist(
    role: str, climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    ids = await objects_of(engines, climber)
    await become(engines, climber, role)
    nowhere = await climber.get("/api/v1/nowhere")
    before = await everything_of(engines, climber)
    for route in (route for route in routes if str(route) in OPERATOR):
        assert await call(climber, route, document, climber.headers, **ids) == (404, "route_not_found")
        wrong = route.at(**dict.fromkeys(route.path_names, "no-id"))
        mistaken = await climber.http.request(
            route.method.upper(), wrong, json={"kind": 1}, headers=climber.headers
        )
        assert (mistaken.status_code, mistaken.json()) == (404, nowhere.json()), str(route)
    assert await everything_of(engines, climber) == before


@pytest.mark.proves("D02")
async def test_admins_are_answered_at_their_addresses(
    climber: Climber, stranger: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    await become(engines, climber, "admin")
    ids = {"user_id": stranger.user["id"]}
    answered = {
        str(route): await call(climber, route, document, climber.headers, **ids)
        for route in routes
        if str(route) in OPERATOR
    }
    await become(engines, climber, "climber")
    assert answered == {
        "GET /api/v1/operator/queue": (200, ""),
        "GET /api/v1/operator/jobs": (200, ""),
        "GET /api/v1/operator/jobs/{job_id}": (404, "job_not_found"),
        "POST /api/v1/operator/jobs/{job_id}/retry": (404, "job_not_found"),
        "POST /api/v1/operator/jobs/{job_id}/cancel": (404, "job_not_found"),
        "GET /api/v1/operator/dead-jobs": (200, ""),
        "POST /api/v1/operator/dead-jobs/retry": (200, ""),
        "GET /api/v1/operator/users": (200, ""),
        "PATCH /api/v1/operator/users/{user_id}": (200, ""),
        "DELETE /api/v1/operator/users/{user_id}/codes": (409, "factor_missing"),
        "DELETE /api/v1/operator/users/{user_id}/sessions": (200, ""),
        "GET /api/v1/operator/storage": (200, ""),
        "GET /api/v1/operator/audit": (200, ""),
        "GET /api/v1/operator/audit/file": (200, ""),
        "POST /api/v1/operator/audit/verification": (200, ""),
    }


@pytest.mark.proves("D02")
@pytest.mark.parametrize("role", ["climber", "coach", "admin"])
async def test_ones_own_is_there_whatever_the_role(
    role: str, climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    ids = await objects_of(engines, climber)
    await become(engines, climber, role)
    reads = [route for route in routes if str(route) in OWN | OBJECT and route.method == "get"]
    answered = {str(route): await call(climber, route, document, climber.headers, **ids) for route in reads}
    without_result = {  # nothing has run: there is no result yet
        f"GET /api/v1{shared}/analyses/{{analysis_id}}/{part}": (404, error)
        for shared in ("", "/shared")
        for part, error in (
            ("result", "result_not_found"),
            ("coaching", "result_not_found"),
            ("wall", "wall_picture_not_found"),
        )
    }
    without_result["GET /api/v1/analyses/{analysis_id}/recognition"] = (404, "result_not_found")
    without_result["GET /api/v1/calendar"] = (422, "malformed")  # it asks for days
    not_copied = {"GET /api/v1/shared/analyses/{analysis_id}/playback": (404, "video_not_shared")}
    assert answered == {str(route): (200, "") for route in reads} | without_result | not_copied


async def test_what_is_in_the_trash_is_nowhere_else(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    ids = await objects_of(engines, climber)
    assert (await climber.delete(f"/api/v1/videos/{ids['video_id']}")).status_code == 204
    before = await everything_of(engines, climber)
    about = {"analysis_id", "video_id", "share_id", "comment_id", "correction_id"}
    for route in routes:
        if str(route) in OBJECT and "/trash/" not in route.path and about & set(route.path_names):
            status, _ = await call(climber, route, document, climber.headers, **ids)
            assert status == 404, str(route)
    assert await everything_of(engines, climber) == before
    for route in routes:
        if str(route) in OWN and route.method == "get" and route.path != "/api/v1/trash":
            assert ids["analysis_id"] not in (await climber.get(route.path)).text, str(route)

    comparison = f"/api/v1/comparisons/{ids['comparison_id']}"
    compared = (await climber.get(comparison)).json()["first"]["analysis_id"]
    assert (await climber.delete(f"/api/v1/analyses/{compared}")).status_code == 204
    gone = await climber.get(comparison)
    assert (gone.status_code, gone.json()["error"]) == (404, "comparison_in_trash")
    assert (await climber.get("/api/v1/comparisons")).json()["items"] == []
    assert (await climber.post(f"/api/v1/trash/{compared}/restore")).status_code == 200
    assert (await climber.get(comparison)).status_code == 200


# What browsers make of a passkey, and may add to: the library reads what it knows of it.
BROWSERS = {"Attestation", "AttestationResponse", "Assertion", "AssertionResponse"}
# What a body could try to decide.
WISHES = ("id", "user_id", "owner_id", "role", "tier", "is_admin", "operator", "quota", "state", "object_key")


@pytest.mark.proves("D02", "D04")
async def test_no_body_takes_a_field_that_it_does_not_have(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    ids = await objects_of(engines, climber)
    await become(engines, climber, "admin")
    asked = 0
    for route in routes:
        schema = route.body_schema(document)
        if schema is None or str(route) in SIGNED:
            continue
        # who may read is asked before what is said
        there = ids if "/shared/" in route.path else {}
        known = {name: there.get(name, str(uuid4())) for name in route.path_names}
        more = {name: climber.user["id"] for name in WISHES if name not in schema["properties"]}
        body = {**(route.example_body(document) or {}), **more}
        answer = await climber.http.request(
            route.method.upper(), route.at(**known), json=body, headers=climber.headers
        )
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), str(route)
        asked += 1
    await become(engines, climber, "climber")
    assert asked > 15


def test_no_part_of_a_body_is_open(routes: list[Route], document: dict[str, Any]) -> None:
    waiting = [
        schema for route in routes if str(route) not in SIGNED and (schema := route.body_schema(document))
    ]
    seen: list[dict[str, Any]] = []
    while waiting:
        schema = resolve(document, waiting.pop())
        if schema in seen:
            continue
        seen.append(schema)
        is_closed = "properties" not in schema or schema.get("additionalProperties") is False
        assert is_closed or schema["title"] in BROWSERS, schema["title"]
        waiting += [
            *schema.get("properties", {}).values(),
            *schema.get("anyOf", []),
            *schema.get("oneOf", []),
        ]
        waiting += [schema["items"]] if "items" in schema else []
    assert len(seen) > 15


async def everything_of(engines: Engines, climber: Climber) -> dict[str, object]:
    """A digest of the user's rows in each table that has an owner; of jobs what deliveries do not change."""
    found = await sql(
        engines,
        """
        select table_name::text, column_name::text from information_schema.columns
        where table_schema = 'public' and table_name <> 'jobs'
            and (column_name = 'user_id' or (table_name = 'users' and column_name = 'id'))
        """,
    )
    statements: dict[str, LiteralString | Composed] = {
        "jobs": "select id, state, cancel_requested, attempt from jobs where user_id = %s order by id",
        "corrections": "select c.* from corrections c, analyses a where a.id = analysis_id and user_id = %s",
    }
    digest = SQL("select md5(string_agg(t::text, '' order by t::text)) from {} t where {} = %s")
    statements |= {table: digest.format(Identifier(table), Identifier(column)) for table, column in found}
    assert {"users", "videos", "analyses", "passkeys"} <= statements.keys()
    async with await psycopg.AsyncConnection.connect(engines.admin_url, connect_timeout=5) as connection:
        return {
            table: await (await connection.execute(statement, (climber.user["id"],))).fetchall()
            for table, statement in statements.items()
        }


async def test_the_token_of_a_removed_account_makes_nothing(
    climber: Climber, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    await sql(engines, "delete from users where id = %s", climber.user["id"])
    for route in routes:
        if str(route) in OBJECT and "passkeys" not in str(route):  # the password first
            assert (await call(climber, route, document, climber.headers))[0] == 404, str(route)
    assert (await climber.get("/api/v1/users/me")).json()["error"] == "session_revoked"
    upload = next(route for route in routes if str(route) == "POST /api/v1/videos")
    refused = await climber.post("/api/v1/videos", upload.example_body(document))
    assert (refused.status_code, refused.json()["error"]) == (401, "session_revoked")
    keyed = await climber.post("/api/v1/analyses", {"video_id": str(uuid4())}, Idempotency_Key="a-key-here")
    assert (keyed.status_code, keyed.json()["error"]) == (401, "session_revoked")
    assert (await climber.http.post("/api/v1/auth/refresh")).status_code == 401
