"""What users put right: written down, worked in by a worker without the video, and taken back."""

import asyncio
import json
from functools import cache
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest

from ascension.analyses import queries, result
from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.corrections.service import MAX_CORRECTIONS, MAX_PLACED
from ascension.infra.database.primary import Database
from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs
from tests.rows import sql
from tests.web.seeds import FRAMES, UNSEEN_FRAME, example_result

ANALYSES = "/api/v1/analyses"
SUMMARY: dict[str, Any] = {"frame_count": FRAMES, "duration_s": 10.7, "attempts": []}
NO_FOOT = {"limb": "left_foot", "start_frame": 0, "end_frame": FRAMES, "kind": "none"}
NOWHERE = {"holds": [{"at": [900, 900], "to": None}]}


@cache
def original() -> bytes:
    """A result with its climb: the true poses of the example."""
    return example_result()


def climb_in(data: bytes) -> ClimbPart:
    climb = result.read_facts(data)[0].climb
    assert climb is not None
    return climb


def rests(climb: ClimbPart, limb: str) -> list[tuple[int, int, float, float]]:
    """Frames and places; numbers of holds change when another is gone."""
    return [(one.start, one.end, one.x, one.y) for one in climb.contacts if one.limb == limb]


async def finished(climber: Climber, engines: Engines) -> str:
    """The path of an analysis that is completed."""
    analysis = await climber.analyze(b"v" * 1000)
    await complete(engines, analysis, original(), SUMMARY)
    return f"{ANALYSES}/{analysis['id']}"


async def stored(climber: Climber, path: str, query: str = "") -> bytes:
    """The result's bytes as the database has them."""
    async with climber.http.stream("GET", f"{path}/result{query}", headers=climber.headers) as answer:
        assert answer.status_code == 200
        return b"".join([part async for part in answer.aiter_raw()])


async def worked_in(climber: Climber, path: str, *states: str) -> dict[str, Any]:
    """The corrections, when the work on them has ended so."""
    async with asyncio.timeout(60):
        while True:
            found = (await climber.get(f"{path}/corrections")).json()
            if found["state"] in (states or ("completed",)):
                return found
            assert found["state"] in ("queued", "processing"), found
            await asyncio.sleep(0.1)


def error_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def job_of(engines: Engines, path: str) -> list[tuple[Any, ...]]:
    return await sql(
        engines,
        "select state, claim_id from jobs where kind = 'derivation' and subject_id = %s",
        path.rsplit("/", 1)[1],
    )


