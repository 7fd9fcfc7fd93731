"""A language model's service on this machine: the three wire formats, answering as a test wants it to."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from ascension.coaching.language_model import Style

STYLES: tuple[Style, ...] = ("anthropic", "openai", "gemini")
Answer = Callable[[web.Request], Any]


def wire(style: Style, text: str) -> dict[str, Any]:
    """An answer as each of the three services gives it."""
    match style:
        case "anthropic":
            return {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
        case "openai":
            return {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}
        case "gemini":
            return {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]}


def told(style: Style, *sentences: str) -> dict[str, Any]:
    return wire(style, json.dumps({"sentences": list(sentences)}))


@asynccontextmanager
async def service(
    answer: Answer, asked: list[tuple[str, dict[str, str], Any]] | None = None
) -> AsyncGenerator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        if asked is not None:
            asked.append((request.raw_path, dict(request.headers), await request.json()))
        given = answer(request)
        if asyncio.iscoroutine(given):
            given = await given
        return given if isinstance(given, web.StreamResponse) else web.json_response(given)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def asked_for(style: Style, body: Any) -> list[str]:
    """The sentences that a question is about."""
    text = {
        "anthropic": lambda: body["messages"][0]["content"],
        "openai": lambda: body["messages"][1]["content"],
        "gemini": lambda: body["contents"][0]["parts"][0]["text"],
    }[style]()
    return json.loads(text)
