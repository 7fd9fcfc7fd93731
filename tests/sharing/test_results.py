"""A result as others see it: what is listed, whatever a newer writer adds, and nothing of the body."""

import gzip
import json
from typing import Any

import pytest

from ascension.analyses.choices import Choices
from ascension.analyses.queries import StoredResult
from ascension.analyses.result import MAGIC, PREFIX, decode, split
from ascension.analyses.told_to_others import without_body
from ascension.climbing.limbs import Limb
from ascension.coaching.reading import coaching_of
from ascension.errors.analyses import ResultUnreadable
from ascension.sharing import service
from tests.sharing.seeds import BODY, result_of, told_result

pytestmark = pytest.mark.proves("D01")


def header_of(data: bytes) -> dict[str, Any]:
    return json.loads(split(data)[0])


def test_the_height_that_the_scale_came_from_is_not_told() -> None:
    assert "1.937" in header_of(told_result())["wall"]["scale"]["reason"], "there is something to hide"
    shown = header_of(without_body(told_result()))
    assert shown["wall"]["scale"]["reason"] == "From the climber's height."
    assert shown["video"]["sha256"] == ""
    assert "1.937" not in json.dumps(shown)


def test_readers_take_it_and_find_the_same_skeleton() -> None:
    whole, shown = decode(told_result()), decode(without_body(told_result()))
    assert shown.landmarks_px.tobytes() == whole.landmarks_px.tobytes()
    assert shown.facts.climb is not None
    assert whole.facts.climb is not None
    assert shown.facts.climb.moves == whole.facts.climb.moves
    assert shown.facts.climb.body.mass_kg is None


@pytest.mark.parametrize("told", [{"injured": []}, {"level": "elite"}, {"mass_kg": 61.5}])
def test_what_was_told_of_body_and_level_changes_nothing_that_others_see(told: dict[str, Any]) -> None:
    assert BODY.body is not None
    body = {**BODY.body.model_dump(exclude_none=True), **told}
    other = result_of(Choices.model_validate({**BODY.model_dump(exclude_none=True), "body": body}))
    assert header_of(other)["climb"] != header_of(told_result())["climb"]
    assert without_body(other) == without_body(told_result())
    assert coaching_of(without_body(other), "en") == coaching_of(without_body(told_result()), "en")


def test_there_are_loads_that_would_tell_of_an_injury() -> None:
    climb = decode(told_result()).facts.climb
    assert climb is not None
    assert Limb.LEFT_HAND in climb.body.injured
    assert any(one.loads is not None and one.loads.stances for one in climb.attempts)


def test_what_a_newer_writer_adds_is_not_told_until_it_is_listed() -> None:
    text, _ = split(without_body(with_notes(told_result())))
    assert b"canary" not in text


def with_notes(data: bytes) -> bytes:
    """As a newer writer would, with a word about the body in every part."""
    text, columns = split(data)
    header = json.loads(text)
    for part in (
        header,
        header["video"],
        header["summary"],
        header["wall"],
        header["wall"]["scale"],
        header["climb"],
        header["climb"]["attempts"][0],
    ):
        part["note"] = "canary"
    noted = json.dumps(header).encode()
    return gzip.compress(PREFIX.pack(MAGIC, len(noted)) + noted + columns)


async def test_it_is_made_once_for_many_who_ask() -> None:
    digest = b"of a result that nobody else asks for"
    first = await service.bodiless(StoredResult(told_result(), digest), with_wall_picture=True)
    assert first == without_body(told_result())
    unread = StoredResult(b"would be refused if it was read", digest)
    assert await service.bodiless(unread, with_wall_picture=True) == first
    with pytest.raises(ResultUnreadable):
        await service.bodiless(unread, with_wall_picture=False)
    for number in range(service.MOST_MADE):
        await service.bodiless(StoredResult(told_result(), bytes([number])), with_wall_picture=True)
    with pytest.raises(ResultUnreadable):  # the oldest went for the newest
        await service.bodiless(unread, with_wall_picture=True)