async def test_a_contact_is_put_right_and_taken_back(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    path = await finished(climber, engines)
    assert (await climber.get(f"{path}/corrections")).json() == {"state": None, "failure": None, "items": []}
    before = climb_in(original())
    asked = await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert await stored(climber, path) == original(), "it stands until the work is done"
    await sql(
        engines, "update videos set state = 'expired' where user_id = %s", climber.user["id"]
    )  # it needs no video
    programs.worker(**QUICK)
    await worked_in(climber, path)
    after = climb_in(await stored(climber, path))
    assert rests(after, "left_foot") == []
    assert len(after.moves) < len(before.moves)
    assert rests(after, "left_hand") == rests(before, "left_hand"), "another limb is where it was"
    summary = (await climber.get(path)).json()["summary"]
    assert len(summary["attempts"]) == len(after.attempts)
    correction = asked.json()["items"][0]["id"]
    assert (await climber.delete(f"{path}/corrections/{correction}")).status_code == 202
    assert (await worked_in(climber, path))["items"] == []
    assert await stored(climber, path) == original()
    assert (await climber.get(path)).json()["summary"] == SUMMARY


async def test_the_original_can_be_read_beside_the_corrected(
    climber: Climber, stranger: Climber, engines: Engines, programs: Programs
) -> None:
    path = await finished(climber, engines)
    beside = f"{path}/result?original=true"
    assert error_of(await climber.get(beside)) == (404, "original_not_found")
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert error_of(await climber.get(beside)) == (404, "original_not_found"), "nothing is worked in yet"
    programs.worker(**QUICK)
    await worked_in(climber, path)
    corrected, before = (await climber.get(f"{path}/result")), (await climber.get(beside))
    assert before.headers["etag"] != corrected.headers["etag"]
    assert await stored(climber, path, "?original=true") == original()
    assert await stored(climber, path) != original()
    for etag, status in ((before.headers["etag"], 304), (corrected.headers["etag"], 200)):
        assert (await climber.get(beside, headers={"If-None-Match": etag})).status_code == status
    assert error_of(await stranger.get(beside)) == (404, "analysis_not_found")
    await climber.delete(f"{path}/corrections")
    await worked_in(climber, path)
    assert error_of(await climber.get(beside)) == (404, "original_not_found")
    waiting = await climber.analyze(b"x" * 1000)
    without = await climber.get(f"{ANALYSES}/{waiting['id']}/result?original=true")
    assert error_of(without) == (404, "result_not_found")


async def test_keypoints_and_holds_reach_the_skeleton_and_later_corrections_build_on_earlier(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    path = await finished(climber, engines)
    hold = climb_in(original()).holds[-1]
    wrist = {"frame": 100, "landmark": "left_wrist", "x_px": 11.0, "y_px": 22.0}
    first = await climber.post(f"{path}/corrections", {"keypoints": [wrist]})
    second = await climber.post(
        f"{path}/corrections", {"holds": [{"at": [hold.x, hold.y], "to": [hold.x + 1, hold.y]}]}
    )
    assert [one.status_code for one in (first, second)] == [202, 202]
    programs.worker(**QUICK)
    assert len((await worked_in(climber, path))["items"]) == 2
    found = result.decode(await stored(climber, path))
    assert found.landmarks_px[100, 15] == pytest.approx((11, 22), abs=0.3)
    assert found.visibility[100, 15] == 1.0
    assert found.facts.climb is not None
    assert any(abs(one.x - hold.x - 1) < 0.1 for one in found.facts.climb.holds)
    old = await climber.post(f"{path}/corrections", {"holds": [{"at": [hold.x, hold.y], "to": None}]})
    assert error_of(old) == (422, "malformed"), "it is elsewhere now"
    assert (await climber.delete(f"{path}/corrections")).status_code == 202
    await worked_in(climber, path)
    assert await stored(climber, path) == original()


async def test_what_is_not_there_fails_and_keeps_the_result(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    path = await finished(climber, engines)
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    late = await climber.post(f"{path}/corrections", NOWHERE)
    assert late.status_code == 202, "what is there is known when the first is worked in"
    programs.worker(**QUICK)
    failed = await worked_in(climber, path, "failed")
    assert failed["failure"] == {
        "error": "correction_misplaced",
        "detail": "Correction 2 names what is not there: holds.0: there is no hold at (900.00, 900.00)."
        " Take it back; the rest is kept.",
    }
    assert await stored(climber, path) == original()
    assert (await climber.get(path)).json()["state"] == "completed"
    quota = (await climber.get("/api/v1/users/me")).json()["quota"]
    assert quota["used"] == 1, "a correction that fails gives nothing back"
    await climber.delete(f"{path}/corrections/{failed['items'][1]['id']}")
    done = await worked_in(climber, path)
    assert (len(done["items"]), done["failure"]) == (1, None)


@pytest.mark.parametrize(
    ("edits", "detail"),
    [
        (
            {"holds": [{"at": "a hold", "to": None}, {"at": [900, 900], "to": [1, 1]}]},
            "body.holds.1: there is no hold at (900.00, 900.00).",
        ),
        (
            {
                "keypoints": [
                    {"frame": 5, "landmark": "nose", "x_px": 1, "y_px": 1},
                    {"frame": UNSEEN_FRAME, "landmark": "nose", "x_px": 1, "y_px": 1},
                ]
            },
            f"body.keypoints.1: frame {UNSEEN_FRAME} shows nobody.",
        ),
    ],
)
async def test_what_is_known_not_to_be_there_is_refused_at_once(
    climber: Climber, engines: Engines, edits: dict[str, Any], detail: str
) -> None:
    path = f"{await finished(climber, engines)}/corrections"
    hold = climb_in(original()).holds[0]
    for one in edits.get("holds", ()):
        one["at"] = [hold.x, hold.y] if one["at"] == "a hold" else one["at"]
    answer = await climber.post(path, edits)
    assert (error_of(answer), answer.json()["detail"]) == ((422, "malformed"), detail)
    assert (await climber.get(path)).json() == {"state": None, "failure": None, "items": []}


async def test_a_clip_without_a_climb_has_no_holds_to_correct(climber: Climber, engines: Engines) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    await complete(engines, analysis, example_result(is_read=False), SUMMARY)
    path = f"{ANALYSES}/{analysis['id']}/corrections"
    answer = await climber.post(path, {"contacts": [NO_FOOT]})
    assert answer.json()["detail"] == "body.contacts.0: the climber has no place on the wall."


async def test_the_live_socket_tells_when_a_correction_is_worked_in(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    path = await finished(climber, engines)
    programs.worker(**QUICK)
    async with climber.live() as socket:
        await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
        told: list[str] = []
        async with asyncio.timeout(60):
            while "derivation.completed" not in told:
                message = json.loads(await socket.recv())
                if message.get("derivation_id") == path.rsplit("/", 1)[1]:
                    told.append(message["type"])
    assert [kind for kind in told if kind != "derivation.progress"] == [
        "derivation.queued",
        "derivation.started",
        "derivation.completed",
    ]


async def test_the_same_request_twice_is_one_correction(climber: Climber, engines: Engines) -> None:
    path = f"{await finished(climber, engines)}/corrections"
    first = await climber.post(path, {"contacts": [NO_FOOT]}, Idempotency_Key="one-correction")
    again = await climber.post(path, {"contacts": [NO_FOOT]}, Idempotency_Key="one-correction")
    assert first.json() == again.json()
    assert len(again.json()["items"]) == 1
    other = await climber.post(path, NOWHERE, Idempotency_Key="one-correction")
    assert error_of(other) == (409, "idempotency_key_reused")


async def test_another_correction_starts_the_running_work_again(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    await sql(
        engines,
        """
        update jobs set state = 'processing', attempt = 1, claim_id = gen_random_uuid(),
            lease_until = now() + interval '1 h' where kind = 'derivation' and subject_id = %s
        """,
        path.rsplit("/", 1)[1],
    )
    await climber.post(f"{path}/corrections", NOWHERE)
    assert await job_of(engines, path) == [("queued", None)], "who was at it may not complete it"


async def test_work_on_corrections_is_canceled_and_tried_again(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    work = f"{path}/derivation"
    assert error_of(await climber.post(f"{work}/cancel")) == (409, "analysis_ended")
    assert error_of(await climber.post(f"{work}/retry")) == (409, "analysis_not_retryable")
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert error_of(await climber.post(f"{work}/retry")) == (409, "analysis_not_retryable")
    assert (await climber.post(f"{work}/cancel")).json()["state"] == "canceled"
    assert (await climber.post(f"{work}/retry")).json()["state"] == "queued"


async def test_an_analysis_is_corrected_or_made_anew_never_both(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert error_of(await climber.post(f"{path}/retry", {"body_height_m": 1.8})) == (409, "analysis_active")
    await climber.post(f"{path}/derivation/cancel")
    assert (await climber.post(f"{path}/retry", {"body_height_m": 1.8})).status_code == 202
    for answer in (
        await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]}),
        await climber.delete(f"{path}/corrections"),
    ):
        assert error_of(answer) == (409, "analysis_active")


async def test_a_new_result_ends_the_corrections_of_the_old_one(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    async with (
        Database(engines.worker_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        await queries.store_result(
            tx.connection,
            UUID(path.rsplit("/", 1)[1]),
            result=b"new",
            sha256=bytes(32),
            summary=SUMMARY,
            pictures=queries.Pictures(None, None, None),
        )
    assert (await climber.get(f"{path}/corrections")).json()["items"] == []


async def test_removing_an_analysis_removes_its_corrections_and_their_job(
    climber: Climber, engines: Engines
) -> None:
    path = await finished(climber, engines)
    await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert (await climber.delete(f"{path}?for_good=true")).status_code == 204
    assert await job_of(engines, path) == []
    left = "select count(*) from corrections where analysis_id = %s"
    assert await sql(engines, left, path.rsplit("/", 1)[1]) == [(0,)]


async def test_only_what_is_finished_and_only_so_much(climber: Climber, engines: Engines) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    path = f"{ANALYSES}/{analysis['id']}/corrections"
    assert error_of(await climber.post(path, {"contacts": [NO_FOOT]})) == (404, "result_not_found")
    await complete(engines, analysis, original(), SUMMARY)
    await sql(
        engines,
        """
        insert into corrections (id, analysis_id, edits)
        select gen_random_uuid(), %s, '{"holds": [{"at": [0, 0], "to": null}]}' from generate_series(1, %s)
        """,
        analysis["id"],
        MAX_CORRECTIONS,
    )
    assert error_of(await climber.post(path, {"contacts": [NO_FOOT]})) == (409, "too_many_corrections")


async def test_all_corrections_together_name_only_so_much(climber: Climber, engines: Engines) -> None:
    path = await finished(climber, engines)
    await sql(
        engines,
        """
        insert into corrections (id, analysis_id, edits)
        select gen_random_uuid(), %s, jsonb_build_object('contacts', jsonb_agg(1), 'holds', '[]'::jsonb)
        from generate_series(1, %s)
        """,
        path.rsplit("/", 1)[1],
        MAX_PLACED,
    )
    refused = await climber.post(f"{path}/corrections", {"contacts": [NO_FOOT]})
    assert error_of(refused) == (409, "too_many_corrections")


@pytest.mark.parametrize(
    "edits",
    [
        {},
        {"contacts": []},
        {"contacts": [{**NO_FOOT, "end_frame": FRAMES + 1}]},
        {"contacts": [{**NO_FOOT, "start_frame": -1}]},
        {"contacts": [{**NO_FOOT, "start_frame": FRAMES}]},
        {"contacts": [{**NO_FOOT, "end_frame": 1.5}]},
        {"contacts": [{**NO_FOOT, "limb": "tail"}]},
        {"contacts": [{**NO_FOOT, "kind": "hold"}]},
        {"contacts": [{**NO_FOOT, "place": [0, 0]}]},
        {"contacts": [{**NO_FOOT, "kind": "hold", "place": [0, 1e9]}]},
        {"contacts": [NO_FOOT] * 201},
        {"keypoints": [{"frame": 5, "landmark": "tail", "x_px": 1, "y_px": 1}]},
        {"keypoints": [{"frame": FRAMES, "landmark": "nose", "x_px": 1, "y_px": 1}]},
        {"keypoints": [{"frame": 5, "landmark": "nose", "x_px": True, "y_px": 1}]},
        {"holds": [{"at": [0, 0]}]},
        {"somebody": "else"},
    ],
)
async def test_what_no_clip_has_is_refused(climber: Climber, engines: Engines, edits: object) -> None:
    path = f"{await finished(climber, engines)}/corrections"
    assert error_of(await climber.post(path, edits)) == (422, "malformed")
    assert (await climber.get(path)).json()["items"] == []
