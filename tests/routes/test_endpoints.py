"""Routes, their log and the calendar over HTTP, on real engines."""

import json

from tests.conftest import Engines
from tests.platform import Climber
from tests.routes.seeds import climbed, tried_route

ROUTES = "/api/v1/routes"


async def test_one_name_is_one_route_until_it_is_taken_down(climber: Climber, engines: Engines) -> None:
    first = await climbed(climber, engines, "2026-11-03T10:00:00Z", "Blue  Corner", "fall")
    second = await climbed(climber, engines, "2026-11-05T10:00:00Z", "blue corner", "top")
    assert (second["route_id"], second["route"]) == (first["route_id"], "Blue  Corner")
    at = f"{ROUTES}/{first['route_id']}"
    told = {"name": "Blue corner", "grade": "6b", "scale": "french", "wall": "Arkose", "set_on": "2026-10-01"}
    changed = await climber.put(at, told)
    assert changed.status_code == 200, changed.text
    assert {key: changed.json()[key] for key in told} == told
    assert changed.json()["climbs"] == 2
    renamed = (await climber.get(f"/api/v1/analyses/{first['id']}")).json()
    assert renamed["route"] == "Blue corner", "its climbs are called as it is"

    other = await climbed(climber, engines, "2026-11-06T10:00:00Z", "Red", "top")
    taken = await climber.put(f"{ROUTES}/{other['route_id']}", {"name": "BLUE corner"})
    assert (taken.status_code, taken.json()["error"]) == (409, "route_name_taken")
    assert (await climber.put(at, {**told, "taken_down_on": "2026-11-06"})).status_code == 200
    anew = await climbed(climber, engines, "2026-11-07T10:00:00Z", "Blue corner", "fall")
    assert anew["route_id"] != first["route_id"], "a boulder that was set anew is another one"
    again = await climber.put(f"/api/v1/analyses/{first['id']}/route", {"route": "Blue corner"})
    assert again.json()["route_id"] == first["route_id"], "what is saved as it is stays where it is"
    progress = (await climber.get("/api/v1/progress")).json()["routes"]
    assert sorted((one["route"], one["climbs"]) for one in progress) == [
        ("Blue corner", 1),
        ("Blue corner", 2),
        ("Red", 1),
    ]
    listed = (await climber.get(ROUTES)).json()["items"]
    assert [one["id"] for one in listed] == [anew["route_id"], other["route_id"], first["route_id"]]

    moved = await climber.put(f"{ROUTES}/{other['route_id']}/climbs/{first['id']}", None)
    assert moved.json()["climbs"] == 2
    assert (await climber.delete(f"{ROUTES}/{other['route_id']}")).status_code == 204
    left = (await climber.get(f"/api/v1/analyses/{first['id']}")).json()
    assert (left["route"], left["route_id"], left["state"]) == (None, None, "completed")


async def test_what_cannot_be_of_a_route_is_refused(climber: Climber) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    route_id, _ = await tried_route(climber, analysis["id"])
    for wrong in (
        {"scale": "french"},
        {"grade": "6b", "scale": "hard"},
        {"grade": "6b\nx"},
        {"set_on": "2026-11-02", "taken_down_on": "2026-11-01"},
        {"set_on": 7},
        {"set_on": "0001-01-01"},
        {"stars": 5},
    ):
        answer = await climber.put(f"{ROUTES}/{route_id}", {"name": "Blue", **wrong})
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), wrong
    for wrong in ({"tries": 0}, {"day": "2026-02-30"}, {"is_sent": "yes"}, {"note": "x" * 201}):
        tried = {"day": "2026-11-01", "tries": 1, "is_sent": False, **wrong}
        assert (await climber.post(f"{ROUTES}/{route_id}/tries", tried)).status_code == 422, wrong
    for query in ("from=2026-11-01", "from=2026-11-02&until=2026-11-01", "from=2026-01-01&until=2026-12-31"):
        assert (await climber.get(f"/api/v1/calendar?{query}")).status_code == 422, query
    for zone in ("Mars/Olympus", "../../etc/passwd", "Europe", "x" * 65):
        query = f"from=2026-11-01&until=2026-11-02&zone={zone}"
        assert (await climber.get(f"/api/v1/calendar?{query}")).status_code == 422, zone


