"""The machine says that it will be taken away: the metadata service of EC2, asked with a token (IMDSv2)."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import aiohttp
from pydantic import AwareDatetime, BaseModel, ValidationError

from ascension.infra.logging import get_logger

CALL_TIMEOUT_S: Final = 2
TOKEN_TTL_S: Final = 21_600
POLL_S: Final = 5
LARGEST_ANSWER_BYTES: Final = 4096
_TOKEN: Final = "/latest/api/token"  # noqa: S105 (an address)
_SPOT: Final = "/latest/meta-data/spot/instance-action"
_GROUP: Final = "/latest/meta-data/autoscaling/target-lifecycle-state"
_LEAVING: Final = ("Terminated", "Detached", "Standby")


class _SpotAction(BaseModel):
    action: str
    time: AwareDatetime


@dataclass(frozen=True)
class Notice:
    """Why the machine goes, and when; ends_at None: nobody said (an autoscaling group waits for its hook)."""

    reason: str
    ends_at: datetime | None

    def left_s(self) -> float | None:
        """Time left, by this machine's clock; never negative."""
        if self.ends_at is None:
            return None
        return max(0.0, (self.ends_at - datetime.now(UTC)).total_seconds())


async def notice(address: str, *, poll_s: float = POLL_S) -> Notice:
    """Ask every few seconds until the machine is about to go; a service that does not answer, again."""
    token: str | None = None
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_S)
    async with aiohttp.ClientSession(address.rstrip("/"), timeout=timeout) as session:
        while True:
            try:
                token = token or await _token(session)
                found = await _spot(session, token) or await _group(session, token)
                if found is not None:
                    return found
            except (aiohttp.ClientError, TimeoutError, ValidationError, UnicodeDecodeError) as error:
                token = None  # it may have ended
                get_logger().warning("instance_metadata_unreadable", reason=type(error).__name__)
            await asyncio.sleep(poll_s)


async def _token(session: aiohttp.ClientSession) -> str:
    headers = {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_TTL_S)}
    async with session.put(_TOKEN, headers=headers, allow_redirects=False) as answer:
        answer.raise_for_status()
        return (await answer.content.read(LARGEST_ANSWER_BYTES)).decode()


async def _get(session: aiohttp.ClientSession, token: str, path: str) -> str | None:
    """None: there is no such thing, which is how the service says that nothing is about to happen."""
    headers = {"X-aws-ec2-metadata-token": token}
    async with session.get(path, headers=headers, allow_redirects=False) as answer:
        if answer.status == 404:
            return None
        answer.raise_for_status()
        return (await answer.content.read(LARGEST_ANSWER_BYTES)).decode()


async def _spot(session: aiohttp.ClientSession, token: str) -> Notice | None:
    text = await _get(session, token, _SPOT)
    if text is None:
        return None
    action = _SpotAction.model_validate_json(text)
    return Notice(f"spot {action.action}", action.time)


async def _group(session: aiohttp.ClientSession, token: str) -> Notice | None:
    state = (await _get(session, token, _GROUP) or "").strip()
    return Notice(f"autoscaling {state}", None) if state in _LEAVING else None
