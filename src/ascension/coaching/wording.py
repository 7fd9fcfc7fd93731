"""Findings as sentences. The texts are data: catalogs/<language>.toml, checked when they are read."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language, Units
from ascension.climbing.habits.rules import Sort
from ascension.climbing.limbs import Limb
from ascension.climbing.reasons import Ended, Unmeasured
from ascension.climbing.record import Attempt, Evidence, Measure
from ascension.coaching.findings import Basis, Blank, Finding
from ascension.coaching.score import AxisReason

_DECIMALS: Final = {
    "s": 1,
    "deg": 0,
    "m": 1,
    "cm": 0,
    "ft": 1,
    "in": 0,
    "torso": 1,
    "torso/s": 1,
    "s/move": 2,
    "%": 0,
    "n": 0,
    "1": 1,
}
_M_PER_FOOT: Final = 0.3048
_M_PER_INCH: Final = 0.0254
_WHOLE_SECONDS_FROM: Final = 10.0
_KEPT_TOGETHER: Final = re.compile(r" (?=[:;?!%»])|(?<=«) ")
"""French puts a space before these signs, and no end of line."""
_FRENCH_PLURAL_FROM: Final = 2.0


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plural(_Part):
    """A text for one and a text for more."""

    one: str
    other: str


class Often(_Part):
    """How many times, as the beginning of a sentence."""

    two: str
    other: str


class Format(_Part):
    """How numbers and lists are written."""

    decimal: str
    percent: str
    together: str = Field(alias="and")
    often: Often


class FindingText(_Part):
    """The texts of one finding; `one` and `other` have placeholders."""

    title: str
    one: str
    other: str
    why: str
    subject: str


class DrillText(_Part):
    """What to practice."""

    title: str
    how: str


class BlankText(_Part):
    """What could not be judged."""

    one: str


class Catalog(_Part):
    """All texts of one language."""

    format: Format
    unit: dict[str, Plural]
    limb: dict[Limb, str]
    count: dict[str, dict[str, str]]
    basis: dict[Basis, str]
    kind: dict[Sort, str]
    reason: dict[str, str]
    blank: BlankText
    unmeasured: dict[Unmeasured, str]
    ended: dict[Ended, str]
    axis: dict[AxisReason, str]
    finding: dict[str, FindingText]
    drill: dict[str, DrillText]


@dataclass(frozen=True)
class Text:
    """A finding in words. Plain text: whoever puts it into a page escapes it."""

    kind: str
    title: str
    sentence: str
    why: str
    basis: str
    drill_title: str = ""
    drill: str = ""


@cache
def catalog(language: Language) -> Catalog:
    """The texts of a language, read once."""
    source = resources.files("ascension.coaching") / "catalogs" / f"{language}.toml"
    text = source.read_text(encoding="utf-8")
    if language == "fr":
        text = _KEPT_TOGETHER.sub("\u00a0", text)
    return Catalog.model_validate(tomllib.loads(text))


def text_of(finding: Finding, language: Language, units: Units = "metric") -> Text:
    """Title, sentence with the numbers, why it matters, how sure that is, and the drill."""
    texts = catalog(language)
    found = texts.finding[finding.code]
    drill = texts.drill[finding.drill] if finding.drill else None
    template = found.one if finding.times == 1 else found.other
    return Text(
        kind=texts.kind[finding.kind],
        title=found.title,
        sentence=template.format_map(_values(finding, language, units)),
        why=found.why,
        basis=texts.basis[finding.basis],
        drill_title=drill.title if drill else "",
        drill=drill.how if drill else "",
    )


def blank_text(blank: Blank, language: Language) -> str:
    """What could not be judged, and why."""
    texts = catalog(language)
    subjects = ", ".join(texts.finding[code].subject for code in blank.codes)
    return texts.blank.one.format(reason=texts.reason[blank.reason], subjects=subjects)


def unmeasured_text(measure: Measure, language: Language, units: Units = "metric") -> str:
    """Why a measure has no value, without capital and period; "" where it has one."""
    return _because(catalog(language).unmeasured, measure.reason, measure.reason_numbers, language, units)


def ended_text(attempt: Attempt, language: Language, units: Units = "metric") -> str:
    """Why an attempt ended where it did, a sentence."""
    return _because(catalog(language).ended, attempt.reason, attempt.reason_numbers, language, units)


def axis_text(reason: AxisReason, language: Language) -> str:
    """Why an axis has no value, without capital and period."""
    return catalog(language).axis[reason]


def _because(
    texts: Mapping[Any, str], reason: str, numbers: Sequence[Evidence], language: Language, units: Units
) -> str:
    """The text of a code; what is none of ours, as the sentences of old results, stays as it is."""
    try:
        return texts[reason].format_map({one.name: in_words(one, language, units) for one in numbers})
    except KeyError:
        return reason


def _values(finding: Finding, language: Language, units: Units) -> dict[str, str]:
    texts = catalog(language)
    values = {one.name: in_words(one, language, units) for one in finding.evidence}
    limbs = texts.format.together.join(texts.limb[limb] for limb in finding.limbs)
    words = texts.format.often
    often = words.two if finding.times == 2 else words.other.format(n=finding.times)
    return values | {"at": clock(finding.at_s), "often": often, "limbs": limbs}


def clock(time_s: float) -> str:
    """Minutes and seconds as a player shows them: 0:07."""
    return f"{int(time_s) // 60}:{int(time_s) % 60:02}"


def in_words(evidence: Evidence, language: Language, units: Units = "metric") -> str:
    """A number with its unit: "1.8 s", "1,8 s"; short lengths in centimeters or inches."""
    texts = catalog(language)
    value, unit = evidence.value, evidence.unit
    if unit == "n":
        return texts.count.get(evidence.name, {}).get(f"{value:.0f}", f"{value:.0f}")
    if unit == "m" and units == "imperial":
        is_short = abs(value) < _M_PER_FOOT
        value, unit = (value / _M_PER_INCH, "in") if is_short else (value / _M_PER_FOOT, "ft")
    elif unit == "m" and abs(value) < 1:
        value, unit = 100 * value, "cm"
    decimals = 0 if unit == "s" and abs(value) >= _WHOLE_SECONDS_FROM else _DECIMALS[unit]
    shown = f"{value:.{decimals}f}"
    number = shown.replace("-", "−").replace(".", texts.format.decimal)
    if unit == "%":
        return number + texts.format.percent
    if unit == "1":
        return number
    words = texts.unit[unit]
    return (words.one if _is_one(abs(float(shown)), language) else words.other).format(n=number)


def _is_one(value: float, language: Language) -> bool:
    """English: exactly one; French: less than two."""
    return value == 1.0 if language == "en" else value < _FRENCH_PLURAL_FROM
