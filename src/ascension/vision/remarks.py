"""Remarks: what the reader of a clip's numbers should know, as a code with numbers and as a sentence.

The sentences stand in `catalogs/`, one file a language; all files have the same keys and variables.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict

_SPANS_NAMED: Final = 3
"""More are only counted."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Plural(_Part):
    """By the number "frames"."""

    one: str
    other: str


class _Format(_Part):
    decimal: str
    moment: str
    stretch: str
    more: str


class Catalog(_Part):
    """All sentences of one language."""

    format: _Format
    sentence: dict[str, str | _Plural]


class _Numbers(string.Formatter):
    """`str.format` with the decimal sign of a language."""

    def __init__(self, decimal: str) -> None:
        self._decimal = decimal

    def format_field(self, value: object, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text.replace(".", self._decimal) if isinstance(value, float) else text


@dataclass(frozen=True)
class Remark:
    """Something that the reader of the numbers should know, and what to do about it next time.

    spans_s: where in the clip, from and to in seconds; a moment where both are the same
    reasons: parts of the sentence
    """

    code: str
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    spans_s: tuple[tuple[float, float], ...] = ()
    reasons: tuple["Remark", ...] = ()

    def sentence(self, language: str = "en") -> str:
        """What is said of it."""
        texts = catalog(language)
        found = texts.sentence[self.code]
        if isinstance(found, _Plural):
            found = found.one if self.numbers["frames"] == 1 else found.other
        values = {name: float(value) for name, value in self.numbers.items()}
        spans = _listed(self.spans_s, texts.format)
        why = why_words(self.reasons, language)
        return _Numbers(texts.format.decimal).format(found, **values, spans=spans, why=why)


def why_words(reasons: tuple[Remark, ...], language: str = "en") -> str:
    """Reasons as one part of a sentence; "" where there is none."""
    return "; ".join(reason.sentence(language) for reason in reasons)


@cache
def catalog(language: str) -> Catalog:
    """The sentences of a language, read once. Raises FileNotFoundError where there are none."""
    source = resources.files("ascension.vision") / "catalogs" / f"{language}.toml"
    return Catalog.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))


def _listed(spans_s: tuple[tuple[float, float], ...], words: _Format) -> str:
    written = _Numbers(words.decimal)
    named = ", ".join(
        (words.moment if start_s == end_s else words.stretch).format(
            start=written.format("{:.1f}", start_s), end=written.format("{:.1f}", end_s)
        )
        for start_s, end_s in spans_s[:_SPANS_NAMED]
    )
    rest = len(spans_s) - _SPANS_NAMED
    return words.more.format(named=named, n=rest) if rest > 0 else named
