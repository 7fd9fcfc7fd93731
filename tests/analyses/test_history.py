"""The list as a history: tags, and what is found by them, by words, routes, states and days."""

from urllib.parse import urlencode

from tests.analyses.outcomes import complete, fail
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

ANALYSES = "/api/v1/analyses"


async def test_tags_are_kept_as_one_writes_them_each_once(climber: Climber) -> None:
    path = f"{ANALYSES}/{(await climber.analyze(b'v' * 1000))['id']}"
    written = ["  Slab ", "slab", "e\u0301t\u00e9", "\u00c9T\u00c9", "big  move", "<b>&\U0001f9d7"]
    told = (await climber.put(f"{path}/tags", {"tags": written})).json()["tags"]
    assert told == ["Slab", "\u00e9t\u00e9", "big move", "<b>&\U0001f9d7"]
    assert (await climber.get(path)).json()["tags"] == told
    assert (await climber.get("/api/v1/labels")).json() == {
        "tags": sorted(told, key=str.lower),
        "routes": [],
    }
    assert (await climber.put(f"{path}/tags", {"tags": []})).json()["tags"] == []


async def test_what_is_no_tag_is_refused(climber: Climber) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    refused: tuple[object, ...] = ([""], [" "], ["a" * 31], ["a\x00b"], [*map(str, range(11))], None, [1])
    for tags in refused:
        answer = await climber.put(f"{ANALYSES}/{analysis['id']}/tags", {"tags": tags})
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), tags


async def _history(engines: Engines, climber: Climber) -> list[str]:
    """Five climbs of five days, oldest first: two finished, one remade in vain, one failed, one waiting."""
    rows = [await climber.analyze(b"v" * 1000) for _ in range(5)]
    for row in rows[:3]:
        await complete(engines, row)
    await sql(engines, "update jobs set state = 'dead' where subject_id = %s", rows[2]["id"])
    await fail(engines, rows[3])
    told: list[tuple[str, str | None, list[str]]] = [
        ("morning.mp4", "Blue slab", ["slab", "Project"]),
        ("50%_off.mp4", None, ["SLAB"]),
        ("\u00c9t\u00e9.mp4", "Red roof", []),
        ("B\u0153uf.mp4", None, []),
        ("morning too.mp4", "Blue slab", []),
    ]
    for day, (row, (name, route, tags)) in enumerate(zip(rows, told, strict=True), 1):
        await sql(engines, "update videos set file_name = %s where id = %s", name, row["video"]["id"])
        await sql(
            engines,
            "update analyses set route = %s, tags = %s, created_at = make_date(2026, 11, %s) where id = %s",
            *(route, tags, day, row["id"]),
        )
    return [row["id"] for row in rows]


# What is asked, and which of the five fit.
FITTING: tuple[tuple[dict[str, str], list[int]], ...] = (
    ({"text": "MORNING"}, [5, 1]),
    ({"text": "\u00e9T\u00c9"}, [3]),
    ({"text": "ete"}, [3]),
    ({"text": "e\u0301te\u0301"}, [3]),
    ({"text": "boeuf"}, [4]),
    ({"text": "%"}, [2]),
    ({"text": "roof"}, [3]),
    ({"text": "proj"}, [1]),
    ({"tag": "Slab"}, [2, 1]),
    ({"tag": "sla"}, []),
    ({"route": "Blue slab"}, [5, 1]),
    ({"state": "done"}, [3, 2, 1]),
    ({"state": "failed"}, [4]),
    ({"state": "running"}, [5]),
    ({"since": "2026-11-02T00:00:00Z", "until": "2026-11-04T00:00:00Z"}, [3, 2]),
    ({"route": "Blue slab", "tag": "slab", "text": "morning", "state": "done"}, [1]),
)


async def test_filters_find_what_fits_all_of_them(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    ids = await _history(engines, climber)
    await stranger.analyze(b"v" * 1000)
    for asked, found in FITTING:
        page = (await climber.get(f"{ANALYSES}?{urlencode(asked)}")).json()
        assert [ids.index(one["id"]) + 1 for one in page["items"]] == found, asked
        assert (page["hits"], page["next_cursor"]) == (len(found), None), asked


async def test_pages_of_what_is_found_meet_without_gap_or_repeat(climber: Climber, engines: Engines) -> None:
    ids = await _history(engines, climber)
    asked = f"{ANALYSES}?state=done&limit=1"
    seen: list[str] = []
    path: str | None = asked
    hits: list[int | None] = []
    while path:
        page = (await climber.get(path)).json()
        seen += [one["id"] for one in page["items"]]
        hits.append(page["hits"])
        path = f"{asked}&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert seen == ids[2::-1]
    assert hits == [3, None, None]


async def test_filters_that_are_none_are_refused(climber: Climber) -> None:
    for asked in ("state=x", "text=%00", "since=2026-11-02", "tag=", "text=" + "a" * 81):
        answer = await climber.get(f"{ANALYSES}?{asked}")
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), asked
