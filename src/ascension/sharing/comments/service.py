"""Saying something about a moment of a clip, changing it, taking it away and back."""

from functools import partial
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.analyses import service as analyses
from ascension.audit.entries import Party, account, record
from ascension.errors.http import Malformed
from ascension.errors.sharing import CommentNotFound, GuestsOnlyRead, TooManyComments
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.streams import Streams
from ascension.jobs import events
from ascension.sharing.comments import queries
from ascension.sharing.comments.queries import Comment
from ascension.sharing.queries import Reading

MAX_COMMENTS: Final = 500
RESTORABLE_S: Final = 3600


async def list_of(connection: Connection, reading: Reading) -> list[Comment]:
    """By their moment; none for a guest whose link does not show them."""
    if not reading.with_comments:
        return []
    return await queries.list_of(connection, reading.analysis_id, reading.owner_id)


async def write(tx: Transaction, streams: Streams, reading: Reading, *, at_s: float, text: str) -> Comment:
    """Raises GuestsOnlyRead, Malformed: beyond the clip's end, TooManyComments."""
    user_id = _author(reading)
    analysis = await analyses.get(tx.connection, reading.analysis_id, reading.owner_id)
    duration_s = (analysis.summary or {}).get("duration_s")
    if duration_s is None or at_s > duration_s:
        raise Malformed("at_s: choose a moment of the clip.")
    await _take_room(tx.connection, reading)
    comment_id = uuid7()
    await queries.insert(
        tx.connection,
        comment_id=comment_id,
        analysis_id=reading.analysis_id,
        owner_id=reading.owner_id,
        user_id=user_id,
        at_s=at_s,
        text=text,
    )
    return await _changed(tx, streams, reading, comment_id)


async def edit(tx: Transaction, streams: Streams, reading: Reading, comment_id: UUID, text: str) -> Comment:
    """One's own. Raises GuestsOnlyRead, CommentNotFound."""
    found = await queries.set_text(
        tx.connection,
        comment_id,
        reading.analysis_id,
        reading.owner_id,
        user_id=_author(reading),
        text=text,
    )
    if not found:
        raise CommentNotFound
    return await _changed(tx, streams, reading, comment_id)


async def delete(tx: Transaction, streams: Streams, reading: Reading, comment_id: UUID) -> None:
    """One's own; the climber, any. For an hour it can be restored. Raises GuestsOnlyRead, CommentNotFound."""
    user_id = _author(reading)
    comment = await queries.get(tx.connection, comment_id, reading.analysis_id, reading.owner_id)
    if comment is None or not await queries.note_deleted(
        tx.connection, comment_id, reading.analysis_id, reading.owner_id, user_id=user_id
    ):
        raise CommentNotFound
    if comment.user_id != user_id:
        about = Party("analysis", str(reading.analysis_id))
        await record(tx.connection, "comment.deleted", account(user_id), about, comment=str(comment_id))
    await _tell(tx, streams, reading)


async def restore(tx: Transaction, streams: Streams, reading: Reading, comment_id: UUID) -> Comment:
    """By who deleted it. Raises GuestsOnlyRead, CommentNotFound, TooManyComments: others took its room."""
    await _take_room(tx.connection, reading)
    if not await queries.restore(
        tx.connection, comment_id, reading.analysis_id, reading.owner_id, user_id=_author(reading)
    ):
        raise CommentNotFound
    return await _changed(tx, streams, reading, comment_id)


async def _take_room(connection: Connection, reading: Reading) -> None:
    """Raises TooManyComments."""
    await accounts.lock_user(connection, reading.owner_id)  # two at once would both find room for one
    if await queries.count_of(connection, reading.analysis_id, reading.owner_id) >= MAX_COMMENTS:
        raise TooManyComments


def _author(reading: Reading) -> UUID:
    if reading.reader_id is None:
        raise GuestsOnlyRead
    return reading.reader_id


async def _changed(tx: Transaction, streams: Streams, reading: Reading, comment_id: UUID) -> Comment:
    comment = await queries.get(tx.connection, comment_id, reading.analysis_id, reading.owner_id)
    if comment is None:
        raise CommentNotFound
    await _tell(tx, streams, reading)
    return comment


async def _tell(tx: Transaction, streams: Streams, reading: Reading) -> None:
    """Climber and coaches hear that there is news, not what: who may see it, is asked then."""
    coaches = await queries.list_coaches(tx.connection, reading.analysis_id, reading.owner_id)
    for user_id in (reading.owner_id, *coaches):
        tx.after_commit(partial(events.publish_change, streams, user_id, "comments", reading.analysis_id))


async def sweep(tx: Transaction) -> None:
    """What was deleted an hour ago goes for good."""
    await queries.delete_old(tx.connection, kept_s=RESTORABLE_S)
