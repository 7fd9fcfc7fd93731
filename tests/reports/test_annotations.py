import re
from dataclasses import replace

import numpy as np
import pytest

from ascension.accounts.choices import LANGUAGES, Language
from ascension.analyses.climb_part import stored
from ascension.analyses.result import Result
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb, read
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.record import Event
from ascension.reports.annotations import annotated
from ascension.reports.order import moves_of, order_of_holds
from ascension.reports.reading import climb_of
from ascension.reports.texts import texts_of
from tests.analyses.sample import build_sample
from tests.climbing.stories import motion_of
from tests.climbing.test_measures_properties import ladder

BODY = Body(height_m=1.75, mass_kg=60)


@pytest.fixture(scope="module")
def result() -> Result:
    """The ladder, stored in a result of as many frames that are all on the wall."""
    motion = replace(motion_of(ladder()), overhang_deg=10)
    climb = read(motion, BODY)
    sample, frames = build_sample(), motion.frame_count
    assert sample.wall_corners_px is not None
    return replace(
        sample,
        facts=sample.facts.model_copy(update={"climb": stored(climb, BODY)}),
        time_ticks=np.round(motion.time_s * 15360).astype(np.int64),
        person=np.ones(frames, np.bool_),
        landmarks_px=motion.poses.landmarks_px,
        visibility=motion.poses.visibility,
        center_of_mass_px=motion.poses.landmarks_px.mean(axis=1),
        center_of_mass_seen_pct=None,
        joint_angles_deg=np.full((frames, 8), np.nan),
        interpolated=None,
        sides_repaired=None,
        wall_corners_px=np.repeat(sample.wall_corners_px[:1], frames, axis=0),
    )


@pytest.fixture(scope="module")
def climb(result: Result) -> Climb:
    found = climb_of(result)
    assert isinstance(found, Climb)
    return found


def _unloaded(result: Result) -> Result:
    """As it was stored before loads were."""
    part = result.facts.climb
    assert part is not None
    attempts = tuple(one.model_copy(update={"loads": None}) for one in part.attempts)
    before = part.model_copy(update={"attempts": attempts, "overhang_deg": None})
    return replace(result, facts=result.facts.model_copy(update={"climb": before}))


def test_each_contact_is_a_ring_with_the_number_of_its_hold(result: Result, climb: Climb) -> None:
    rings, order = annotated(_unloaded(result), texts_of("en")).rings, order_of_holds(climb.contacts)
    assert len(rings) == len(climb.contacts) > 8
    for ring, contact in zip(rings, climb.contacts, strict=True):
        assert (ring.start, ring.end) == (contact.start, contact.end)
        assert ring.landmarks == END_LANDMARKS[contact.limb]
        assert ring.label == ("" if contact.hold is None else str(order[contact.hold]))
        assert ring.dashed == (contact.kind == "unseen")


def test_loads_are_shown_where_the_wall_is_known_to_lean_and_the_body_rests(
    result: Result, climb: Climb
) -> None:
    told = annotated(result, texts_of("fr"))
    (loads,) = climb.loads
    assert loads is not None
    assert loads.stances
    for stance in loads.stances:
        shown = [ring for ring in told.rings if ring.start <= stance.start < ring.end and "%" in ring.label]
        numbers = [int(re.findall(r"(\d+).%", ring.label)[0]) for ring in shown]
        assert sum(numbers) == pytest.approx(100, abs=2)
        assert told.captions[stance.start][0] == texts_of("fr").label["load"]
    for limb in LIMBS:  # cut where loads change, nothing is lost
        own = [ring for ring in told.rings if ring.landmarks == END_LANDMARKS[limb]]
        frames = sum(ring.end - ring.start for ring in own)
        assert frames == sum(one.end - one.start for one in climb.contacts if one.limb == limb)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_counts_the_moves_in_words(result: Result, climb: Climb, language: Language) -> None:
    captions = annotated(_unloaded(result), texts_of(language)).captions
    moves = moves_of(climb, climb.attempts[0])
    assert len(captions) == len(result.person)
    for number, move in enumerate(moves, 1):
        (line,) = captions[move.reach_start]
        assert f" {number} {'of' if language == 'en' else 'sur'} {len(moves)}" in line
        assert texts_of(language).limb[move.limb] in line


def test_words_of_an_event_stay_long_enough_to_be_read(result: Result, climb: Climb) -> None:
    assert result.facts.climb is not None
    cut = Event("foot_cut", 30, 33, (), 0.9)
    part = result.facts.climb.model_copy(update={"events": (cut, replace(cut, kind="match"))})
    changed = replace(result, facts=result.facts.model_copy(update={"climb": part}))
    (banner,) = annotated(changed, texts_of("en")).banners
    time_s = climb.motion.time_s
    assert (banner.start, banner.text) == (30, "Feet off")
    assert time_s[banner.end] - time_s[banner.start] == pytest.approx(1.5, abs=0.1)


def test_an_attempt_without_a_move_has_times_alone(result: Result) -> None:
    assert result.facts.climb is not None
    part = result.facts.climb.model_copy(update={"moves": ()})
    changed = _unloaded(replace(result, facts=result.facts.model_copy(update={"climb": part})))
    assert annotated(changed, texts_of("en")).captions[0] == ("0:00.00",)


def test_without_a_climb_the_skeleton_and_its_times_are_left() -> None:
    sample = build_sample()
    nobody = replace(
        sample,
        person=np.zeros_like(sample.person),
        landmarks_px=np.full_like(sample.landmarks_px, np.nan),
        visibility=np.full_like(sample.visibility, np.nan),
        center_of_mass_px=np.full_like(sample.center_of_mass_px, np.nan),
    )
    shown = annotated(nobody, texts_of("fr"))
    assert (shown.rings, shown.banners) == ((), ())
    assert shown.captions[0][0].endswith(texts_of("fr").label["nobody"])
