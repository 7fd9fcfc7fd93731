"""Sentences that a language model wrote, beside the rules' that they stand for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ascension.accounts.choices import Language
from ascension.coaching.same_facts import says_the_same

Source = Literal["rules", "model"]


@dataclass(frozen=True)
class Wording:
    """What a model wrote for one analysis in one language. `sentences`: by the digest of the rule's."""

    model: str
    worded_at: datetime
    sentences: dict[str, str]


def digest_of(rule: str) -> str:
    """Another rule, number or correction gives another, and what was written for this one is said no more."""
    return hashlib.sha256(rule.encode()).hexdigest()


def said(rule: str, wording: Wording | None, language: Language) -> tuple[str, Source]:
    """The model's sentence where there is one that passes today's checks, else the rule's."""
    new = wording.sentences.get(digest_of(rule)) if wording else None
    if new is None or not says_the_same(new, rule, language):
        return rule, "rules"
    return new, "model"
