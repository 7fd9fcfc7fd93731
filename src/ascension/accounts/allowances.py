"""What costs nothing of a plan and is work for us all the same: so often in 24 hours, by video and by user.

Runs without a result, videos that move to and fro, copies for others to see, letters to coaches, which are of
no video: they count by their climber alone (docs/guides/quota.md).
"""

from dataclasses import asdict, dataclass
from typing import Literal
from uuid import UUID

from ascension.accounts import queries
from ascension.errors.http import TooManyAtOnce
from ascension.infra.database.primary import Connection

Kind = Literal["hopeless_run", "repeated_run", "move", "copy", "coach_letter"]


@dataclass(frozen=True)
class Allowance:
    """How often one video, and all videos of one user together, may be used so within 24 hours."""

    kind: Kind
    per_video: int
    per_user: int


async def refuse_more(
    connection: Connection,
    allowance: Allowance,
    refusal: type[TooManyAtOnce],
    *,
    user_id: UUID,
    video_id: UUID,
) -> None:
    """Raises `refusal`, with the time when it can be used again. Locks the user's row."""
    await queries.lock_user(connection, user_id)
    wait_s = await queries.allowance_wait_s(
        connection, **asdict(allowance), user_id=user_id, video_id=video_id
    )
    if wait_s > 0:
        wait = f"{-(-wait_s // 60)} min" if wait_s < 2 * 3600 else f"{-(-wait_s // 3600)} h"
        error = refusal(f"{refusal.message()} It can be done again in {wait}.")
        error.retry_after_s = wait_s
        raise error


async def use(connection: Connection, kind: Kind, *, user_id: UUID, video_id: UUID) -> None:
    """Count one, from now on for 24 hours."""
    await queries.insert_allowance_use(connection, kind, user_id=user_id, video_id=video_id)
