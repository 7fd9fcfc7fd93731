"""A route that was removed is had back as it was, or goes for good."""

import asyncio

from ascension.infra.database.primary import Database
from ascension.routes.removed import service
from tests.conftest import Engines
from tests.platform import Climber
from tests.routes.seeds import climbed, tried_route
from tests.rows import sql

DAY_S = 86_400
ROUTES = "/api/v1/routes"
REMOVED = "/api/v1/removed-routes"


async def test_a_removed_route_comes_back_as_it_was(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    stays = await climbed(climber, engines, "2026-11-03T10:00:00Z", "Slab", "top")
    moved = await climbed(climber, engines, "2026-11-04T10:00:00Z", "Slab", "fall")
    route_id, _ = await tried_route(climber, stays["id"], "Slab")
    at = f"{ROUTES}/{route_id}"
    told = {"name": "Slab", "grade": "6b", "scale": "french", "wall": "Arkose", "set_on": "2026-10-01"}
    assert (await climber.put(at, told)).status_code == 200
    before = (await climber.get(at)).json()
    assert (await climber.delete(at)).status_code == 204
    assert (await climber.get(at)).status_code == 404
    assert (await climber.get(ROUTES)).json()["items"] == []
    [listed] = (await climber.get(REMOVED)).json()["items"]
    assert (listed["id"], listed["name"], listed["climbs"], listed["tries"]) == (route_id, "Slab", 2, 1)
    assert listed["gone_at"] > listed["removed_at"]

    assert (await stranger.post(f"{REMOVED}/{route_id}/restore")).status_code == 404
    assert (await stranger.delete(f"{REMOVED}/{route_id}")).status_code == 404
    assert (await stranger.get(REMOVED)).json()["items"] == []

    other = await climber.put(f"/api/v1/analyses/{moved['id']}/route", {"route": "Slab"})
    taken = await climber.post(f"{REMOVED}/{route_id}/restore")
    assert (taken.status_code, taken.json()["error"]) == (409, "route_name_taken")
    renamed = f"{ROUTES}/{other.json()['route_id']}"
    assert (await climber.put(renamed, {"name": "Arete"})).status_code == 200
    back = await climber.post(f"{REMOVED}/{route_id}/restore")
    assert (back.status_code, back.json()["climbs"]) == (200, 1), "one was put on another route meanwhile"
    assert (await climber.get(REMOVED)).json()["items"] == []
    after = (await climber.get(at)).json()
    assert {key: after["route"][key] for key in told} == told
    assert [one for one in after["entries"] if one["analysis_id"] != moved["id"]] == [
        one for one in before["entries"] if one["analysis_id"] != moved["id"]
    ]
    assert (await climber.get(f"/api/v1/analyses/{moved['id']}")).json()["route"] == "Arete"


async def test_it_goes_for_good_when_that_is_said_and_by_itself(climber: Climber, engines: Engines) -> None:
    for name in ("Red", "Blue"):
        climb = await climbed(climber, engines, "2026-11-03T10:00:00Z", name, "top")
        assert (await climber.delete(f"{ROUTES}/{climb['route_id']}")).status_code == 204
    newest, oldest = (await climber.get(REMOVED)).json()["items"]
    assert (newest["name"], oldest["name"]) == ("Blue", "Red")
    assert (await climber.delete(f"{REMOVED}/{newest['id']}")).status_code == 204
    assert (await climber.post(f"{REMOVED}/{newest['id']}/restore")).status_code == 404
    await sql(
        engines,
        "update removed_routes set removed_at = now() - interval '31 days' where id = %s",
        oldest["id"],
    )
    async with Database(engines.api_url, pool_size=2, application="test") as database:
        await service.sweep(database, ttl_s=32 * DAY_S)
        assert [one["name"] for one in (await climber.get(REMOVED)).json()["items"]] == ["Red"]
        await service.sweep(database, ttl_s=30 * DAY_S)
    assert (await climber.get(REMOVED)).json()["items"] == []


async def test_a_route_that_is_removed_twice_at_once_keeps_every_try(
    climber: Climber, engines: Engines
) -> None:
    climb = await climbed(climber, engines, "2026-11-03T10:00:00Z", "Slab", "top")
    at = f"{ROUTES}/{climb['route_id']}"
    tried = {"day": "2026-11-20", "tries": 1, "is_sent": False}
    asked = [climber.delete(at), *(climber.post(f"{at}/tries", tried) for _ in range(4)), climber.delete(at)]
    answers = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert sorted((answers[0], answers[-1])) == [204, 404]
    assert set(answers[1:-1]) <= {201, 404}
    [removed] = (await climber.get(REMOVED)).json()["items"]
    assert removed["tries"] == answers.count(201)
