"""The user's own body: told once, known to every analysis from then on, and never changed behind it."""

from typing import Any

import pytest

from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.platform import Climber

CLIMBER = "/api/v1/users/me/climber"
ANALYSES = "/api/v1/analyses"
NOTHING: dict[str, Any] = {
    "arm_span_m": None,
    "mass_kg": None,
    "sex": None,
    "level": None,
    "missing": [],
    "injured": [],
    "height_m": None,
}
MINE = {"height_m": 1.74, "arm_span_m": 1.78, "mass_kg": 64.0, "level": "advanced", "injured": ["left_hand"]}


async def asked(climber: Climber, **body: object) -> dict[str, Any]:
    """The choices of an analysis that is asked for now."""
    video = await climber.upload(b"v" * 1000)
    answer = await climber.post(ANALYSES, {"video_id": video["id"], **body})
    assert answer.status_code == 201, answer.text
    return answer.json()["choices"]


async def test_nothing_is_told_at_first_and_what_is_told_replaces_it(
    climber: Climber, stranger: Climber
) -> None:
    assert (await climber.get(CLIMBER)).json() == NOTHING
    assert (await climber.put(CLIMBER, MINE)).json() == {**NOTHING, **MINE}
    assert (await climber.get(CLIMBER)).json() == {**NOTHING, **MINE}
    assert (await stranger.get(CLIMBER)).json() == NOTHING
    assert (await climber.put(CLIMBER, {"sex": "female"})).json() == {**NOTHING, "sex": "female"}


async def test_an_analysis_knows_the_body_that_was_told_when_it_was_asked_for(climber: Climber) -> None:
    await climber.put(CLIMBER, MINE)
    choices = await asked(climber)
    assert (choices["body_height_m"], choices["body"]["mass_kg"]) == (1.74, 64.0)
    assert choices["body"]["injured"] == ["left_hand"]
    await climber.put(CLIMBER, {"mass_kg": 70})
    page = (await climber.get(ANALYSES)).json()
    assert page["items"][0]["choices"] == choices, "a later change does not reach back"


async def test_what_is_said_of_a_clip_goes_before_the_profile(climber: Climber) -> None:
    await climber.put(CLIMBER, MINE)
    said = {"body_height_m": None, "body": {"mass_kg": 80, "missing": ["right_foot"]}}
    choices = await asked(climber, choices=said)
    assert choices["body_height_m"] is None
    body = choices["body"]
    assert (body["mass_kg"], body["arm_span_m"], body["level"]) == (80.0, 1.78, "advanced")
    assert (body["missing"], body["injured"]) == (["right_foot"], [])
    somebody_else = await asked(climber, with_profile=False)
    assert somebody_else["body_height_m"] is None
    assert somebody_else["body"] is None


async def test_made_anew_an_analysis_takes_the_profile_of_now_unless_told(
    climber: Climber, engines: Engines
) -> None:
    await climber.put(CLIMBER, MINE)
    video = await climber.upload(b"v" * 1000)
    analysis = (await climber.post(ANALYSES, {"video_id": video["id"]})).json()
    await complete(engines, analysis)
    await climber.put(CLIMBER, {"height_m": 1.9, "mass_kg": 90})
    path = f"{ANALYSES}/{analysis['id']}/retry"
    again = (await climber.post(path, {"overhang_deg": 10})).json()["choices"]
    assert (again["body_height_m"], again["body"]["mass_kg"], again["body"]["level"]) == (1.9, 90.0, None)
    await complete(engines, analysis)
    told = {"body_height_m": None, "body": {"mass_kg": 50}}
    again = (await climber.post(path, told)).json()["choices"]
    assert (again["body_height_m"], again["body"]["mass_kg"]) == (None, 50.0)


async def test_tried_again_as_it_was_an_analysis_keeps_the_body_of_then(climber: Climber) -> None:
    await climber.put(CLIMBER, MINE)
    video = await climber.upload(b"v" * 1000)
    analysis = (await climber.post(ANALYSES, {"video_id": video["id"]})).json()
    await climber.post(f"{ANALYSES}/{analysis['id']}/cancel")
    await climber.put(CLIMBER, {"height_m": 1.9})
    again = await climber.post(f"{ANALYSES}/{analysis['id']}/retry")
    assert again.json()["choices"] == analysis["choices"]


async def test_made_anew_somebody_else_stays_somebody_else(climber: Climber, engines: Engines) -> None:
    await climber.put(CLIMBER, MINE)
    video = await climber.upload(b"v" * 1000)
    asked_for = {"video_id": video["id"], "with_profile": False, "choices": {"body": {"mass_kg": 70}}}
    analysis = (await climber.post(ANALYSES, asked_for)).json()
    await complete(engines, analysis)
    again = (await climber.post(f"{ANALYSES}/{analysis['id']}/retry", {"overhang_deg": 10})).json()["choices"]
    assert (again["body_height_m"], again["body"]["mass_kg"], again["body"]["level"]) == (None, 70.0, None)


async def test_a_repeated_request_is_the_same_one_after_the_profile_changed(climber: Climber) -> None:
    video = await climber.upload(b"v" * 1000)
    body = {
        "video_id": video["id"],
        "choices": {"body": {"missing": ["right_foot", "left_hand", "left_foot", "right_hand"]}},
    }
    first = await climber.post(ANALYSES, body, Idempotency_Key="profile-and-key")
    await climber.put(CLIMBER, MINE)
    again = await climber.post(ANALYSES, body, Idempotency_Key="profile-and-key")
    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.parametrize(
    "told",
    [
        {"height_m": 17.4},
        {"height_m": "1.74"},
        {"mass_kg": True},
        {"sex": "other words"},
        {"missing": ["head"]},
        {"missing": ["left_hand"], "injured": ["left_hand"]},
        {"injured": ["left_hand", "left_hand"]},
        {"shoe_size": 42},
        [],
        None,
    ],
)
async def test_what_no_body_is_like_is_refused(climber: Climber, told: object) -> None:
    answer = await climber.put(CLIMBER, told)
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")
    assert (await climber.get(CLIMBER)).json() == NOTHING
