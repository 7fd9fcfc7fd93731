"""The sentences about clips: the same ones in every language, with the same numbers."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from ascension.accounts.choices import LANGUAGES
from ascension.vision import gate
from ascension.vision.remarks import Remark, catalog

SOURCES = [Path(gate.__file__), Path(gate.__file__).parent / "wall" / "registration.py"]
SPANS_S = ((1.0, 1.0), (2.0, 3.5), (4.0, 4.0), (5.0, 6.0))


def forms(language: str) -> dict[str, str]:
    """By code, and by code and number where there are two."""
    found: dict[str, str] = {}
    for code, sentence in catalog(language).sentence.items():
        if isinstance(sentence, str):
            found[code] = sentence
        else:
            found |= {f"{code} one": sentence.one, f"{code} other": sentence.other}
    return found


def variables(sentence: str) -> list[tuple[str, str]]:
    return sorted((name, spec or "") for _, name, spec, _ in Formatter().parse(sentence) if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_numbers(language: str) -> None:
    english, other = forms("en"), forms(language)
    assert list(other) == list(english)
    assert {code: variables(text) for code, text in other.items()} == {
        code: variables(text) for code, text in english.items()
    }


def test_every_remark_that_the_code_makes_has_a_sentence_and_none_is_left_over() -> None:
    made = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in catalog("en").sentence
    }
    assert made | {"wall_lost", "wall_not_found"} == set(catalog("en").sentence)
    calls = [
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"Remark", "_lost"}
        and isinstance(node.args[0], ast.Constant)
    ]
    assert len(calls) > 20
    assert set(calls) <= set(catalog("en").sentence)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    lost = Remark("frames_missing", {"frames": 6}, SPANS_S)
    assert (
        "6 frames of the file cannot be decoded, at 1.0 s, 2.0 to 3.5 s, 4.0 s and 1 more." in lost.sentence()
    )
    assert "6 images" in lost.sentence("fr")
    assert "1,0 s, 2,0–3,5 s, 4,0 s et 1 de plus" in lost.sentence("fr")
    assert Remark("frames_missing", {"frames": 1}, SPANS_S[:1]).sentence().startswith("1 frame of the file")


def test_reasons_are_part_of_the_sentence() -> None:
    reasons = (Remark("wall_dark", {"frames": 1}), Remark("wall_elsewhere", {"frames": 7}))
    assert Remark("wall_lost", {"lost_pct": 12.0}, reasons=reasons).sentence() == (
        "12 % of the frames have no place on the wall: 1 frame is too dark, blank or covered to hold on to; "
        "7 frames show another place or moved too fast to follow."
    )


def test_french_signs_stay_with_their_word() -> None:
    assert not [text for text in forms("fr").values() if re.search(" [:;?!%»]", text)]
