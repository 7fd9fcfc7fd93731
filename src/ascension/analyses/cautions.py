"""Remarks as results keep them: in English, and in every other language."""

from collections.abc import Callable
from typing import Final

from ascension.accounts.choices import LANGUAGES, Language
from ascension.analyses.result import Caution
from ascension.vision.remarks import Remark

_OTHERS: Final[tuple[Language, ...]] = tuple(language for language in LANGUAGES if language != "en")


def caution_of(remark: Remark) -> Caution:
    """The remark in all languages."""
    return Caution(code=remark.code, detail=remark.sentence(), detail_in=in_others(remark.sentence))


def in_others(told: Callable[[Language], str]) -> dict[Language, str]:
    """What is told in each language but English."""
    return {language: told(language) for language in _OTHERS}
