"""Does a sentence say the same as a rule's? As far as numbers, sides, parts of the body and a no can tell."""

import re
from typing import Final

from ascension.accounts.choices import Language

LONGEST_CHARS: Final = 400
_LONGER_TIMES: Final = 1.6
_LONGER_CHARS: Final = 40
"""So much longer than the rule's it may be: what is added says something of its own."""

_NUMBER: Final = re.compile(r"[−-]?\d+(?:[.,:]\d+)*(?:\s?(?:%|°|s\b|cm\b|m\b))?")
"""With its unit, so that seconds do not become meters."""
_UNWANTED: Final = re.compile(
    r"[<>`\[\]{}\\|*_#\x00-\x1f\x7f]|://|www\.|@|\b(?:prompt|instruction|assistant|syst[eè]me?)s?\b",
    re.IGNORECASE,
)
_TELLING: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(left|right|once|twice|both|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|"
        r"half|hundreds?|thousands?|hands?|foot|feet|(?:fore)?arms?|elbows?|shoulders?|hips?|legs?|knees?|"
        r"fingers?|toes?|wrists?|heels?|ankles?)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(gauches?|droite?s?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|douzaines?|moitié|"
        r"demie?|cent|mille|mains?|pieds?|(?:avant-)?bras|coudes?|épaules?|bassin|hanches?|jambes?|genoux?|"
        r"doigts?|orteils?|poignets?|talons?|chevilles?)\b",
        re.IGNORECASE,
    ),
}
"""Words for a side, a number or a part of the body: allowed only where the rule's sentence has them."""
_ARTICLES: Final[dict[Language, frozenset[str]]] = {"en": frozenset({"one"}), "fr": frozenset({"un", "une"})}
_NO: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:no|not|never|none|nothing|nobody|without|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE
    ),
    "fr": re.compile(r"\b(?:pas|jamais|aucune?|rien|sans|ni|personne)\b", re.IGNORECASE),
}
_SAME: Final[dict[str, str]] = {"feet": "foot", "droit": "droite", "hanche": "bassin"}


def says_the_same(new: str, rule: str, language: Language) -> bool:
    """Has it the rule's numbers in the same order, no side, part of the body or address of its own, a no
    exactly where the rule has one, and is it hardly longer?

    Known limit: a wrong claim without any of these is not noticed.
    """
    plain = new.strip()
    longest = min(LONGEST_CHARS, _LONGER_TIMES * len(rule) + _LONGER_CHARS)
    if not plain or len(plain) > longest or _UNWANTED.search(plain):
        return False
    if _numbers(plain) != _numbers(rule):
        return False
    if bool(_NO[language].search(plain)) != bool(_NO[language].search(rule)):
        return False
    return _told(plain, language) - _ARTICLES[language] <= _told(rule, language)


def _numbers(text: str) -> list[str]:
    """Spaces between number and unit are a matter of typography."""
    return [re.sub(r"\s", "", number) for number in _NUMBER.findall(text)]


def _told(text: str, language: Language) -> set[str]:
    stems = [str(word).lower().rstrip("sx") for word in _TELLING[language].findall(text)]
    return {_SAME.get(stem, stem) for stem in stems}
