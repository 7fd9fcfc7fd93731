"""The live socket: first the rows, then what happens to them, through any API replica."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from ascension.accounts import tickets
from ascension.accounts.access import AccountParts
from ascension.analyses import service
from ascension.analyses.schemas import AnalysisRead
from ascension.errors import DatabaseUnavailable, QueueUnavailable, TicketInvalid
from ascension.jobs.events import EventHub, Listener

SNAPSHOT_ROWS = 20
PING_S = 25
# WebSocket close codes 4000-4999 are the application's
CLOSE_TICKET_INVALID = 4403
CLOSE_TRY_AGAIN = 1013

router = APIRouter()


@router.websocket("/ws")
async def live(socket: WebSocket, ticket: Annotated[str, Query(max_length=100)] = "") -> None:
    """Rows of the latest analyses, `snapshot.end`, then `analysis.*` events until the client leaves."""
    accounts: AccountParts = socket.app.state.accounts
    hub: EventHub = socket.app.state.hub
    await socket.accept()
    try:
        user_id = await tickets.redeem(accounts.streams, ticket)
    except TicketInvalid as error:
        await socket.close(CLOSE_TICKET_INVALID, error.code)
        return
    except QueueUnavailable as error:
        await socket.close(CLOSE_TRY_AGAIN, error.code)
        return
    # listening starts before the rows are read, so nothing falls between the two
    async with hub.listen(user_id) as events:
        try:
            await _send_rows(socket, accounts, user_id)
        except DatabaseUnavailable as error:
            await socket.close(CLOSE_TRY_AGAIN, error.code)
            return
        await _relay(socket, events)


async def _send_rows(socket: WebSocket, accounts: AccountParts, user_id: UUID) -> None:
    async with accounts.database.transaction() as tx:
        rows, _ = await service.list_page(tx.connection, user_id, cursor=None, limit=SNAPSHOT_ROWS)
    for row in rows:
        message = {"type": "analysis.snapshot", "analysis": AnalysisRead.of(row).model_dump(mode="json")}
        await socket.send_text(json.dumps(message))
    await socket.send_text(json.dumps({"type": "snapshot.end", "at": datetime.now(UTC).isoformat()}))


async def _relay(socket: WebSocket, events: Listener) -> None:
    async def until_closed() -> None:
        # clients have nothing to say; reading notices that they left
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass

    closed = asyncio.create_task(until_closed())
    try:
        while not closed.done():
            message = asyncio.create_task(events.get())
            await asyncio.wait([closed, message], timeout=PING_S, return_when=asyncio.FIRST_COMPLETED)
            if not message.done():
                message.cancel()
            elif (text := message.result()) is None:
                # events may be missing: the client comes again and gets the rows
                await socket.close(CLOSE_TRY_AGAIN, QueueUnavailable.code)
                return
            else:
                await socket.send_text(text)
    except (WebSocketDisconnect, RuntimeError):
        return  # the client left while we were sending
    finally:
        closed.cancel()
