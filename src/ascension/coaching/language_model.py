"""Advice worded by a language model, for who sets one up; off by default. It may choose words, never facts.

In go the rule's own sentences, which hold the evidence and nothing that a user typed. Out comes a sentence
for each; one with other facts (`same_facts`) is thrown away, as is whatever cannot be read.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel

from ascension.accounts.choices import Language
from ascension.coaching.same_facts import says_the_same
from ascension.errors.setup import SetupError
from ascension.infra.logging import get_logger
from ascension.infra.settings import LanguageModelSettings

Style = Literal["anthropic", "openai", "gemini"]

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
    "{language} (in French: tu), with the same facts and the same numbers in digits, with their units and in "
    "the same order. Add nothing. "
    'Answer with JSON only: {{"sentences": [...]}}, as many as there are, in the same order.'
)

_FENCE: Final = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")


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


async def reworded(model: LanguageModel, rules: Sequence[str], language: Language) -> dict[str, str]:
    """The rules' sentences with the model's in place of each that it said again with the same facts.

    Without those that it did not, and empty for whatever goes wrong: nothing is ever raised.
    """
    if not rules:
        return {}
    told = await _told(model, rules, language)
    if told is None or len(told) != len(rules):
        return {}
    pairs = zip(rules, told, strict=True)
    return {rule: new.strip() for rule, new in pairs if says_the_same(new, rule, language)}


async def _told(model: LanguageModel, sentences: Sequence[str], language: Language) -> list[str] | None:
    """What the model answers; None for whatever goes wrong."""
    task = _TASK.format(language=_LANGUAGE_NAMES[language])
    path, headers, body = _request(model, task, json.dumps(list(sentences), ensure_ascii=False))
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
