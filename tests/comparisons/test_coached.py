"""What coaches compare: climbs of those who let them in, as long as they do, and their own."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest

from ascension.analyses.choices import Choices
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import encode
from ascension.exports.contents import listed
from tests.comparisons.seeds import filmed_climb, finished_comparison, store_wall
from tests.comparisons.test_endpoints import COMPARISONS, asked, ended, error_of
from tests.comparisons.walls import Filmed, first_clip, second_clip
from tests.conftest import Engines
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs, seeded_climber
from tests.rows import sql
from tests.sharing.seeds import coached, opened, share

HEAVY = Choices.model_validate({"body_height_m": 1.937, "body": {"mass_kg": 83.21}})


@pytest.fixture
async def coach(engines: Engines, api_url: str) -> AsyncIterator[Climber]:
    made = await seeded_climber(engines, api_url)
    yield made
    await made.http.aclose()


def told(filmed: Filmed) -> Filmed:
    """The same clip by somebody who told how heavy they are."""
    return replace(filmed, stored=encode(with_climb(filmed.result, HEAVY)))


async def test_a_coach_compares_two_climbers_and_is_told_nothing_of_their_bodies(
    climber: Climber, stranger: Climber, coach: Climber, engines: Engines, programs: Programs
) -> None:
    first = await filmed_climb(engines, climber, told(first_clip()))
    second = await filmed_climb(engines, stranger, told(second_clip()))
    third = await filmed_climb(engines, climber, told(second_clip()))
    for one in (climber, stranger):
        await coached(one, coach)
    programs.worker(**QUICK)
    own = (await climber.post(COMPARISONS, asked(first["id"], third["id"]))).json()
    whole = await ended(climber, own["id"])
    assert "J" in {measure["unit"] for measure in whole["result"]["measures"]}, (
        "what is told, can be told at all"
    )
    answer = await coach.post(COMPARISONS, asked(first["id"], second["id"]))
    assert answer.status_code == 202, answer.text
    found = await ended(coach, answer.json()["id"])
    assert (found["state"], found["failure"], found["stale"]) == ("completed", None, False)
    assert found["result"]["headline"] == whole["result"]["headline"]
    assert "J" not in {
        measure["unit"] for measure in found["result"]["measures"] if measure["first"] is not None
    }
    sides = [(side["climber"], side["video_id"]) for side in (found["first"], found["second"])]
    assert sides == [(climber.user["display_name"], None), (stranger.user["display_name"], None)]
    for secret in (climber.email, stranger.email, climber.user["id"], first["video"]["id"], "83.21", "1.937"):
        assert secret not in json.dumps(found)
    listed = (await coach.get(f"{COMPARISONS}?analysis_id={first['id']}")).json()["items"]
    assert [one["id"] for one in listed] == [found["id"]]
    [seen] = (await stranger.get("/api/v1/coaches")).json()["items"]
    assert seen["seen_at"] is not None, "the climber sees that the coach looked"


async def test_a_coach_compares_their_own_climb_and_the_climber_has_another_of_the_same_two(
    climber: Climber, coach: Climber, engines: Engines
) -> None:
    theirs = [(await filmed_climb(engines, climber, clip()))["id"] for clip in (first_clip, second_clip)]
    own = await filmed_climb(engines, coach, second_clip())
    await coached(climber, coach)
    mixed = (await coach.post(COMPARISONS, asked(theirs[0], own["id"]))).json()
    assert (mixed["first"]["climber"], mixed["second"]["climber"]) == (climber.user["display_name"], None)
    assert (mixed["first"]["video_id"], mixed["second"]["video_id"]) == (None, own["video"]["id"])
    of_coach = (await coach.post(COMPARISONS, asked(*theirs))).json()
    of_climber = (await climber.post(COMPARISONS, asked(*theirs))).json()
    assert of_coach["id"] != of_climber["id"]
    assert of_climber["first"]["climber"] is None
    for one, other in ((climber, of_coach), (coach, of_climber)):
        assert error_of(await one.get(f"{COMPARISONS}/{other['id']}")) == (404, "comparison_not_found")
        assert error_of(await one.delete(f"{COMPARISONS}/{other['id']}")) == (404, "comparison_not_found")
    assert error_of(await climber.post(COMPARISONS, asked(theirs[0], own["id"]))) == (
        404,
        "analysis_not_found",
    )
    assert (await coach.delete(f"{COMPARISONS}/{mixed['id']}")).status_code == 204


@pytest.mark.parametrize(
    "how", ["first climber", "second climber", "coach leaves", "account leaves", "erased"]
)
async def test_what_was_compared_goes_with_the_access_to_either(
    how: str, climber: Climber, stranger: Climber, coach: Climber, engines: Engines
) -> None:
    first = await filmed_climb(engines, climber, first_clip())
    second = await filmed_climb(engines, stranger, second_clip())
    grants = [await coached(one, coach) for one in (climber, stranger)]
    comparison_id = await finished_comparison(engines, coach, first["id"], second["id"])
    path = f"{COMPARISONS}/{comparison_id}"
    assert (await coach.get(path)).json()["result"] is not None
    match how:
        case "first climber":
            assert (await climber.delete(f"/api/v1/coaches/{grants[0]}")).status_code == 204
        case "second climber":
            assert (await stranger.delete(f"/api/v1/coaches/{grants[1]}")).status_code == 204
        case "coach leaves":
            assert (await coach.delete(f"/api/v1/climbers/{grants[1]}")).status_code == 204
        case "account leaves":
            leaving = (
                "insert into departures (user_id, erase_at, language) values (%s, now() + '1 day', 'en')"
            )
            await sql(engines, leaving, stranger.user["id"])
        case _:
            await sql(engines, "delete from users where id = %s", stranger.user["id"])
    assert error_of(await coach.get(path)) == (404, "comparison_not_found")
    assert (await coach.get(COMPARISONS)).json() == {"items": []}
    again = await coach.post(COMPARISONS, asked(first["id"], second["id"]))
    assert error_of(again) == (404, "analysis_not_found")
    left = await sql(engines, "select count(*) from jobs where subject_id = %s", comparison_id)
    assert left == [(1 if how == "account leaves" else 0,)], "an account that leaves can still stay"


async def test_nobody_else_compares_what_they_do_not_see(
    climber: Climber, stranger: Climber, coach: Climber, engines: Engines
) -> None:
    past = await filmed_climb(engines, climber, first_clip())
    own = await filmed_climb(engines, coach, first_clip())
    await coached(climber, coach, with_past=False)
    now = await filmed_climb(engines, climber, second_clip())
    guest = await opened(climber, (await share(climber, now["id"]))["token"])
    theirs = asked(own["id"], past["id"])
    assert error_of(await coach.post(COMPARISONS, theirs)) == (404, "analysis_not_found"), "from now on only"
    assert (await coach.post(COMPARISONS, asked(own["id"], now["id"]))).status_code == 202
    other = await filmed_climb(engines, stranger, first_clip())
    assert error_of(await stranger.post(COMPARISONS, asked(other["id"], now["id"]))) == (
        404,
        "analysis_not_found",
    )
    as_guest = await climber.http.post(COMPARISONS, json=asked(now["id"], past["id"]), headers=guest)
    assert as_guest.status_code == 401


@pytest.mark.parametrize("is_young", [False, True])
async def test_a_climb_shown_by_a_link_is_compared_by_nobody_who_has_the_link(
    is_young: bool, climber: Climber, stranger: Climber, coach: Climber, engines: Engines
) -> None:
    """With faces covered or not, of the young and of others: a link shows a climb, it lends none."""
    first = await filmed_climb(engines, climber, first_clip())
    second = await filmed_climb(engines, climber, second_clip())
    await store_wall(engines, climber, first["id"], first_clip().wall, covered=True)
    theirs = await filmed_climb(engines, stranger, second_clip())
    if is_young:
        await sql(
            engines,
            """
            insert into guardians (user_id, email, minor_until, language, confirmed_at)
            values (%s, 'parent@example.org', current_date + 100, 'en', now())
            """,
            climber.user["id"],
        )
        invited = await climber.post("/api/v1/coaches", {"email": coach.email})
        assert error_of(invited) == (403, "coach_needs_adult")
    link = await share(climber, first["id"], with_video=True, is_blurred=True)
    guest = await opened(climber, link["token"])
    for wish in (asked(first["id"], theirs["id"]), asked(theirs["id"], first["id"])):
        for who in (stranger, coach):
            assert error_of(await who.post(COMPARISONS, wish)) == (404, "analysis_not_found")
        as_guest = await climber.http.post(COMPARISONS, json=wish, headers=guest)
        assert as_guest.status_code == 401
        assert error_of(await climber.post(COMPARISONS, wish)) == (404, "analysis_not_found")
    own = await climber.post(COMPARISONS, asked(first["id"], second["id"]))
    assert own.status_code == 202
    path = f"{COMPARISONS}/{own.json()['id']}"
    for who in (stranger, coach):
        assert error_of(await who.get(path)) == (404, "comparison_not_found")
    assert (await climber.http.get(path, headers=guest)).status_code == 401


async def test_an_archive_of_the_coach_holds_nothing_of_what_they_compared(
    climber: Climber, coach: Climber, engines: Engines
) -> None:
    first = await filmed_climb(engines, climber, first_clip())
    own = [await filmed_climb(engines, coach, clip()) for clip in (first_clip, second_clip)]
    await coached(climber, coach)
    await finished_comparison(engines, coach, first["id"], own[1]["id"])
    kept = await finished_comparison(engines, coach, own[0]["id"], own[1]["id"])
    [listing] = [one for one in listed() if one.table == "comparisons"]
    async with await psycopg.AsyncConnection.connect(engines.api_url) as connection:
        found = await (await connection.execute(listing.sql, {"user_id": coach.user["id"]})).fetchall()
    assert [str(row[0]) for row in found] == [kept]
