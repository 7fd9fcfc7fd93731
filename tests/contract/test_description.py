"""The description of the API is complete, true, and the one that the client was made from."""

import json
from typing import Any

import httpx2 as httpx
import pytest

from ascension.errors import catalogue
from ascension.errors.base import ApiError
from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines
from tests.contract.routes import Route, resolve
from tests.platform import ROOT, Climber
from tests.routes.seeds import tried_route
from tests.rows import sql
from tests.sharing.seeds import coached

NOT_JSON = {"/metrics", "/api/v1/operator/audit/file"}


def test_the_client_was_made_from_this_description(document: dict[str, Any]) -> None:
    kept = json.loads((ROOT / "web" / "openapi.json").read_text())
    assert kept == document, "run `make openapi`"


def test_every_route_says_what_it_does_and_what_it_takes(
    routes: list[Route], document: dict[str, Any]
) -> None:
    described = {tag["name"] for tag in document["tags"]}
    ids = [route.operation["operationId"] for route in routes]
    assert len(set(ids)) == len(ids)
    for route in routes:
        assert 8 <= len(route.operation["summary"]) <= 100, str(route)
        assert set(route.operation["tags"]) & described, str(route)
        schema = route.body_schema(document)
        if schema is not None:
            assert schema.get("examples"), f"{route}: no example of its body"


def test_every_error_answer_is_documented_with_its_code(
    routes: list[Route], document: dict[str, Any]
) -> None:
    errors = catalogue()
    for route in routes:
        if str(route) in ("GET /health", "GET /health/ready", "GET /metrics"):
            continue
        answers = route.operation["responses"]
        assert {"422", "503"} <= answers.keys(), str(route)
        assert ("401" in answers) or not route.needs_token, str(route)
        assert ("404" in answers) or not route.path_names, str(route)
        for status, answer in answers.items():
            if status < "400":
                continue
            content = answer["content"]["application/json"]
            assert resolve(document, content["schema"])["required"] == ["error", "detail"], str(route)
            for code in content["examples"]:
                known = errors[code]
                assert issubclass(known, ApiError), code
                assert str(known.status) == status, f"{route}: {code}"


@pytest.mark.parametrize("name", ["POST /api/v1/videos", "POST /api/v1/auth/register"])
async def test_the_examples_work(
    climber: Climber, routes: list[Route], document: dict[str, Any], name: str
) -> None:
    route = next(route for route in routes if str(route) == name)
    answer = await climber.post(route.path, route.example_body(document))
    # the example's account may exist already in these engines
    assert answer.status_code in ((201,) if "videos" in name else (201, 409)), answer.text


async def some_erasure(engines: Engines) -> str:
    """The id of one that is not finished."""
    [(erasure_id,)] = await sql(
        engines, "insert into erasures (id) values (gen_random_uuid()) returning id::text"
    )
    return str(erasure_id)


async def test_what_is_answered_is_what_is_described(
    climber: Climber,
    stranger: Climber,
    engines: Engines,
    routes: list[Route],
    document: dict[str, Any],
) -> None:
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    analysis = await climber.analyze(b"a climb")
    [(job_id,)] = await sql(engines, "select job_id::text from analyses where id = %s", analysis["id"])
    [(export_id,)] = await sql(
        engines,
        """
        insert into exports (id, user_id, language, state, expires_at)
        values (gen_random_uuid(), %s, 'en', 'ready', now() + interval '1 day') returning id::text
        """,
        climber.user["id"],
    )
    route_id, _ = await tried_route(climber, analysis["id"])
    ids = {
        "analysis_id": analysis["id"],
        "video_id": analysis["video"]["id"],
        "comparison_id": await compared_climbs(engines, climber),
        "job_id": job_id,
        "route_id": route_id,
        "erasure_id": await some_erasure(engines),
        "export_id": export_id,
        "coached_id": await coached(stranger, climber),
    }
    for route in routes:
        if route.method != "get" or "/result" in route.path or route.path in NOT_JSON:
            continue
        answer = await climber.get(route.at(**{name: ids[name] for name in route.path_names}))
        described = route.operation["responses"][str(answer.status_code)]["content"]["application/json"]
        properties = resolve(document, described["schema"])["properties"]
        assert answer.json().keys() == properties.keys(), str(route)


def test_the_description_is_for_everyone_and_there_is_no_console(api_url: str) -> None:
    assert httpx.get(f"{api_url}/api/v1/openapi.json", timeout=10).status_code == 200
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert httpx.get(f"{api_url}{path}", timeout=10).status_code == 404
