"""The documents themselves: shipped as files, with this installation's own names and times in them."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from ascension.accounts.choices import Language
from ascension.infra.settings import PrivacySettings

Document = Literal["terms", "privacy"]
DOCUMENTS: tuple[Document, ...] = get_args(Document)
_GRACE: dict[Language, tuple[str, str]] = {
    "en": (
        "It can be kept for {days} days after you asked, then everything is erased for good.",
        "Everything is erased for good at once.",
    ),
    "fr": (
        "Il peut être repris pendant {days} jours après ta demande, puis tout est effacé pour de bon.",
        "Tout est effacé pour de bon aussitôt.",
    ),
}
_PAYMENTS: dict[Language, str] = {
    "en": " Whoever buys a plan does so on pages of Stripe, which learns the e-mail, the language and the "
    "account’s id.",
    "fr": " Qui achète une formule le fait sur des pages de Stripe, qui apprend l’adresse e-mail, la langue "
    "et l’identifiant du compte.",
}
_NOBODY: dict[Language, tuple[str, str]] = {
    "en": ("Whoever set it up (they gave no name)", "them (they gave no address)"),
    "fr": ("la personne qui l’a installée (sans donner de nom)", "cette personne (sans adresse donnée)"),
}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid")

    heading: str
    paragraphs: list[str]


class Text(BaseModel):
    """One document in one language."""

    model_config = ConfigDict(extra="forbid")

    title: str
    intro: str
    sections: list[Section]


@cache
def _file(document: Document) -> dict[str, Any]:
    source = resources.files("ascension.accounts.consents") / "documents" / f"{document}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def version_of(document: Document) -> str:
    """Which version is in force."""
    return str(_file(document)["version"])


def text_of(
    document: Document,
    language: Language,
    settings: PrivacySettings,
    *,
    upload_ttl_s: int,
    trash_ttl_s: int,
    sells_plans: bool = False,
) -> Text:
    """What it says here. Times and ages are those that the process works with."""
    name, address = _NOBODY[language]
    days = settings.account_grace_days
    some, none = _GRACE[language]
    told = {
        "operator": settings.operator_name or name,
        "contact": settings.operator_contact or address,
        "age": settings.digital_consent_age,
        "grace": some.format(days=days) if days else none,
        "upload_hours": upload_ttl_s // 3600,
        "trash_days": -(-trash_ttl_s // 86_400),
        "payments": _PAYMENTS[language] if sells_plans else "",
    }

    text = Text.model_validate(_file(document)[language])
    return Text(
        title=text.title,
        intro=text.intro.format_map(told),
        sections=[
            Section(heading=one.heading, paragraphs=[line.format_map(told) for line in one.paragraphs])
            for one in text.sections
        ],
    )
