"""What analyses do for their user: request, list, read, cancel, retry; how they go: trash/."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import allowances, quota
from ascension.accounts import queries as account_queries
from ascension.accounts import service as accounts
from ascension.accounts.allowances import Allowance
from ascension.accounts.idempotency import create_once
from ascension.analyses import queries
from ascension.analyses.choices import Choices
from ascension.analyses.queries import Analysis, Filters, NewAnalysis, StoredResult
from ascension.errors import catalogue
from ascension.errors.accounts import SessionRevoked
from ascension.errors.analyses import (
    AnalysisActive,
    AnalysisNotFound,
    AnalyzedTooOften,
    ResultNotFound,
    ResultUnreadable,
    WallPictureNotFound,
)
from ascension.errors.http import Malformed
from ascension.errors.jobs import (
    InternalFault,
    JobFailure,
    VideoAltered,
    VideoInArchive,
    VideoMissing,
    WorkerLost,
)
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.storage.objects import Storage
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.plans.rights import Plans
from ascension.videos import service as videos
from ascension.videos.parts import VideoParts

KIND = "analysis"
WALL_PICTURE_TTL_S = 3600
_NOT_THE_CLIPS = (InternalFault, VideoAltered, VideoInArchive, VideoMissing, WorkerLost)
HOPELESS = tuple(
    code
    for code, error in catalogue().items()
    if issubclass(error, JobFailure) and not issubclass(error, _NOT_THE_CLIPS)
)
"""Codes of failures that are the clip's: to run it again as it is would change nothing."""


@dataclass(frozen=True)
class Wish:
    """What an analysis is asked with. `with_profile`: the user climbs, so their profile fills the gaps."""

    video_id: UUID
    choices: Choices
    with_profile: bool
    route: str | None

    def as_request(self) -> dict[str, object]:
        """What tells it from another request."""
        return {
            "analysis_of": self.video_id,
            "choices": self.choices.model_dump(mode="json", exclude_none=True),
            **({} if self.with_profile else {"with_profile": False}),
            **({"route": self.route} if self.route else {}),
        }


async def request(
    tx: Transaction, queue: JobQueue, plans: Plans, *, user_id: UUID, wish: Wish, key: str | None
) -> Analysis:
    """A queued analysis of an uploaded video. What it knows of the body is written down with it.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoArchived, VideoRestoring, AnalysisActive,
        AnalyzedTooOften, QuotaExceeded, IdempotencyKeyReused.
    """

    async def create(analysis_id: UUID) -> None:
        await _analyzable(tx, queue, wish.video_id, user_id)
        choices = wish.choices
        if wish.with_profile:
            choices = choices.completed_by(await accounts.climber_of(tx.connection, user_id))
        user = await _count_use(tx, plans, user_id, analysis_id)
        job_id = await jobs.enqueue(
            tx, queue, kind=KIND, subject_id=analysis_id, user_id=user_id, tier=user.tier
        )
        new = NewAnalysis(
            id=analysis_id,
            user_id=user_id,
            video_id=wish.video_id,
            job_id=job_id,
            choices=choices.model_dump(mode="json", exclude_none=True),
            with_profile=wish.with_profile,
            route=wish.route,
        )
        await queries.insert(tx.connection, new)

    analysis_id = await create_once(
        tx.connection,
        user_id=user_id,
        key=key,
        request=wish.as_request(),
        new_id=uuid7(),
        create=create,
    )
    return await get(tx.connection, analysis_id, user_id)


async def _analyzable(tx: Transaction, queue: JobQueue, video_id: UUID, user_id: UUID) -> None:
    """Locks the video, so that two requests cannot both start it."""
    video = await videos.get(tx.connection, video_id, user_id, lock=True)
    videos.refuse_unreadable(video)
    if await queries.has_active(tx.connection, video_id, user_id):
        raise AnalysisActive
    await queries.note_uncounted_runs(tx.connection, user_id, HOPELESS)
    limits = queue.settings
    for allowance in (
        Allowance("hopeless_run", limits.job_max_hopeless_per_video, limits.job_max_hopeless_per_user),
        Allowance("repeated_run", limits.job_max_repeated_per_video, limits.job_max_repeated_per_user),
    ):
        await allowances.refuse_more(
            tx.connection, allowance, AnalyzedTooOften, user_id=user_id, video_id=video_id
        )


async def _count_use(tx: Transaction, plans: Plans, user_id: UUID, analysis_id: UUID) -> account_queries.User:
    user = await account_queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    await quota.use(tx.connection, plans, user, analysis_id)
    return user


async def get(connection: Connection, analysis_id: UUID, user_id: UUID) -> Analysis:
    """Raises AnalysisNotFound, also for other people's analyses."""
    analysis = await queries.get(connection, analysis_id, user_id)
    if analysis is None:
        raise AnalysisNotFound
    return analysis


async def list_page(
    connection: Connection, user_id: UUID, *, filters: Filters | None = None, cursor: str | None, limit: int
) -> tuple[list[Analysis], str | None]:
    """One page, newest first, and the cursor of the next. Raises Malformed for a cursor that is not ours."""
    found = await queries.list_page(
        connection, user_id, filters=filters, before_id=place_of(cursor), limit=limit + 1
    )
    page = found[:limit]
    return page, str(page[-1].id) if len(found) > limit else None


