"""Catalogs: the same keys and placeholders in every language; numbers as each language writes them."""

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from pydantic import BaseModel

from ascension.accounts.choices import LANGUAGES, Language
from ascension.climbing.habits.rules import RULES, Strength
from ascension.climbing.limbs import Limb
from ascension.climbing.reasons import Ended, Unmeasured
from ascension.climbing.record import Attempt, Evidence, WhyUnjudged
from ascension.coaching.findings import Blank
from ascension.coaching.rules import ADVISED, EVENTS, MEASURES
from ascension.coaching.score import AxisReason
from ascension.coaching.wording import (
    blank_text,
    catalog,
    clock,
    ended_text,
    in_words,
    text_of,
    unmeasured_text,
)
from tests.coaching.cases import bent, found, habit, measure


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, f"{path}.{key}")  # pyright: ignore[reportUnknownArgumentType]
    else:
        assert isinstance(value, str)
        yield path, value


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_all_languages_have_the_same_keys_and_placeholders() -> None:
    english = dict(_leaves(catalog("en")))
    for language in LANGUAGES:
        texts = dict(_leaves(catalog(language)))
        assert texts.keys() == english.keys()
        assert {path: _placeholders(text) for path, text in texts.items()} == {
            path: _placeholders(text) for path, text in english.items()
        }
        assert all(texts.values())


@pytest.mark.parametrize(
    ("evidence", "english", "french"),
    [
        (Evidence("x", 0.1, "m"), "4 in", "4 po"),
        (Evidence("x", 1.26, "m"), "4.1 ft", "4,1 pi"),
        (Evidence("x", 1.5, "torso"), "1.5 torso lengths", "1,5 longueur de buste"),
        (Evidence("x", 1.8, "s"), "1.8 s", "1,8 s"),
    ],
)
def test_lengths_for_whoever_reads_feet(evidence: Evidence, english: str, french: str) -> None:
    assert in_words(evidence, "en", "imperial") == english
    assert in_words(evidence, "fr", "imperial") == french


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_drill_and_reason_has_its_texts(language: Language) -> None:
    texts = catalog(language)
    codes = {*RULES, *(told.code for told in EVENTS.values()), *(rule.code for rule in MEASURES)}
    assert texts.finding.keys() == codes
    assert texts.drill.keys() == {one.drill for one in (*ADVISED.values(), *MEASURES) if one.drill}
    assert texts.reason.keys() == set(get_args(WhyUnjudged))
    assert texts.unmeasured.keys() == set(get_args(Unmeasured))
    assert texts.ended.keys() == set(get_args(Ended))
    assert texts.axis.keys() == set(get_args(AxisReason))
    assert texts.basis.keys() == {*get_args(Strength), "seen"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "At 0:07 you stayed still on bent arms (elbow at 95°) for 1.8 s."),
        ("fr", "À 0:07, tu as tenu immobile, bras pliés (coude à 95°), pendant 1,8 s."),
    ],
)
def test_a_sentence_has_its_numbers(language: Language, sentence: str) -> None:
    text = text_of(found(bent(7.0, 1.8)), language)
    assert text.sentence == sentence
    assert text.drill
    assert text.basis == catalog(language).basis["consensus"]


@pytest.mark.parametrize(
    ("language", "beginning", "numbers"),
    [("en", "3 times", ("0:07", "2.5 s", "5.9 s")), ("fr", "3 fois", ("0:07", "2,5 s", "5,9 s"))],
)
def test_several_times_are_one_sentence(language: Language, beginning: str, numbers: tuple[str, ...]) -> None:
    sentence = text_of(found(bent(7.0, 1.8), bent(20.0, 2.5), bent(30.0, 1.6)), language).sentence
    assert sentence.startswith(beginning)
    assert all(number in sentence for number in numbers)


