"""Random questions that are answered once, within minutes: kept in Valkey under their hash."""

from ascension.errors.http import QueueUnavailable
from ascension.infra.security import new_opaque_token, token_hash
from ascension.infra.streams import Streams, StreamsUnavailable

TTL_S = 300


async def issue(streams: Streams, purpose: str, value: str) -> str:
    """A new one, with what is to be known when it is answered. Raises QueueUnavailable."""
    challenge = new_opaque_token()
    await keep(streams, purpose, challenge, value)
    return challenge


async def keep(streams: Streams, purpose: str, challenge: str, value: str) -> None:
    """It may be answered, or answered once more. Raises QueueUnavailable."""
    try:
        await streams.put(_key(purpose, challenge), value, ttl_s=TTL_S)
    except StreamsUnavailable as error:
        raise QueueUnavailable from error


async def take(streams: Streams, purpose: str, challenge: str) -> str | None:
    """What was kept with it; None: it is unknown, answered, or too old. Raises QueueUnavailable."""
    try:
        return await streams.take(_key(purpose, challenge))
    except StreamsUnavailable as error:
        raise QueueUnavailable from error


def _key(purpose: str, challenge: str) -> str:
    return f"challenge:{purpose}:{token_hash(challenge).hex()}"
