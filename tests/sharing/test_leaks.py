"""Who sees what: every route of the description, asked by everybody who could try, while a climb is shared.

Unmistakable words stand in every text that the climber wrote and in what they told of their body. Whoever may
not see them finds none in any answer. Only what others may see has to be placed here: a new route that tells
them anything fails.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import httpx2 as httpx
import pytest
import time_machine

from ascension.infra.storage.keys import wall_key
from tests.comparisons.seeds import finished_comparison
from tests.conftest import Engines
from tests.contract.routes import Route
from tests.platform import Climber, plain_http, seeded_climber
from tests.rows import sql
from tests.sharing.seeds import coached, opened, share, shared_path, told_climb
from tests.sharing.test_comments import say

pytestmark = pytest.mark.proves("D01")

NAME, FILE, ROUTE, COMMENT, EMAIL = "canary-name", "canary-file", "canary-route", "canary-said", "canary-mail"
PICTURE = "/thumbnails/"
BODY = ("1.937", "83.21")
CANARIES = (NAME, FILE, ROUTE, COMMENT, EMAIL, PICTURE, *BODY)
READ = "GET /api/v1/shared/analyses/{analysis_id}"
SAY = "POST /api/v1/shared/analyses/{analysis_id}/comments"
CLIMBS = "GET /api/v1/climbers/{coached_id}/climbs"
# What others may see or do: the status, and which of the words are told.
GUEST: dict[str, tuple[int, set[str]]] = {
    READ: (200, {ROUTE}),
    f"{READ}/result": (200, set()),
    f"{READ}/coaching": (200, set()),
    f"{READ}/wall": (200, set()),
    f"{READ}/comments": (200, set()),
    f"{READ}/playback": (404, set()),  # the link shows the skeleton alone
    f"{READ}/preview": (404, set()),
    f"{READ.replace('GET', 'PUT')}/preview": (404, set()),
    SAY: (403, set()),
    **{
        f"{method} /api/v1/shared/analyses/{{analysis_id}}/comments/{{comment_id}}{part}": (403, set())
        for method, part in (("PUT", ""), ("DELETE", ""), ("POST", "/restore"))
    },
}
TICKED = {READ: (200, {ROUTE, NAME}), f"{READ}/comments": (200, {COMMENT, NAME})}
COMPARED = {NAME, FILE, ROUTE}
COACH: dict[str, tuple[int, set[str]]] = {
    READ: (200, {ROUTE, NAME, FILE}),
    f"{READ}/result": (200, set()),
    f"{READ}/coaching": (200, set()),
    f"{READ}/wall": (200, set()),
    f"{READ}/comments": (200, {COMMENT, NAME}),
    f"{READ}/playback": (404, set()),  # no worker makes its copy here
    f"{READ}/preview": (200, set()),
    f"{READ.replace('GET', 'PUT')}/preview": (202, set()),
    CLIMBS: (200, {ROUTE, FILE}),
    "GET /api/v1/climbers": (200, {NAME}),
    "GET /api/v1/coached-comments": (200, {NAME, ROUTE, FILE, COMMENT}),
    "GET /api/v1/comparisons": (200, COMPARED),
}
# Who runs the platform finds accounts by their address; nothing that is in a climb, nor what it is called.
ADMIN: dict[str, tuple[int, set[str]]] = {"GET /api/v1/operator/users": (200, {NAME, EMAIL})}
# Ends the access that this is about, or changes what is looked at: tests/sharing/test_coaches.py.
NOT_AS_COACH = {"DELETE /api/v1/climbers/{coached_id}", SAY}


@dataclass
class Scene:
    """A climb that is shared in all ways, and everybody around it.

    `coach_ids`: what the coach made of it, instead of `ids`.
    """

    owner: Climber
    ids: dict[str, str]
    coach_ids: dict[str, str]
    accounts: dict[str, Climber]
    guests: dict[str, dict[str, str]]


async def mark(engines: Engines, climber: Climber) -> None:
    """The words, where the climber writes; and a small picture of each climb."""
    await sql(
        engines, "update videos set file_name = %s where user_id = %s", f"{FILE}.mp4", climber.user["id"]
    )
    await sql(
        engines,
        "update analyses set route = %s, thumbnail_width_px = 9, thumbnail_height_px = 16 where user_id = %s",
        *(ROUTE, climber.user["id"]),
    )
    await sql(
        engines,
        "update users set display_name = %s, email = %s where id = %s",
        NAME,
        f"{EMAIL}-{climber.user['id']}@example.org",
        climber.user["id"],
    )


@pytest.fixture
async def scene(engines: Engines, api_url: str, climber: Climber, stranger: Climber) -> AsyncIterator[Scene]:
    climb = await told_climb(engines, climber)
    other_climb = await told_climb(engines, stranger)
    people = {
        name: await seeded_climber(engines, api_url) for name in ("coach", "withdrawn", "invited", "admin")
    }
    await sql(engines, "update users set role = 'admin' where id = %s", people["admin"].user["id"])
    coached_id = await coached(climber, people["coach"])
    ended_id = await coached(climber, people["withdrawn"])
    assert (await climber.delete(f"/api/v1/coaches/{ended_id}")).status_code == 204
    await climber.post("/api/v1/coaches", {"email": people["invited"].email})
    said = await say(climber, climb["id"], COMMENT)
    live = await share(climber, climb["id"])
    guests = {"live": await opened(climber, live["token"])}
    ticked = await share(climber, climb["id"], with_name=True, with_comments=True)
    guests["ticked"] = await opened(climber, ticked["token"])
    endings: dict[str, LiteralString] = {
        "revoked": "delete from shares where id = %s",
        "expired": "update shares set expires_at = now() where id = %s",
    }
    for name, ending in endings.items():
        made = await share(climber, climb["id"])
        guests[name] = await opened(climber, made["token"])
        await sql(engines, ending, made["id"])
    guests["of another link"] = await opened(climber, (await share(stranger, other_climb["id"]))["token"])
    locked = await share(climber, climb["id"], password="blue slab")
    refused = await climber.http.post(
        "/api/v1/shares/open", json={"token": locked["token"], "password": "guess it"}
    )
    assert refused.status_code == 403
    guests["wrong password"] = {"Authorization": f"Bearer {locked['token']}"}
    guests["made up"] = {"Authorization": f"Bearer view.{'0' * 32}.1.9999999999.{'0' * 64}"}
    comparison_id = await finished_comparison(engines, climber, climb["id"], climb["id"])
    of_coach = await told_climb(engines, people["coach"])
    coach_comparison_id = await finished_comparison(engines, people["coach"], of_coach["id"], climb["id"])
    await mark(engines, climber)
    ids = {
        "analysis_id": climb["id"],
        "route_id": (await climber.get(f"/api/v1/analyses/{climb['id']}")).json()["route_id"],
        "video_id": climb["video"]["id"],
        "comparison_id": comparison_id,
        "comment_id": said["id"],
        "share_id": live["id"],
        "coach_id": coached_id,
        "coached_id": coached_id,
    }
    people["other"] = stranger
    yield Scene(climber, ids, {**ids, "comparison_id": coach_comparison_id}, people, guests)
    for account in people.values():
        await account.http.aclose()


async def ask(
    scene: Scene, route: Route, document: dict[str, Any], headers: Mapping[str, str]
) -> tuple[int, set[str]]:
    """Status, and which of the words stand in the answer."""
    nobodys = "00000000-0000-4000-8000-000000000000"
    ids = {name: scene.ids.get(name, nobodys) for name in route.path_names}
    body = route.example_body(document)
    answer = await scene.owner.http.request(route.method.upper(), route.at(**ids), json=body, headers=headers)
    return answer.status_code, told_in(answer)


def told_in(answer: httpx.Response) -> set[str]:
    whole = answer.content + str(answer.headers.raw).encode()
    return {word for word in CANARIES if word.encode() in whole}


def of_others(routes: list[Route]) -> list[Route]:
    """All that need a token and name something, and all that only read."""
    return [route for route in routes if route.needs_token and (route.path_names or route.method == "get")]


async def test_the_climber_finds_every_word(
    scene: Scene, routes: list[Route], document: dict[str, Any]
) -> None:
    found: set[str] = set()
    for route in routes:
        if route.needs_token and route.method == "get":
            found |= (await ask(scene, route, document, scene.owner.headers))[1]
    assert found == set(CANARIES), "each of them can be told at all"


async def test_without_an_account_there_is_what_a_live_link_shows(
    scene: Scene, routes: list[Route], document: dict[str, Any]
) -> None:
    scene.owner.http.cookies.clear()
    for route in of_others(routes):
        is_reader = str(route) in GUEST
        assert await ask(scene, route, document, {}) == (401, set()), str(route)
        for name, headers in scene.guests.items():
            if not is_reader or name in ("wrong password", "made up"):
                expected: tuple[int, set[str]] = (401, set())
            elif name in ("live", "ticked"):
                expected = {**GUEST, **(TICKED if name == "ticked" else {})}[str(route)]
            else:
                expected = (404, set())
            assert await ask(scene, route, document, headers) == expected, f"{route} as guest: {name}"


async def test_accounts_find_what_they_were_granted_and_no_more(
    scene: Scene, routes: list[Route], document: dict[str, Any]
) -> None:
    for route in of_others(routes):
        for who, account in scene.accounts.items():
            is_coach = who == "coach"
            if is_coach and str(route) in NOT_AS_COACH:
                continue
            status, told = await ask(scene, route, document, account.headers)
            granted = COACH if is_coach else ADMIN if who == "admin" else {}
            if str(route) in granted:
                assert (status, told) == granted[str(route)], f"{route} as {who}"
            else:
                assert told == set(), f"{route} as {who}"
                assert not route.path_names or status in (403, 404), f"{route} as {who}: {status}"


async def test_what_a_coach_compared_is_the_coachs_alone_and_tells_what_coaches_see(
    scene: Scene, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    own = {**scene.accounts, "the climber": scene.owner}
    mine = replace(scene, ids=scene.coach_ids)
    compared = [route for route in routes if "comparison_id" in route.path_names]
    assert {route.method for route in compared} == {"get", "delete"}
    for route in compared:
        for who, account in own.items():
            if who != "coach":
                assert await ask(mine, route, document, account.headers) == (404, set()), f"{route} as {who}"
        for name, headers in scene.guests.items():
            assert await ask(mine, route, document, headers) == (401, set()), f"{route} as guest: {name}"
    [read] = [route for route in compared if route.method == "get"]
    assert await ask(mine, read, document, scene.accounts["coach"].headers) == (200, COMPARED)
    await sql(engines, "delete from coach_grants where id = %s", scene.ids["coached_id"])
    assert await ask(mine, read, document, scene.accounts["coach"].headers) == (404, set()), "withdrawn"


@pytest.mark.parametrize("end", ["leaving", "erased"])
async def test_nobody_sees_anything_of_an_account_that_goes(
    end: str, scene: Scene, engines: Engines, routes: list[Route], document: dict[str, Any]
) -> None:
    leaving = (
        "insert into departures (user_id, erase_at, language) values (%s, now() + interval '1 day', 'en')"
    )
    erasing = "delete from users where id = %s"
    await sql(engines, leaving if end == "leaving" else erasing, scene.owner.user["id"])
    for route in of_others(routes):
        for who, headers in (("coach", scene.accounts["coach"].headers), ("live", scene.guests["live"])):
            its = replace(scene, ids=scene.coach_ids) if who == "coach" else scene
            status, told = await ask(its, route, document, headers)
            assert told == set(), f"{route} as {who}"
            assert str(route) not in GUEST or status == 404, f"{route} as {who}: {status}"


async def test_a_signed_link_of_before_is_dead_after_a_quarter_of_an_hour(
    engines: Engines, scene: Scene
) -> None:
    path = shared_path(scene.ids["analysis_id"], "/wall")
    link = await scene.owner.http.get(path, headers=scene.guests["live"])
    assert link.json()["expires_in_s"] <= 900
    key = wall_key(UUID(scene.owner.user["id"]), UUID(scene.ids["analysis_id"]))
    async with engines.stack.seaweedfs.client() as s3, plain_http() as storage:
        for age_s, status in ((0, 200), (901, 403)):
            with time_machine.travel(datetime.now(UTC) - timedelta(seconds=age_s), tick=False):
                signed = await s3.generate_presigned_url(
                    "get_object", Params={"Bucket": engines.s3_bucket, "Key": key}, ExpiresIn=900
                )
            assert (await storage.get(signed)).status_code == status, age_s
