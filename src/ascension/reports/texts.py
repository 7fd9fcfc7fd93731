"""The report's own words and the way numbers are written, in each language: catalogs/<language>.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict

from ascension.accounts.choices import Language
from ascension.climbing.limbs import Limb
from ascension.climbing.record import EventKind, MoveKind, Outcome
from ascension.coaching.score import Axis
from ascension.coaching.wording import catalog as coaching_texts
from ascension.coaching.wording import clock as clock_of

_FEW: Final = 100.0
_NOTHING: Final = 0.0005
"""Rounds to zero."""


class Catalog(BaseModel):
    """All texts of one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: dict[str, str]
    column: dict[str, str]
    limb: dict[Limb, str]
    move: dict[MoveKind, str]
    event: dict[EventKind, str]
    outcome: dict[Outcome, str]
    axis: dict[Axis, str]
    unit: dict[str, str]
    measure: dict[str, str]


class Texts(Catalog):
    """The texts together with the numbers of their language."""

    language: Language
    decimal: str

    def number(self, value: float, decimals: int) -> str:
        """A number with so many decimals."""
        return f"{value:.{decimals}f}".replace("-", "−").replace(".", self.decimal)

    def short(self, value: float) -> str:
        """Three digits that matter, never an exponent: 0.327, 33.5, 412."""
        size = abs(value)
        if size < _NOTHING:
            return "0"
        if size >= _FEW or value == round(value):
            return self.number(value, 0)
        return self.number(value, 1 if size >= _FEW / 10 else 2 if size >= 1 else 3)

    def titled(self, title: str, text: str) -> str:
        """A title and what follows its colon."""
        return self.label["titled"].format(title=title, text=text)

    def clock(self, time_s: float) -> str:
        """0:07"""
        return clock_of(time_s)

    def exact_clock(self, time_s: float) -> str:
        """0:07.25, for a single frame."""
        hundredths = round(time_s * 100)
        return f"{clock_of(hundredths / 100)}{self.decimal}{hundredths % 100:02}"

    def percent(self, value: float) -> str:
        """A whole number of percent."""
        return self.number(value, 0) + coaching_texts(self.language).format.percent

    def confidence(self, share: float) -> str:
        """How sure a number is, 0-1."""
        return f"({self.number(share, 2)})"


@cache
def texts_of(language: Language) -> Texts:
    """The texts of a language, read once."""
    source = resources.files("ascension.reports") / "catalogs" / f"{language}.toml"
    catalog = tomllib.loads(source.read_text(encoding="utf-8"))
    decimal = coaching_texts(language).format.decimal
    return Texts.model_validate({**catalog, "language": language, "decimal": decimal})
