"""The climb as it is stored in a result, and as it is read back."""

import dataclasses
import gzip
import json

import numpy as np
import pytest

from ascension.analyses import climb_part, result
from ascension.analyses.choices import BodyChoice, Choices
from ascension.analyses.deriving import motion_of, with_climb
from ascension.climbing.limbs import Limb
from tests.analyses.sample import build_sample

TOLD = Choices(body_height_m=1.74, body=BodyChoice(sex="female", injured=frozenset({Limb.LEFT_HAND})))


def test_a_climb_comes_back_as_it_was_stored() -> None:
    stored = with_climb(build_sample(), TOLD)
    back = result.decode(result.encode(stored))
    assert back.facts.climb is not None
    assert back.facts.climb == stored.facts.climb
    climb = climb_part.restored(back.facts.climb, motion_of(back))
    assert climb.attempts
    assert len(climb.measures) == len(climb.habits) == len(climb.attempts)
    assert all((measure.value is None) == bool(measure.reason) for measure in climb.measures[0])


def test_deriving_again_from_what_is_stored_changes_nothing() -> None:
    once = result.encode(with_climb(result.decode(result.encode(build_sample())), TOLD))
    again = result.encode(with_climb(result.decode(once), TOLD))
    assert once == again


def test_another_body_gives_another_climb() -> None:
    plain, heavy = (
        with_climb(build_sample(), told) for told in (Choices(), Choices(body=BodyChoice(mass_kg=80)))
    )
    assert plain.facts.climb != heavy.facts.climb


def test_nobody_has_no_climb() -> None:
    sample = build_sample()
    nobody = np.zeros_like(sample.person)
    empty = dataclasses.replace(
        sample,
        person=nobody,
        landmarks_px=np.full_like(sample.landmarks_px, np.nan),
        visibility=np.full_like(sample.visibility, np.nan),
        center_of_mass_px=np.full_like(sample.center_of_mass_px, np.nan),
    )
    assert with_climb(empty, Choices()).facts.climb is None


def test_reasons_from_before_there_were_codes_are_kept_as_they_are() -> None:
    stored = with_climb(build_sample(), TOLD).facts.climb
    assert stored is not None
    old = stored.model_dump(mode="json")
    for attempt in old["attempts"]:
        attempt["attempt"] |= {"reason": "The clip ends on the wall."}
        del attempt["attempt"]["reason_numbers"]
        for measure in attempt["measures"]:
            del measure["reason_numbers"]
            measure["reason"] = measure["reason"] and "the hips hardly moved"
    back = climb_part.ClimbPart.model_validate(old)
    (one,) = back.attempts
    assert (one.attempt.reason, one.attempt.reason_numbers) == ("The clip ends on the wall.", ())
    assert {measure.reason for measure in climb_part.measures_of(one)} == {"", "the hips hardly moved"}


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_refused(word: bytes) -> None:
    plain = gzip.decompress(result.encode(with_climb(build_sample(), TOLD)))
    _, length = result.PREFIX.unpack_from(plain)
    header = json.loads(plain[result.PREFIX.size : result.PREFIX.size + length])
    header["climb"]["torso"] = "HERE"
    text = json.dumps(header).encode().replace(b'"HERE"', word)
    data = gzip.compress(
        result.PREFIX.pack(result.MAGIC, len(text)) + text + plain[result.PREFIX.size + length :]
    )
    with pytest.raises(ValueError, match="no number"):
        result.decode(data)


def test_a_header_without_end_of_nesting_is_refused() -> None:
    text = b'{"climb":' + b"[" * 200_000
    data = gzip.compress(result.PREFIX.pack(result.MAGIC, len(text)) + text)
    with pytest.raises(ValueError):  # noqa: PT011 -- any of the reader's own
        result.decode(data)
