"""One-time tickets that open a live socket, because a token has no place in an address."""

from uuid import UUID

from ascension.errors.accounts import TicketInvalid
from ascension.errors.http import QueueUnavailable
from ascension.infra.security import Bearer, new_opaque_token, token_hash
from ascension.infra.streams import Streams, StreamsUnavailable

TICKET_TTL_S = 30


async def issue(streams: Streams, bearer: Bearer) -> str:
    """Raises QueueUnavailable when the store of tickets does not answer."""
    ticket = new_opaque_token()
    whose = f"{bearer.user_id} {bearer.session_id or ''}"
    try:
        await streams.put(_key(ticket), whose.strip(), ttl_s=TICKET_TTL_S)
    except StreamsUnavailable as error:
        raise QueueUnavailable from error
    return ticket


async def redeem(streams: Streams, ticket: str) -> Bearer:
    """Whose ticket this is; it works once. Raises TicketInvalid, QueueUnavailable."""
    try:
        whose = await streams.take(_key(ticket))
    except StreamsUnavailable as error:
        raise QueueUnavailable from error
    if whose is None:
        raise TicketInvalid
    user_id, _, session_id = whose.partition(" ")
    return Bearer(UUID(user_id), UUID(session_id) if session_id else None)


async def withdraw(streams: Streams, user_id: UUID) -> None:
    """Take the unused tickets of an account that is gone away.

    Raises:
        redis.RedisError, OSError, TimeoutError: the store of tickets does not answer.
    """
    await streams.drop_values("ticket:*", str(user_id))


def _key(ticket: str) -> str:
    return f"ticket:{token_hash(ticket).hex()}"
