"""Making links and ending them; opening them: opening.py."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts.guardians.service import is_minor
from ascension.accounts.sealing import AccountKeys
from ascension.analyses import service as analyses
from ascension.audit.entries import Party, account, record
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.sharing import ShareNotFound, TooManyShares, VideoNotShared
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import new_opaque_token, token_hash
from ascension.jobs.service import JobQueue
from ascension.sharing.links import queries
from ascension.sharing.links.queries import NewShare, Share
from ascension.videos.copies import service as copies

MAX_SHARES: Final = 20


@dataclass(frozen=True)
class ShareOptions:
    """What a link shows, and how long. `with_video` off: the skeleton alone."""

    days: int
    with_video: bool
    is_blurred: bool
    with_name: bool
    with_comments: bool


async def refuse_more(connection: Connection, analysis_id: UUID, user_id: UUID) -> None:
    """Raises AnalysisNotFound, TooManyShares."""
    await analyses.get(connection, analysis_id, user_id)
    if await queries.count_of(connection, analysis_id, user_id) >= MAX_SHARES:
        raise TooManyShares


async def make(
    tx: Transaction,
    queue: JobQueue,
    keys: AccountKeys,
    analysis_id: UUID,
    user_id: UUID,
    *,
    wish: ShareOptions,
    password_hash: str | None,
) -> tuple[Share, str]:
    """A link, and what follows `#` in its address. Faces of the young are blurred, whatever was wished.

    With the video, its copy is begun: the link works before it is ready.

    Raises:
        AnalysisNotFound, TooManyShares; UploadExpired, VideoArchived, VideoRestoring, CopiedTooOften: of the
            video, a link to the skeleton alone can be made.
    """
    analysis = await analyses.get(tx.connection, analysis_id, user_id)
    is_blurred = wish.is_blurred or await is_minor(tx.connection, user_id)
    if wish.with_video:
        await copies.ask(tx, queue, video_id=analysis.video_id, user_id=user_id, blur=is_blurred)
    # after the video's row, as everywhere; two at once would both find room for one
    await accounts.lock_user(tx.connection, user_id)
    await refuse_more(tx.connection, analysis_id, user_id)
    token, share_id = new_opaque_token(), uuid7()
    new = NewShare(
        id=share_id,
        token_hash=token_hash(token),
        sealed_token=keys.seal(token.encode(), share_id),
        password_hash=password_hash,
        with_video=wish.with_video,
        is_blurred=is_blurred,
        with_name=wish.with_name,
        with_comments=wish.with_comments,
        days=wish.days,
    )
    if not await queries.insert(tx.connection, analysis_id, user_id, new):
        raise AnalysisNotFound
    await record(
        tx.connection,
        "share.made",
        account(user_id),
        Party("analysis", str(analysis_id)),
        share=str(share_id),
        days=wish.days,
        locked=password_hash is not None,
        video=wish.with_video,
        blurred=is_blurred,
        name=wish.with_name,
        comments=wish.with_comments,
    )
    return await _get(tx.connection, share_id, user_id), token


async def copy_again(tx: Transaction, queue: JobQueue, share_id: UUID, user_id: UUID) -> Share:
    """Have the copy of the clip made that a link shows, where that failed; else as it is.

    Raises:
        ShareNotFound, VideoNotShared: it shows the skeleton alone; what `videos.copies.service.ask` raises.
    """
    share = await _get(tx.connection, share_id, user_id)
    if not share.with_video:
        raise VideoNotShared
    analysis = await analyses.get(tx.connection, share.analysis_id, user_id)
    await copies.ask(tx, queue, video_id=analysis.video_id, user_id=user_id, blur=share.is_blurred)
    return await _get(tx.connection, share_id, user_id)


async def _get(connection: Connection, share_id: UUID, user_id: UUID) -> Share:
    share = await queries.get(connection, share_id, user_id)
    if share is None:
        raise ShareNotFound
    return share


def token_of(keys: AccountKeys, share: Share) -> str | None:
    """What follows `#` in its address. None: it was sealed with a secret that is not here any more."""
    token = keys.open(share.sealed_token, share.id)
    return None if token is None else token.decode()


async def list_of(connection: Connection, user_id: UUID, *, analysis_id: UUID | None) -> list[Share]:
    """Links that have not ended, the newest 200; of one analysis, or of all."""
    return await queries.list_of(connection, user_id, analysis_id=analysis_id)


async def end(tx: Transaction, share_id: UUID, user_id: UUID) -> None:
    """Whoever looks by it sees nothing more from the next request on. Raises ShareNotFound."""
    share = await queries.delete(tx.connection, share_id, user_id)
    if share is None:
        raise ShareNotFound
    about = Party("analysis", str(share.analysis_id))
    await record(tx.connection, "share.ended", account(user_id), about, share=str(share_id))


async def end_all(tx: Transaction, analysis_id: UUID, user_id: UUID) -> None:
    """The analysis is private again."""
    for share in await queries.list_of(tx.connection, user_id, analysis_id=analysis_id):
        await end(tx, share.id, user_id)


async def sweep(tx: Transaction) -> None:
    """Forget links whose time is over."""
    await queries.delete_expired(tx.connection)
