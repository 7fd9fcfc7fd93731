"""Copies of videos as others may see them, or as any browser plays them: asked for, looked at, given up.

One for each video and purpose, made once by a job and used again. Whoever shows it to others keeps it as long
as somebody may see it, and calls `release` with the last of them; with its video, or its account, it goes by
itself. A copy of a video that is not saved goes when that does: sharing/copies.py; a preview by the database.
"""

from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import allowances
from ascension.accounts import queries as account_queries
from ascension.accounts.allowances import Allowance
from ascension.errors.accounts import SessionRevoked
from ascension.errors.videos import CopiedTooOften
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.storage.objects import Storage
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.videos.copies import queries
from ascension.videos.copies.queries import Copy, Purpose
from ascension.videos.copies.schemas import PreviewRead
from ascension.videos.service import PLAYBACK_TTL_S, get, refuse_unreadable

KIND: Final = "copy"
MAX_PER_VIDEO, MAX_PER_USER = 6, 60
"""Copies begun in a day: a blurred one is as much work as an analysis."""


async def ask(tx: Transaction, queue: JobQueue, *, video_id: UUID, user_id: UUID, blur: bool) -> Copy:
    """The copy for others: the one that is there or being made, or a new one; what failed is tried again.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoArchived, VideoRestoring: there is none, and none
            can be made. CopiedTooOften, SessionRevoked.
    """
    return await _ask(tx, queue, video_id, user_id, _purpose(blur=blur))


async def ask_preview(tx: Transaction, queue: JobQueue, *, video_id: UUID, user_id: UUID) -> Copy:
    """The small copy that every browser plays; else as `ask`, and it raises the same."""
    return await _ask(tx, queue, video_id, user_id, "preview")


async def _ask(tx: Transaction, queue: JobQueue, video_id: UUID, user_id: UUID, purpose: Purpose) -> Copy:
    video = await get(tx.connection, video_id, user_id, lock=True)
    known = await queries.get(tx.connection, video_id, user_id, purpose)
    if known is not None and known.state != "failed":
        return known
    refuse_unreadable(video)
    allowance = Allowance("copy", MAX_PER_VIDEO, MAX_PER_USER)
    await allowances.refuse_more(tx.connection, allowance, CopiedTooOften, user_id=user_id, video_id=video_id)
    await allowances.use(tx.connection, "copy", user_id=user_id, video_id=video_id)
    return await _begin(tx, queue, video_id, user_id, purpose)


async def find(connection: Connection, *, video_id: UUID, user_id: UUID, blur: bool) -> Copy | None:
    """The copy for others, however far it is; None: it was never asked for, or given up."""
    return await queries.get(connection, video_id, user_id, _purpose(blur=blur))


async def find_preview(connection: Connection, *, video_id: UUID, user_id: UUID) -> Copy | None:
    """The small copy, however far it is; None: it was never asked for, or its video is over."""
    return await queries.get(connection, video_id, user_id, "preview")


async def told(storage: Storage, preview: Copy | None, *, ttl_s: int = PLAYBACK_TTL_S) -> PreviewRead:
    """How far a small copy is, and its address where it is ready."""
    if preview is None:
        return PreviewRead(state="none", progress_pct=0, url=None, expires_in_s=None)
    if preview.state != "ready":
        progress_pct = preview.progress_pct
        return PreviewRead(state=preview.state, progress_pct=progress_pct, url=None, expires_in_s=None)
    url = await sign(storage, preview, ttl_s=ttl_s)
    return PreviewRead(state="ready", progress_pct=100, url=url, expires_in_s=ttl_s)


async def sign(storage: Storage, copy: Copy, *, ttl_s: int = PLAYBACK_TTL_S) -> str:
    """A link to play a copy that is ready."""
    return await storage.sign_read(copy.object_key, ttl_s=ttl_s)


async def release(tx: Transaction, *, video_id: UUID, user_id: UUID, blur: bool) -> None:
    """Nobody may see it any more: what is being made is stopped, what is there is removed. Repeatable."""
    await queries.delete(tx.connection, video_id, user_id, _purpose(blur=blur))


async def ask_cleaning(tx: Transaction, queue: JobQueue, *, video_id: UUID, user_id: UUID) -> None:
    """Let the saved video be replaced by its pictures alone; what failed is tried again."""
    known = await queries.get(tx.connection, video_id, user_id, "saved")
    if known is None or known.state in ("failed", "ready"):
        await _begin(tx, queue, video_id, user_id, "saved")


async def give_up_cleaning(tx: Transaction, *, video_id: UUID, user_id: UUID) -> None:
    """The video is saved no longer."""
    await queries.delete(tx.connection, video_id, user_id, "saved")


def _purpose(*, blur: bool) -> Purpose:
    return "blurred" if blur else "shared"


async def _begin(tx: Transaction, queue: JobQueue, video_id: UUID, user_id: UUID, purpose: Purpose) -> Copy:
    """A new row and job; one that is there goes, with what it left."""
    user = await account_queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    await queries.delete(tx.connection, video_id, user_id, purpose)
    copy_id = uuid7()
    job_id = await jobs.enqueue(tx, queue, kind=KIND, subject_id=copy_id, user_id=user_id, tier=user.tier)
    await queries.insert(
        tx.connection,
        copy_id=copy_id,
        user_id=user_id,
        video_id=video_id,
        job_id=job_id,
        purpose=purpose,
    )
    begun = await queries.get(tx.connection, video_id, user_id, purpose)
    assert begun is not None  # noqa: S101 (inserted just now)
    return begun
