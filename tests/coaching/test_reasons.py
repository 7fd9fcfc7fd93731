"""Whatever is not measurable says why in both languages, with the numbers that its sentence needs."""

from dataclasses import replace
from typing import get_args

import pytest

from ascension.accounts.choices import LANGUAGES
from ascension.biomechanics.conventions import Landmark
from ascension.climbing.body import Body
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.measures.definitions import measures_of
from ascension.climbing.measures.material import material_of
from ascension.climbing.reasons import Unmeasured
from ascension.climbing.record import Measure
from ascension.coaching.wording import unmeasured_text
from tests.climbing.stories import Reach, Story, Told, material
from tests.climbing.test_measures_properties import ladder

TRUNK = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
BESIDE_TRUNK = tuple(one for one in Landmark if one not in TRUNK)
HELD = tuple(Told(limb, 0, 10) for limb in LIMBS)
STORIES = {
    "two frames": Story(2 / 30),
    "a moment": Story(0.2, contacts=(Told(Limb.LEFT_HAND, 0, 0.2),)),
    "a short attempt": replace(ladder(), attempt_s=(3, 3.1)),
    "nothing but a body": Story(10),
    "no limbs": replace(ladder(), body=Body(missing=frozenset(LIMBS))),
    "no trunk": replace(ladder(), hidden=dict.fromkeys(TRUNK, (0.0, 9.0))),
    "no elbows and ends": replace(ladder(), hidden=dict.fromkeys(BESIDE_TRUNK, (0.0, 99.0))),
    "hidden contacts": Story(10, contacts=tuple(Told(limb, 0, 10, kind="unseen") for limb in LIMBS)),
    "still": Story(10, contacts=HELD, overhang_deg=10.0),
    "on the floor": Story(10, contacts=(Told(Limb.LEFT_FOOT, 0, 10, kind="floor", hold=None),)),
    "on bare wall": Story(10, contacts=tuple(Told(limb, 0, 10, kind="smear", hold=None) for limb in LIMBS)),
    "two moves": Story(10, contacts=HELD, moves=(Reach(Limb.LEFT_HAND, 1, 2), Reach(Limb.LEFT_HAND, 4, 5))),
    "torso lengths": replace(ladder(), unit="torso"),
}


def measured(name: str) -> tuple[Measure, ...]:
    everything = material(STORIES[name])
    return measures_of(material_of(everything, everything.attempt))


@pytest.mark.parametrize("name", STORIES)
def test_what_is_not_measured_says_why_in_every_language(name: str) -> None:
    for one in measured(name):
        if not one.reason:
            continue
        said = {unmeasured_text(one, language) for language in LANGUAGES}
        assert len(said) == len(LANGUAGES), one
        assert not {one.reason} & said, one
        assert not any("{" in text or "_" in text for text in said), said


def test_these_stories_know_most_of_the_reasons() -> None:
    found = {one.reason for name in STORIES for one in measured(name)} - {""}
    assert found <= set(get_args(Unmeasured))
    assert len(found) > 0.6 * len(get_args(Unmeasured))
