"""The live socket: first the rows, then what happens to them, through any API replica.

A socket that cannot be served is closed with a code and comes again: for the rows, which miss nothing. So
one whose client does not read is dropped, and nothing is kept for it beyond the bounds of its `Listener`.
"""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from ascension.accounts import queries as accounts
from ascension.accounts import tickets
from ascension.accounts.parts import AccountParts
from ascension.analyses import service
from ascension.analyses.schemas import AnalysisRead
from ascension.errors.accounts import SessionRevoked, TicketInvalid
from ascension.errors.base import ApiError
from ascension.errors.http import QueueUnavailable, TooManyAtOnce, Unavailable
from ascension.infra.slots import Slots
from ascension.infra.storage.steady_links import SteadyLinks
from ascension.jobs.events import Ending, EventHub, Listener

SNAPSHOT_ROWS = 20
SEND_TIMEOUT_S = 5
CLOSE_TIMEOUT_S = 1
# after a restart all sockets come at once: few read rows at a time, so that requests find connections too
OPENING_AT_ONCE = 4
OPENING_WAIT_S = 10
# WebSocket close codes 4000-4999 are the application's
CLOSE_TICKET_INVALID = 4403
CLOSE_ACCOUNT_GONE = 4410
CLOSE_TOO_MANY = 4429
CLOSE_TRY_AGAIN = 1013
CLOSE_GOING_AWAY = 1001
_CLOSES: dict[type[ApiError], int] = {
    SessionRevoked: CLOSE_ACCOUNT_GONE,
    TicketInvalid: CLOSE_TICKET_INVALID,
    TooManyAtOnce: CLOSE_TOO_MANY,
}
_ENDINGS: dict[Ending, tuple[int, str]] = {
    "slow": (CLOSE_TRY_AGAIN, "slow_reader"),
    "missed": (CLOSE_TRY_AGAIN, QueueUnavailable.code),
    "gone": (CLOSE_ACCOUNT_GONE, SessionRevoked.code),
    "old": (CLOSE_GOING_AWAY, "come_again"),
}

router = APIRouter()


def openings(max_sockets: int) -> Slots:
    """Sockets that read their rows at once, and how many wait for it."""
    return Slots(OPENING_AT_ONCE, waiting=max_sockets, wait_s=OPENING_WAIT_S)


@router.websocket("/ws")
async def live(socket: WebSocket, ticket: Annotated[str, Query(max_length=100)] = "") -> None:
    """Rows of the latest analyses, `snapshot.end` with the next cursor, then events until the client leaves.

    `analysis.*`, `derivation.*`, `comparison.*` and `copy.*` tell of jobs. `video.changed` names a video that
    was saved, given up, restored or deleted, or of which an analysis was: only the rows say which.
    """
    parts: AccountParts = socket.app.state.accounts
    hub: EventHub = socket.app.state.hub
    await socket.accept()
    try:
        async with socket.app.state.openings:
            bearer = await tickets.redeem(parts.streams, ticket)
        # listening starts before the rows are read, so nothing falls between the two
        async with hub.listen(bearer.user_id, bearer.session_id) as listener:
            if parts.tokens.is_ended(bearer.session_id):
                raise SessionRevoked
            async with socket.app.state.openings:
                rows = await _rows(parts, bearer.user_id, socket.app.state.analyses.links)
            ending = await _tell(socket, listener, rows)
    except (*_CLOSES, Unavailable) as error:
        await _close(socket, _CLOSES.get(type(error), CLOSE_TRY_AGAIN), error.code)
        return
    if ending in _ENDINGS:
        await _close(socket, *_ENDINGS[ending])


async def _rows(parts: AccountParts, user_id: UUID, links: SteadyLinks) -> list[str]:
    """Raises SessionRevoked: the account is gone, though its access token still holds."""
    async with parts.database.transaction() as tx:
        if await accounts.get_user(tx.connection, user_id) is None:
            raise SessionRevoked
        rows, next_cursor = await service.list_page(tx.connection, user_id, cursor=None, limit=SNAPSHOT_ROWS)
    snapshots = [
        {"type": "analysis.snapshot", "analysis": AnalysisRead.of(row, links).model_dump(mode="json")}
        for row in rows
    ]
    end = {"type": "snapshot.end", "at": datetime.now(UTC).isoformat(), "next_cursor": next_cursor}
    return [json.dumps(message) for message in (*snapshots, end)]


async def _tell(socket: WebSocket, listener: Listener, rows: list[str]) -> Ending:
    """Send the rows, then every event, until the socket ends; why it did."""
    leaving = asyncio.create_task(_until_left(socket, listener))
    try:
        for row in rows:
            await _send(socket, row)
        while (event := await listener.next()) is not None:
            await _send(socket, event)
    except TimeoutError:
        listener.end("slow")
    except (WebSocketDisconnect, RuntimeError):
        listener.end("left")  # while we were sending
    finally:
        leaving.cancel()
    return listener.ending or "left"


async def _until_left(socket: WebSocket, listener: Listener) -> None:
    # clients have nothing to say; reading notices that they left
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    listener.end("left")


async def _send(socket: WebSocket, text: str) -> None:
    """Raises TimeoutError when the client takes nothing."""
    async with asyncio.timeout(SEND_TIMEOUT_S):
        await socket.send_text(text)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    """Say why, if the client still reads; else the kernel ends the connection (infra/server.py)."""
    with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await socket.close(code, reason)