async def test_the_log_tells_when_a_route_was_sent_and_the_climber_knows_better(
    climber: Climber, engines: Engines
) -> None:
    first = await climbed(climber, engines, "2026-11-03T10:00:00Z", "Slab", "unknown", "fall")
    last = await climbed(climber, engines, "2026-11-05T10:00:00Z", "Slab", "top")
    at = f"{ROUTES}/{first['route_id']}"
    log = (await climber.get(at)).json()
    assert (log["tries"], log["sends"], log["tries_until_send"]) == (3, 1, 3)
    assert (log["first_send_day"], log["unknown_before"], log["is_flash"]) == ("2026-11-05", 1, None)
    assert [(one["attempt"], one["is_sent"]) for one in log["entries"]] == [(1, True), (2, False), (1, None)]

    tried = {"day": "2026-11-04", "tries": 3, "is_sent": False, "note": "The crux"}
    key = {"idempotency-key": "the-same-wish"}
    assert (await climber.post(f"{at}/tries", tried, **key)).status_code == 201
    written = await climber.post(f"{at}/tries", tried, **key)
    assert written.json()["tries_until_send"] == 6, "written down once"
    [entry] = [one for one in written.json()["entries"] if one["tries_id"]]
    assert (entry["note"], entry["analysis_id"]) == ("The crux", None)
    assert (await climber.delete(f"{at}/tries/{entry['tries_id']}")).status_code == 204
    assert (await climber.delete(f"{at}/tries/{entry['tries_id']}")).status_code == 404

    async def tell(climb: dict[str, str], attempt: int, is_sent: bool | None) -> int:
        answer = await climber.put(
            f"/api/v1/analyses/{climb['id']}/sends", {"attempt": attempt, "is_sent": is_sent}
        )
        return answer.status_code

    assert await tell(last, 2, True) == 404, "there is no such attempt"
    assert await tell(last, 1, False) == 204
    log = (await climber.get(at)).json()
    assert (log["sends"], log["tries_until_send"]) == (0, None)
    assert await tell(first, 1, True) == 204
    log = (await climber.get(at)).json()
    assert (log["tries_until_send"], log["is_flash"], log["first_send_day"]) == (1, True, "2026-11-03")
    assert log["entries"][-1]["is_told"]
    assert await tell(last, 1, None) == 204
    assert (await climber.get(at)).json()["sends"] == 2, "what the film shows counts again"


async def test_the_calendar_counts_days_where_the_reader_is(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    late = await climbed(climber, engines, "2026-11-03T23:30:00Z", "Slab", "top", "fall")
    await tried_route(climber, late["id"], "Slab")  # two tries on the 20th
    trashed = await climbed(climber, engines, "2026-11-08T10:00:00Z", "Slab", "top")
    assert (await climber.delete(f"/api/v1/analyses/{trashed['id']}")).status_code == 204

    async def days(zone: str, who: Climber = climber) -> list[tuple[str, int, int, int]]:
        query = f"from=2026-11-01&until=2026-11-30&zone={zone}"
        found = (await who.get(f"/api/v1/calendar?{query}")).json()["days"]
        return [(one["day"], one["climbs"], one["tries"], one["sends"]) for one in found]

    assert await days("UTC") == [("2026-11-03", 1, 2, 1), ("2026-11-20", 0, 2, 0)]
    assert await days("Europe/Paris") == [("2026-11-04", 1, 2, 1), ("2026-11-20", 0, 2, 0)]
    assert await days("America/New_York") == [("2026-11-03", 1, 2, 1), ("2026-11-20", 0, 2, 0)]
    assert await days("UTC", stranger) == []
    log = (await climber.get(f"{ROUTES}/{late['route_id']}?zone=Europe/Paris")).json()
    assert {one["day"] for one in log["entries"]} == {"2026-11-04", "2026-11-20"}, "nor in the log"
    assert json.dumps(log).count(trashed["id"]) == 0
