"""Coaching and progress over HTTP, on real engines."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from ascension.analyses.result import MAGIC, PREFIX, split
from ascension.coaching.progress import COMPARED
from ascension.coaching.score import AXES
from ascension.coaching.summary import with_attempts
from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.web.seeds import FRAMES, example_result

ANALYSES = "/api/v1/analyses"
NOW = datetime.now(UTC)


@cache
def read_climb() -> bytes:
    return example_result()


async def finished(climber: Climber, engines: Engines, data: bytes | None = None) -> str:
    """The path of a finished analysis of the example."""
    analysis = await climber.analyze(b"v" * 1000)
    await complete(engines, analysis, data or read_climb(), {"frame_count": FRAMES})
    return f"{ANALYSES}/{analysis['id']}"


async def test_a_finished_analysis_says_what_a_coach_would(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    answer = await climber.get(f"{path}/coaching")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["language"], body["unit"], body["reason"]) == ("en", "m", None)
    (attempt,) = body["attempts"]
    assert [one["axis"] for one in attempt["score"]["axes"]] == list(AXES)
    for axis in attempt["score"]["axes"]:
        assert (axis["value"] is None) == (axis["reason"] is not None)
    for measure in attempt["measures"]:
        assert (measure["value"] is None) == bool(measure["reason"]), measure
        assert measure["unit"]
        assert measure["source"]
    assert attempt["moves"]
    for move in attempt["moves"]:
        assert move["prepared"]["end_frame"] == move["reached"]["start_frame"]
        assert 0 <= move["reached"]["start_s"] <= move["reached"]["end_s"] <= 10.8
    advice = attempt["advice"]
    assert 1 <= len(advice["top"]) <= 3
    assert all(one["title"] and one["sentence"] and one["spans"] for one in advice["top"])


async def test_the_texts_follow_the_language_and_the_numbers_do_not(
    climber: Climber, engines: Engines
) -> None:
    path = await finished(climber, engines)
    english, french = [
        (await climber.get(f"{path}/coaching?language={language}")).json()["attempts"][0]
        for language in ("en", "fr")
    ]
    assert english["score"]["value"] == french["score"]["value"]
    worded = ("reason", "sentence")
    for part in ("measures", "axes"):
        ours, theirs = ((body if part == "measures" else body["score"])[part] for body in (english, french))
        assert [{key: one[key] for key in one if key not in worded} for one in ours] == [
            {key: one[key] for key in one if key not in worded} for one in theirs
        ]
    unknown = [one["name"] for one in english["measures"] if one["value"] is None]
    assert unknown
    said = [{one["name"]: one["reason"] for one in body["measures"]} for body in (english, french)]
    assert not {said[0][name] for name in unknown} & {said[1][name] for name in unknown}
    assert english["reason_code"] == french["reason_code"]
    assert english["reason"] != french["reason"]
    pairs = list(zip(english["advice"]["top"], french["advice"]["top"], strict=True))
    assert all(one["code"] == other["code"] for one, other in pairs)
    assert all(one["sentence"] != other["sentence"] for one, other in pairs)
    refused = await climber.get(f"{path}/coaching?language=tlh")
    assert (refused.status_code, refused.json()["error"]) == (422, "malformed")


async def test_who_has_it_already_is_told_so(climber: Climber, engines: Engines) -> None:
    path = f"{await finished(climber, engines)}/coaching"
    first = await climber.get(path)
    tag = first.headers["etag"]
    again = await climber.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    french = await climber.get(f"{path}?language=fr", headers={"If-None-Match": tag})
    assert french.status_code == 200
    await sql(engines, "update analyses set result_sha256 = sha256('other') where result is not null")
    assert (await climber.get(path, headers={"If-None-Match": tag})).status_code == 200


async def test_without_a_result_or_a_climb_it_says_why(climber: Climber, engines: Engines) -> None:
    waiting = await climber.analyze(b"v" * 1000)
    answer = await climber.get(f"{ANALYSES}/{waiting['id']}/coaching")
    assert (answer.status_code, answer.json()["error"]) == (404, "result_not_found")
    path = await finished(climber, engines, example_result(is_read=False))
    body = (await climber.get(f"{path}/coaching")).json()
    assert (body["attempts"], body["unit"], body["reason"]) == ([], None, "no_climb")


@pytest.mark.parametrize("damage", ["bytes", "measure"])
async def test_what_is_stored_and_cannot_be_read_is_said(
    climber: Climber, engines: Engines, damage: str
) -> None:
    stored = read_climb()
    if damage == "measure":  # one of many has a value that is none
        header, columns = split(stored)
        told = json.loads(header)
        told["climb"]["attempts"][0]["measures"][0]["value"] = "much"
        text = json.dumps(told).encode()
        stored = gzip.compress(PREFIX.pack(MAGIC, len(text)) + text + columns)
    path = await finished(climber, engines, stored if damage == "measure" else stored[:-1])
    answer = await climber.get(f"{path}/coaching")
    assert (answer.status_code, answer.json()["error"]) == (409, "result_unreadable")
    assert (await climber.get(path)).json()["state"] == "completed"


def test_the_api_starts_without_arithmetic() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import ascension.api, sys; print('numpy' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert loaded.stdout.strip() == "False"


def attempt(technique: float, pace: float) -> dict[str, Any]:
    return {
        "outcome": "top",
        "axes": {"technique": technique, "score": technique},
        "measures": {"pace": pace, "unheard_of": 1.0},
    }


async def climbed(
    climber: Climber, engines: Engines, days_ago: int, route: str | None, *attempts: dict[str, Any]
) -> str:
    """An analysis that was finished so long ago."""
    path = await finished(climber, engines)
    if route is not None:
        named = await climber.put(f"{path}/route", {"route": route})
        assert named.json()["route_id"]
    await sql(
        engines,
        """
        update analyses set created_at = %s, summary = jsonb_build_object('attempts', %s::jsonb) where id = %s
        """,
        NOW - timedelta(days=days_ago),
        json.dumps(attempts),
        path.rsplit("/", 1)[1],
    )
    return path


async def test_progress_is_made_of_what_analyses_have_stored(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    nothing = (await climber.get("/api/v1/progress")).json()
    assert nothing == {"climbs": 0, "trends": [], "bests": [], "routes": []}
    await climbed(climber, engines, 21, "Blue Slab", attempt(50, 10))
    await climbed(climber, engines, 14, None, attempt(60, 30))
    await climbed(climber, engines, 7, "blue  slab", attempt(55, 12), attempt(70, 14))
    await finished(climber, engines)  # from before scores were stored
    body = (await climber.get("/api/v1/progress")).json()
    assert body["climbs"] == 4
    weeks = next(one for one in body["trends"] if (one["axis"], one["per"]) == ("technique", "week"))
    assert [(one["climbs"], one["value"]) for one in weeks["periods"]] == [(1, 50), (1, 60), (2, 62.5)]
    assert weeks["change_per_period"] == pytest.approx(6.25)
    best = next(one for one in body["bests"] if one["name"] == "technique")
    assert (best["value"], best["is_latest"]) == (70, True)
    (route,) = body["routes"]
    assert (route["route"], route["climbs"]) == ("Blue Slab", 3)
    (history,) = route["history"]
    assert (history["measure"], history["better"]) == ("pace", COMPARED["pace"].better)
    assert [one["value"] for one in history["steps"]] == [10, 12, 14], "another route is no part of it"
    assert [one["since_first"] for one in history["steps"]] == [0, 2, 4]
    first_day = (NOW - timedelta(days=15)).date().isoformat()
    later = (await climber.get(f"/api/v1/progress?from={first_day}")).json()
    assert later["climbs"] == 3
    assert (await climber.get(f"/api/v1/progress?until={first_day}")).json()["climbs"] == 1
    assert (await stranger.get("/api/v1/progress")).json() == nothing
    for day in ("yesterday", "0", "20261101"):
        refused = await climber.get(f"/api/v1/progress?from={day}")
        assert (refused.status_code, refused.json()["error"]) == (422, "malformed"), day


async def test_lengths_of_two_units_are_never_in_one_history(climber: Climber, engines: Engines) -> None:
    for days_ago, unit, height in ((28, None, 9.0), (21, "m", 5.0), (14, "torso", 8.0), (7, "m", 6.0)):
        one = attempt(50, 10)
        one["measures"]["height_gained"] = height
        await climbed(climber, engines, days_ago, "Slab", one if unit is None else {**one, "unit": unit})
    (route,) = (await climber.get("/api/v1/progress")).json()["routes"]
    height, pace = route["history"]
    assert (height["measure"], height["unit"], height["other_units"]) == ("height_gained", "m", 2)
    assert [one["value"] for one in height["steps"]] == [5, 6]
    assert [one["since_last"] for one in height["steps"]] == [None, 1]
    assert (pace["unit"], pace["other_units"], len(pace["steps"])) == ("1/min", 0, 4)
    assert {one["name"]: (one["value"], one["unit"]) for one in route["bests"]} == {
        "height_gained": (6, "m"),
        "pace": (10, "1/min"),
    }


async def test_a_route_is_named_and_unnamed(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    assert (await climber.put(f"{path}/route", {"route": "  A7 "})).json()["route"] == "A7"
    assert (await climber.put(f"{path}/route", {"route": None})).json()["route"] is None
    for name in ("", " ", "x" * 81, "a\x00b", 7):
        answer = await climber.put(f"{path}/route", {"route": name})
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), name


def test_the_stored_figures_are_those_of_the_attempts() -> None:
    summary = with_attempts({"frame_count": FRAMES}, read_climb())
    (one,) = summary["attempts"]
    assert one["outcome"] == "top"
    assert set(one["axes"]) <= {*AXES, "score"}
    assert one["axes"]["score"] > 0
    assert one["measures"]
    assert one["measures"].keys() <= COMPARED.keys()
    assert one["unit"] == "m"
    assert with_attempts({}, example_result(is_read=False)) == {"attempts": []}
