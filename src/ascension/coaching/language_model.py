"""Advice worded by a language model, for who sets one up; off by default. It may choose words, never facts.

In go the rule's own sentences, which hold the evidence and nothing that a user typed. Out comes a sentence
for each; one with other numbers, or with a side or an address that the rule's does not have, is thrown away,
as is whatever cannot be read. Whatever goes wrong, the rule's text stays: nothing else is ever returned.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel

from ascension.coaching.findings import Finding
from ascension.coaching.languages import Language
from ascension.coaching.wording import Text, text_of
from ascension.errors import SetupError
from ascension.infra.logging import get_logger
from ascension.infra.settings import LanguageModelSettings

Style = Literal["anthropic", "openai", "gemini"]

LONGEST_CHARS: Final = 400
LARGEST_ANSWER_BYTES: Final = 64 * 1024
_MAX_TOKENS: Final = 2000
_ADDRESSES: Final[dict[Style, str]] = {
    "anthropic": "https://api.anthropic.com",
    "openai": "https://api.openai.com",
    "gemini": "https://generativelanguage.googleapis.com",
}
_LANGUAGE_NAMES: Final[dict[Language, str]] = {"en": "English", "fr": "French"}
_TASK: Final = (
    "You are a climbing coach. Say each sentence of the JSON list in other words, friendly and short, in "
    "{language}, with the same facts and the same numbers in digits, with their units and in the same order. "
    'Answer with JSON only: {{"sentences": [...]}}, as many as there are, in the same order.'
)

_NUMBER: Final = re.compile(r"[−-]?\d+(?:[.,:]\d+)*(?:\s?(?:%|°|s\b|cm\b|m\b))?")
"""With its unit, so that seconds do not become meters."""
_UNWANTED: Final = re.compile(r"[<>`\[\]{}\\|*_#\x00-\x1f\x7f]|://|www\.|@")
_FENCE: Final = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")
_TELLING: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(left|right|once|twice|both|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|"
        r"half|hundreds?|thousands?)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(gauche|droite?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|douzaines?|moitié|demie?|"
        r"cent|mille)\b",
        re.IGNORECASE,
    ),
}
"""Words that state a side or a number: allowed only where the rule's sentence has them."""
_ARTICLES: Final[dict[Language, frozenset[str]]] = {"en": frozenset({"one"}), "fr": frozenset({"un", "une"})}


@dataclass(frozen=True)
class LanguageModel:
    """Where it is asked, and how."""

    style: Style
    address: str
    name: str
    key: str
    timeout_s: float


class _Sentences(BaseModel):
    sentences: list[str]


class _Part(BaseModel):
    text: str = ""


class _AnthropicAnswer(BaseModel):
    content: list[_Part]


class _OpenAiMessage(BaseModel):
    content: str


class _OpenAiChoice(BaseModel):
    message: _OpenAiMessage


class _OpenAiAnswer(BaseModel):
    choices: list[_OpenAiChoice]


class _GeminiContent(BaseModel):
    parts: list[_Part]


class _GeminiCandidate(BaseModel):
    content: _GeminiContent


class _GeminiAnswer(BaseModel):
    candidates: list[_GeminiCandidate]


def model_of(settings: LanguageModelSettings) -> LanguageModel | None:
    """The model that the settings name; None: off.

    Raises:
        SetupError: a style is set, but no model or no key.
    """
    style = settings.language_model_style
    if style == "off":
        return None
    key = settings.language_model_key.get_secret_value()
    if not settings.language_model_name or not key:
        raise SetupError("LANGUAGE_MODEL_STYLE is set: set LANGUAGE_MODEL_NAME and LANGUAGE_MODEL_KEY too.")
    address = (settings.language_model_url or _ADDRESSES[style]).rstrip("/")
    return LanguageModel(style, address, settings.language_model_name, key, settings.language_model_timeout_s)


async def texts_of(
    model: LanguageModel | None, findings: Sequence[Finding], language: Language
) -> tuple[Text, ...]:
    """The findings in words: the rules' own, or with sentences of a model that say the same."""
    texts = tuple(text_of(finding, language) for finding in findings)
    if model is None or not texts:
        return texts
    told = await _told(model, [text.sentence for text in texts], language)
    if told is None or len(told) != len(texts):
        return texts
    return tuple(
        replace(text, sentence=new.strip()) if says_the_same(new, text.sentence, language) else text
        for text, new in zip(texts, told, strict=True)
    )


def says_the_same(new: str, rule: str, language: Language) -> bool:
    """The new sentence has the rule's numbers in the same order, no side or address of its own, and is short.

    Known limit: a claim without any of these is not noticed.
    """
    plain = new.strip()
    if not plain or len(plain) > LONGEST_CHARS or _UNWANTED.search(plain):
        return False
    if _NUMBER.findall(plain) != _NUMBER.findall(rule):
        return False
    telling = _TELLING[language]
    said = {word.lower() for word in telling.findall(plain)} - _ARTICLES[language]
    return said <= {word.lower() for word in telling.findall(rule)}


async def _told(model: LanguageModel, sentences: list[str], language: Language) -> list[str] | None:
    """What the model answers; None for whatever goes wrong."""
    task = _TASK.format(language=_LANGUAGE_NAMES[language])
    path, headers, body = _request(model, task, json.dumps(sentences, ensure_ascii=False))
    timeout = aiohttp.ClientTimeout(total=model.timeout_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(model.address + path, headers=headers, json=body, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise aiohttp.ClientError(f"status {answer.status}")
            raw = await _read(answer)
        text = _FENCE.sub("", _text(model.style, raw))
        return _Sentences.model_validate_json(text).sentences
    except (aiohttp.ClientError, TimeoutError, ValueError, IndexError) as error:
        get_logger().warning("language_model_failed", style=model.style, error=type(error).__name__)
        return None


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The body, never more than the limit."""
    raw = bytearray()
    async for chunk in answer.content.iter_chunked(8192):
        raw += chunk
        if len(raw) > LARGEST_ANSWER_BYTES:
            raise aiohttp.ClientError("the answer is too large")
    return bytes(raw)


def _request(model: LanguageModel, task: str, text: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Path, headers and body of one question."""
    match model.style:
        case "anthropic":
            return (
                "/v1/messages",
                {"x-api-key": model.key, "anthropic-version": "2023-06-01"},
                {
                    "model": model.name,
                    "max_tokens": _MAX_TOKENS,
                    "system": task,
                    "messages": [{"role": "user", "content": text}],
                },
            )
        case "openai":
            messages = [{"role": "system", "content": task}, {"role": "user", "content": text}]
            return (
                "/v1/chat/completions",
                {"Authorization": f"Bearer {model.key}"},
                {"model": model.name, "messages": messages},
            )
        case "gemini":
            return (
                f"/v1beta/models/{quote(model.name, safe='')}:generateContent",
                {"x-goog-api-key": model.key},
                {
                    "systemInstruction": {"parts": [{"text": task}]},
                    "contents": [{"role": "user", "parts": [{"text": text}]}],
                },
            )


def _text(style: Style, raw: bytes) -> str:
    """The text of an answer. Raises ValidationError or IndexError where there is none."""
    match style:
        case "anthropic":
            return "".join(part.text for part in _AnthropicAnswer.model_validate_json(raw).content)
        case "openai":
            return _OpenAiAnswer.model_validate_json(raw).choices[0].message.content
        case "gemini":
            found = _GeminiAnswer.model_validate_json(raw).candidates[0]
            return "".join(part.text for part in found.content.parts)
