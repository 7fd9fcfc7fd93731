"""The finished example of the page /demo is what this release would say of it."""

import hashlib

import pytest

from ascension.accounts.choices import LANGUAGES, Language
from ascension.analyses import result
from ascension.analyses.deriving import with_climb
from ascension.coaching.reading import coaching_of
from scripts import example

STALE = "it is not what this release makes of it: run `make example`, look at /demo, and commit examples/demo"
DATA = (example.FOLDER / "climb.ascension.gz").read_bytes()


def test_the_climb_is_what_is_derived_of_its_skeleton_today() -> None:
    found = result.decode(DATA)
    is_todays = result.encode(with_climb(found, example.TOLD)) == DATA
    assert is_todays, STALE  # of two files of bytes pytest would look for the difference for minutes
    assert found.facts.video.sha256 == hashlib.sha256(example.CLIP.read_bytes()).hexdigest()
    assert found.facts.climb is not None
    assert found.facts.climb.unit == "m"
    assert [part.attempt.outcome for part in found.facts.climb.attempts] == ["top"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advice_is_todays_in_both_languages(language: Language) -> None:
    committed = (example.FOLDER / f"coaching-{language}.json").read_text(encoding="utf-8")
    assert committed == example.coaching_text(DATA, language), STALE
    [attempt] = coaching_of(DATA, language).attempts
    assert attempt.advice.top, "a demonstration has something to say"


def test_the_figures_are_those_that_stand_beside_a_result() -> None:
    shown = result.decode(DATA).facts.summary.model_dump()
    text = (example.FOLDER / "figures.json").read_text()
    assert '"frame_count": 322' in text
    assert f'"frame_count": {shown["frame_count"]}' in text


def test_it_is_small_and_tells_of_nobody() -> None:
    files = {path.name: path.stat().st_size for path in example.FOLDER.iterdir()}
    assert set(files) == {
        "climb.ascension.gz",
        "coaching-en.json",
        "coaching-fr.json",
        "figures.json",
        "poster.webp",
        "wall.webp",
    }
    assert sum(files.values()) < 400_000, files
    assert files["poster.webp"] < 40_000, "the start page shows it"
