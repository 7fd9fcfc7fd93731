"""The climb as it is stored in a result, and as it is read back."""

import dataclasses
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from ascension.analyses import climb_part, deriving, result
from ascension.analyses.choices import BodyChoice, Choices
from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.deriving import motion_of, with_climb
from ascension.climbing.limbs import Limb
from ascension.climbing.record import LimbLoads
from tests.analyses.sample import build_sample
from tests.climbing.climbers import Climber, motion
from tests.climbing.stored import stored as placed

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


LEANING = Choices(overhang_deg=20)


def _standing(told: Choices) -> ClimbPart:
    """Who hangs on four holds for ten seconds."""
    part = with_climb(placed(motion(Climber(lasts_s=10))), told).facts.climb
    assert part is not None
    return part


def _loads(part: ClimbPart) -> LimbLoads:
    (attempt,) = part.attempts
    assert attempt.loads is not None
    return attempt.loads


def test_loads_are_stored_by_stance_with_the_angle_that_they_rest_on() -> None:
    part = _standing(LEANING)
    (attempt,), loads = part.attempts, _loads(part)
    assert part.overhang_deg == 20
    assert loads.reason == ""
    (measured,) = (one for one in attempt.measures if one.name == "hand_load_estimate")
    assert measured.value is not None
    assert measured.frames == tuple((one.start, one.end) for one in loads.stances)
    shares = [sum(one.loads[:2]) / sum(one.loads) for one in loads.stances]
    assert 100 * np.mean(shares) == pytest.approx(measured.value, abs=2)
    assert 0 < loads.confidence <= 0.6
    assert loads.confidence == pytest.approx(measured.confidence, abs=0.01)


def test_without_the_angle_loads_say_why_they_are_missing() -> None:
    part = _standing(Choices())
    assert part.overhang_deg is None
    assert _loads(part) == LimbLoads((), 0.0, "wall_angle_not_told")


def test_after_a_correction_loads_are_those_of_the_corrected_contacts(tmp_path: Path) -> None:
    """One hand is let go: what it carried goes to the others."""
    source, made = tmp_path / "source", tmp_path / "made"
    source.write_bytes(
        result.encode(with_climb(result.decode(result.encode(placed(motion(Climber(lasts_s=10))))), LEANING))
    )
    told = {"limb": "left_hand", "start_frame": 0, "end_frame": 300, "kind": "none"}
    request: dict[str, object] = {
        "source_path": str(source),
        "result_path": str(made),
        "corrections": [{"contacts": [told]}],
        "choices": LEANING.model_dump(mode="json"),
        "summary": {},
    }

    def silently(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None: ...

    deriving.run(request, silently)
    before, after = (result.read_facts(path.read_bytes())[0].climb for path in (source, made))
    assert before is not None
    assert after is not None
    assert after.overhang_deg == before.overhang_deg == 20
    ((first, *_), (left, *_)) = (_loads(part).stances for part in (before, after))
    assert first.loads[0] > 0.1
    assert left.loads[0] == 0
    assert left.loads[1] > first.loads[1]


def test_results_from_before_loads_were_stored_stay_readable() -> None:
    old = _standing(LEANING).model_dump(mode="json")
    del old["overhang_deg"]
    for attempt in old["attempts"]:
        del attempt["loads"]
    back = climb_part.ClimbPart.model_validate(old)
    assert back.overhang_deg is None
    assert [attempt.loads for attempt in back.attempts] == [None]


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