@pytest.mark.parametrize(
    ("evidence", "english", "french"),
    [
        (Evidence("x", 1.84, "s"), "1.8 s", "1,8 s"),
        (Evidence("x", 12.4, "s"), "12 s", "12 s"),
        (Evidence("x", 0.34, "m"), "34 cm", "34 cm"),
        (Evidence("x", 1.26, "m"), "1.3 m", "1,3 m"),
        (Evidence("x", 1.5, "torso"), "1.5 torso lengths", "1,5 longueur de buste"),
        (Evidence("x", 2.0, "torso"), "2.0 torso lengths", "2,0 longueurs de buste"),
        (Evidence("x", 1.0, "torso"), "1.0 torso length", "1,0 longueur de buste"),
        (Evidence("x", 63.4, "%"), "63%", "63\u00a0%"),
        (Evidence("x", -3.25, "1"), "−3.2", "−3,2"),
        (Evidence("x", 4.0, "n"), "4", "4"),
        (Evidence("feet_on", 1.0, "n"), "only one foot", "un seul pied"),
    ],
)
def test_numbers_as_each_language_writes_them(evidence: Evidence, english: str, french: str) -> None:
    assert in_words(evidence, "en") == english
    assert in_words(evidence, "fr") == french


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_habits_own_evidence_fills_every_sentence(language: Language) -> None:
    """What the rules give (tests/climbing proves that they do) is enough for one and for several times."""
    reach, duration = ("reach", 0.6, "m"), ("duration", 2.0, "s")
    given = {
        "over_gripping_pause": (duration, ("elbow", 90.0, "deg"), ("next_reach", 0.5, "m")),
        "bent_arm_hold": (duration, ("elbow", 90.0, "deg")),
        "straight_arm_rest": (duration, ("elbow", 170.0, "deg"), ("hand_free", 0.0, "s")),
        "good_rest": (duration, ("elbow", 170.0, "deg"), ("hand_free", 2.0, "s")),
        "reach_without_feet": (("feet_on", 0.0, "n"),),
        "late_feet": (("leg", 95.0, "%"), ("hands_since_feet", 3.0, "n")),
        "slow_reach": (duration, reach),
        "jerky_reach": (("smoothness", -3.4, "1"), ("ideal", -1.4, "1"), reach),
        "detour": (("excess", 0.5, "m"), ("way", 0.9, "m"), ("straight", 0.4, "m")),
        "off_balance": (("offset", 0.4, "m"), duration),
        "barn_door": (("speed", 1.2, "torso/s"), ("offset", 0.4, "m")),
        "quiet_feet": (("placements", 6.0, "n"),),
        "smooth_sequence": (
            ("moves", 6.0, "n"),
            duration,
            ("longest_pause", 0.4, "s"),
            ("smoothness", -1.5, "1"),
        ),
        "deadpoint": (reach,),
    }
    for kind in RULES:
        one = habit(kind, 3.0, 5.0, *given.get(kind, (duration,)))
        for finding in (found(one), found(one, habit(kind, 13.0, 15.0, *given.get(kind, (duration,))))):
            sentence = text_of(finding, language).sentence
            assert "{" not in sentence
            assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("language", "beginning"),
    [
        ("en", "Twice you stayed still on bent arms, first at 0:07:"),
        ("fr", "Deux fois, tu as tenu immobile,"),
    ],
)
def test_two_times_are_said_as_people_say_them(language: Language, beginning: str) -> None:
    assert text_of(found(bent(7.0, 1.8), bent(20.0, 2.5)), language).sentence.startswith(beginning)


def test_french_signs_stay_on_the_line_of_their_word() -> None:
    for path, text in _leaves(catalog("fr")):
        assert not re.search(r" [:;?!%»]|« ", text), path


def test_clock() -> None:
    assert [clock(7.9), clock(61.0), clock(0.0)] == ["0:07", "1:01", "0:00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_judged_says_why(language: Language) -> None:
    texts = catalog(language)
    text = blank_text(Blank(("late_feet", "foot_cut"), "feet_hidden"), language)
    assert texts.reason["feet_hidden"] in text
    assert texts.finding["late_feet"].subject in text


@pytest.mark.parametrize(
    ("language", "measure_text", "attempt_text"),
    [
        (
            "en",
            "the hips are seen for only 42% of the time",
            "The climber is not seen in the last 2.1 s of the clip.",
        ),
        (
            "fr",
            "le bassin n'est visible que 42\u00a0% du temps",
            "Le grimpeur n'est plus visible pendant les dernières 2,1 s de la vidéo.",
        ),
    ],
)
def test_reasons_have_their_numbers_in_every_language(
    language: Language, measure_text: str, attempt_text: str
) -> None:
    unknown = replace(
        measure("pace", None),
        reason="hips_seldom_seen",
        reason_numbers=(Evidence("share", 41.7, "%"),),
    )
    assert unmeasured_text(unknown, language) == measure_text
    gone = Attempt(0, 9, "left_picture", "body_out_of_sight", (Evidence("gone", 2.13, "s"),))
    assert ended_text(gone, language) == attempt_text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "numbers"),
    [
        ("the hips are seen in only 42 % of the time", ()),
        ("hips_seldom_seen", ()),
        ("hips_seldom_seen", (Evidence("share", 41.7, "furlongs"),)),
        ("made_up", (Evidence("share", 41.7, "%"),)),
    ],
    ids=["an old result's sentence", "no number", "an unheard-of unit", "an unheard-of code"],
)
def test_reasons_that_are_none_of_ours_stay_as_they_are(
    language: Language, reason: str, numbers: tuple[Evidence, ...]
) -> None:
    unknown = replace(measure("pace", None), reason=reason, reason_numbers=numbers)
    assert unmeasured_text(unknown, language) == reason
    assert ended_text(Attempt(0, 9, "unknown", reason, numbers), language) == reason


def test_limbs_are_named() -> None:
    slip = habit("foot_slip", 3.0, 3.5, ("duration", 0.5, "s"), limbs=(Limb.LEFT_FOOT,))
    assert text_of(found(slip), "en").sentence == "At 0:03 your left foot slipped."
    assert text_of(found(slip), "fr").sentence == "À 0:03, ton pied gauche a zippé."