def place_of(cursor: str | None) -> UUID | None:
    """What the page begins after. Raises Malformed."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise Malformed("cursor: send back what next_cursor said.") from None


async def has_result(
    connection: Connection, analysis_id: UUID, user_id: UUID, *, result_sha256: bytes
) -> bool:
    """Is the stored result still the one with this hash? No for other people's analyses."""
    return await queries.is_current(connection, analysis_id, user_id, result_sha256=result_sha256)


async def result(connection: Connection, analysis_id: UUID, user_id: UUID) -> StoredResult:
    """The stored bytes. Raises AnalysisNotFound, ResultNotFound."""
    stored = await queries.get_result(connection, analysis_id, user_id)
    if stored is None:
        await get(connection, analysis_id, user_id)
        raise ResultNotFound
    return stored


def unreadable(stored: StoredResult, error: Exception) -> ResultUnreadable:
    """What to answer for it. In the log it is an error: such bytes were never written."""
    get_logger().error("result_unreadable", sha256=stored.result_sha256.hex(), error=str(error)[:200])
    return ResultUnreadable()


async def sign_wall_picture(
    tx: Transaction,
    storage: Storage,
    analysis_id: UUID,
    user_id: UUID,
    *,
    covered: bool = False,
    ttl_s: int = WALL_PICTURE_TTL_S,
) -> str:
    """A link to the wall picture, or to the one with heads covered.

    Raises:
        AnalysisNotFound, WallPictureNotFound.
    """
    key = await queries.get_wall_key(tx.connection, analysis_id, user_id, covered=covered)
    if key is None:
        await get(tx.connection, analysis_id, user_id)
        raise WallPictureNotFound
    return await storage.sign_read(key, ttl_s=ttl_s)


async def sign_playback(parts: VideoParts, analysis_id: UUID, user_id: UUID) -> tuple[UUID, str]:
    """The id of its video, and a link to play that.

    Raises AnalysisNotFound, and as `sign_playback` of videos.
    """
    async with parts.database.reading() as connection:
        analysis = await get(connection, analysis_id, user_id)
    return analysis.video_id, await videos.sign_playback(parts, analysis.video_id, user_id)


async def cancel(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> Analysis:
    """Stop it: at once while it waits, within a heartbeat while it runs. Raises AnalysisEnded."""
    analysis = await get(tx.connection, analysis_id, user_id)
    await jobs.cancel(tx, queue, analysis.job_id, user_id)
    return await get(tx.connection, analysis_id, user_id)


async def retry(
    tx: Transaction,
    queue: JobQueue,
    plans: Plans,
    analysis_id: UUID,
    user_id: UUID,
    choices: Choices | None,
) -> Analysis:
    """Analyze again what failed or was canceled; with new choices also what has a result.

    The old result stays until the new one replaces it, and correcting us is not counted as another analysis.
    What choices leave out of the body comes from the profile of now, as in a first request; where somebody
    else climbs, what was told of them is kept.

    Raises:
        AnalysisNotFound, AnalysisNotRetryable, AnalysisActive, UploadExpired, VideoArchived, VideoRestoring,
        AnalyzedTooOften, QuotaExceeded.
    """
    analysis = await get(tx.connection, analysis_id, user_id)
    await _analyzable(tx, queue, analysis.video_id, user_id)
    if analysis.summary is None:
        await _count_use(tx, plans, user_id, analysis_id)
    else:
        await quota.keep(tx.connection, user_id=user_id, subject_id=analysis_id)
        await allowances.use(tx.connection, "repeated_run", user_id=user_id, video_id=analysis.video_id)
    if choices is not None:
        if analysis.with_profile:
            choices = choices.completed_by(await accounts.climber_of(tx.connection, user_id))
        elif "body" not in choices.model_fields_set:
            choices = choices.model_copy(update={"body": Choices.model_validate(analysis.choices).body})
        wanted = choices.model_dump(mode="json", exclude_none=True)
        await queries.set_choices(tx.connection, analysis_id, user_id, wanted)
    await jobs.retry(tx, queue, analysis.job_id, user_id, also_done=choices is not None)
    return await get(tx.connection, analysis_id, user_id)


async def set_route(tx: Transaction, analysis_id: UUID, user_id: UUID, route: str | None) -> Analysis:
    """Name the route. Raises AnalysisNotFound."""
    await get(tx.connection, analysis_id, user_id)
    await queries.set_route(tx.connection, analysis_id, user_id, route)
    return await get(tx.connection, analysis_id, user_id)


async def set_tags(tx: Transaction, analysis_id: UUID, user_id: UUID, tags: Sequence[str]) -> Analysis:
    """These, each once whatever its capitals, instead of those that were. Raises AnalysisNotFound."""
    await get(tx.connection, analysis_id, user_id)
    different = {tag.casefold(): tag for tag in reversed(tags)}
    await queries.set_tags(tx.connection, analysis_id, user_id, list(different.values())[::-1])
    return await get(tx.connection, analysis_id, user_id)
