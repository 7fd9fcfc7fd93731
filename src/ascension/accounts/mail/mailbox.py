"""`/mails`: what the mail server of `ascension up` was handed, for whoever sits at this machine.

Whoever reads these letters can log in as anybody, so nobody else's request is answered: it has to come from
this machine, and to ask for it by its own name (else a page elsewhere could, under a name that leads here).
"""

import asyncio
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse

from ascension.errors.http import RouteNotFound
from ascension.infra.http.caller import client_address

LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}
MAX_LISTED = 50
_LINK = re.compile(r"https?://[^\s<>\"']+")
_LONG = re.compile(r"([\w-]{12})")
"""Where a link may be broken on a phone: what it is made of knows no spaces."""


@dataclass(frozen=True)
class _Mail:
    name: str
    date: str
    recipient: str
    subject: str
    text: str


async def _at_this_machine(request: Request) -> None:
    if client_address(request) not in LOCAL_NAMES or request.url.hostname not in LOCAL_NAMES:
        raise RouteNotFound


def router_of(folder: Path) -> APIRouter:
    """The pages over this folder of letters."""
    router = APIRouter(prefix="/mails", include_in_schema=False, dependencies=[Depends(_at_this_machine)])

    @router.get("")
    async def listed() -> HTMLResponse:
        return HTMLResponse(_page("Letters", "".join(_rows(await asyncio.to_thread(_read_all, folder)))))

    @router.get("/{name}")
    async def opened(name: Annotated[str, PathParameter(pattern=r"^[0-9a-f-]{36}$")]) -> HTMLResponse:
        mail = await asyncio.to_thread(_read, folder / f"{name}.eml")
        if mail is None:
            raise RouteNotFound
        return HTMLResponse(_page(mail.subject, _letter(mail)))

    return router


def _read_all(folder: Path) -> list[_Mail]:
    """The latest first: their names are made of the time."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:MAX_LISTED]
    return [mail for file in files if (mail := _read(file)) is not None]


def _read(file: Path) -> _Mail | None:
    try:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
    except FileNotFoundError:  # the oldest go
        return None
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    return _Mail(file.stem, str(message["Date"]), str(message["To"]), str(message["Subject"]), text)


def _rows(mails: list[_Mail]) -> Iterator[str]:
    yield "<p>What the platform of this machine has sent. Nothing of it left the machine.</p>"
    if not mails:
        yield "<p>No letter yet.</p>"
    yield "<ul>"
    for mail in mails:
        date, recipient, subject = map(html.escape, (mail.date, mail.recipient, mail.subject))
        yield f'<li><a href="/mails/{mail.name}">{subject}</a><br>to {recipient}, {date}</li>'
    yield "</ul>"


def _letter(mail: _Mail) -> str:
    linked = _LINK.sub(_linked, html.escape(mail.text))
    to = f"{html.escape(mail.recipient)}, {html.escape(mail.date)}"
    return f'<p><a href="/mails">All letters</a></p><p>To {to}</p><p>{linked.replace(chr(10), "<br>")}</p>'


def _linked(found: re.Match[str]) -> str:
    shown = _LONG.sub(r"\1<wbr>", found[0])
    return f'<a href="{found[0]}">{shown}</a>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title></head><body><main><h1>{html.escape(title)}</h1>{body}</main>"
        "</body></html>"
    )
