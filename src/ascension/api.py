"""ENTRY: the API. Makes the parts of the process, includes each noun's router, serves the built client."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from uuid import UUID

from fastapi import FastAPI
from starlette.datastructures import State

from ascension import __version__
from ascension.accounts import wiring as accounts
from ascension.accounts.guardians.parts import GuardianParts
from ascension.accounts.parts import AccountParts
from ascension.analyses import endpoints as analyses
from ascension.analyses import live
from ascension.analyses.corrections import endpoints as corrections
from ascension.analyses.letters import service as result_letters
from ascension.analyses.parts import AnalysisParts
from ascension.analyses.trash import endpoints as trash
from ascension.audit import telling as audit
from ascension.audit.entries import MAX_DETAIL_CHARS, Detail
from ascension.coaching import endpoints as coaching
from ascension.comparisons import endpoints as comparisons
from ascension.errors.setup import SetupError
from ascension.exports import endpoints as exports
from ascension.exports import making as export_making
from ascension.exports.parts import ExportParts
from ascension.infra import credentials, logging
from ascension.infra.alive import Watched
from ascension.infra.background import keep_running
from ascension.infra.database.pools import OF_READINESS
from ascension.infra.database.primary import Database
from ascension.infra.database.replica import Replica
from ascension.infra.disk import Disk
from ascension.infra.http import errors as http
from ascension.infra.http import server
from ascension.infra.http.admission import Admission, SessionBound
from ascension.infra.http.client import mount_client
from ascension.infra.http.habits import HttpHabits
from ascension.infra.http.headers import safe_headers
from ascension.infra.http.hot import HotPaths
from ascension.infra.http.lag import LoopLag
from ascension.infra.http.origins import OwnPages
from ascension.infra.http.rates import Meter, RateLimits
from ascension.infra.http.written import MarksWrites
from ascension.infra.logging import get_logger
from ascension.infra.security import key_id_of
from ascension.infra.settings import (
    ApiSettings,
    CloudWatchSettings,
    DatabaseSettings,
    Environment,
    JobSettings,
    OverloadSettings,
    PaymentSettings,
    PrivacySettings,
    QueueSettings,
    ReplicaSettings,
    RetentionSettings,
    RuntimeSettings,
    StorageSettings,
    TokenSettings,
    UploadSettings,
    WatchSettings,
    read,
    refuse_weak_secret,
)
from ascension.infra.storage.objects import Storage
from ascension.infra.storage.writing import WriteTrials
from ascension.infra.streams import Streams
from ascension.jobs import events, reminders, sweep
from ascension.jobs.events import EventHub
from ascension.jobs.service import JobQueue
from ascension.operations import endpoints as operations
from ascension.operations.cloudwatch import Teller
from ascension.operations.lanes import lanes
from ascension.operations.parts import Parts
from ascension.operations.rates import rates
from ascension.operations.wiring import ROUTERS as OPERATIONS
from ascension.retention import departing
from ascension.retention import endpoints as erasures
from ascension.retention import sweep as retention_sweep
from ascension.retention.parts import ErasureParts
from ascension.routes import endpoints as routes
from ascension.routes.recognition import endpoints as recognition
from ascension.routes.removed import endpoints as removed_routes
from ascension.sharing import wiring as sharing
from ascension.subscriptions import endpoints as subscriptions
from ascension.subscriptions import sweep as subscription_sweep
from ascension.subscriptions.wiring import check as check_payments
from ascension.subscriptions.wiring import open_parts as open_subscriptions
from ascension.videos import endpoints as videos
from ascension.videos.parts import VideoParts
from ascension.videos.uploads import event_endpoints as storage_events
from ascension.videos.uploads import sweep as upload_sweep

DESCRIPTION = """\
Film a climb with a phone, see the skeleton on the wall and what the body did.

Videos go straight to storage: open an upload, sign each part, send it there, complete, then ask for an
analysis. Progress arrives on `/ws`. Every error is `{error, detail}`: a code to act on, a sentence to show.
"""
TAGS = [
    {"name": "accounts", "description": "Register, log in, agree, take along, delete."},
    {"name": "plans", "description": "What each plan holds; bought, changed, ended."},
    {"name": "videos", "description": "The upload contract and playback."},
    {"name": "analyses", "description": "One run on one video, and its result."},
    {"name": "trash", "description": "What was deleted, until it is had back or gone for good."},
    {"name": "corrections", "description": "What the user puts right, and takes back."},
    {"name": "coaching", "description": "What a climb says to its climber."},
    {"name": "comparisons", "description": "Two attempts on one wall beside each other."},
    {
        "name": "routes",
        "description": "What you climb: routes, tries and sends, the calendar, walls known again.",
    },
    {"name": "sharing", "description": "What others see: by a link, as a coach; what is said about a climb."},
    {"name": "live", "description": "Progress as it happens."},
    {
        "name": "operations",
        "description": "Is it alive, its figures; everybody's jobs and accounts, for admins.",
    },
]


def create_app() -> FastAPI:
    """The application of one API process, from the environment.

    Raises:
        SetupError: a variable is missing, or a secret is weak outside development.
    """
    runtime, settings, storage_settings = read(RuntimeSettings), read(ApiSettings), read(StorageSettings)
    if events_secret := read(UploadSettings).upload_event_secret.get_secret_value():
        refuse_weak_secret(runtime.environment, "UPLOAD_EVENT_SECRET", events_secret)
    accounts.refuse_unusable(runtime.environment)
    check_payments(read(PaymentSettings), runtime.environment)  # what cannot be sold is told of at the start
    logging.configure("api", runtime.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as exit_stack:
            await _make_parts(app, exit_stack, runtime, settings, storage_settings)
            yield

    app = FastAPI(
        title="Ascension",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},  # infra/http/habits.py tells it all
        redirect_slashes=False,  # the redirect would be built from the request's Host header
    )
    http.install_error_handlers(app)
    app.add_middleware(HotPaths, paths={**analyses.HOT_PATHS, **operations.HOT_PATHS})
    storage_origin = storage_settings.s3_public_endpoint or storage_settings.s3_endpoint
    secure = runtime.environment in ("staging", "production")
    if read(ReplicaSettings).database_replica_url is not None:
        app.add_middleware(MarksWrites, replica=lambda: app.state.accounts.replica, secure_cookie=secure)
    _add_bounds(app, settings.rate_limit_factor)
    app.add_middleware(OwnPages, origins=settings.web_origins)
    app.add_middleware(HttpHabits, safe_headers=safe_headers(storage_origin, https_only=secure))
    routers = (
        videos,
        storage_events,
        analyses,
        trash,
        corrections,
        coaching,
        comparisons,
        routes,
        removed_routes,
        recognition,
        live,
        erasures,
        exports,
        subscriptions,
    )
    for router in (
        *accounts.routers(runtime.environment),
        *(noun.router for noun in routers),
        *OPERATIONS,
        *sharing.ROUTERS,
    ):
        app.include_router(router)
    mount_client(app, settings.web_root, settings.examples_root, storage_origin)
    return app


def _add_bounds(app: FastAPI, rate_factor: float) -> None:
    """How many requests at once, and before that, how many in a while."""
    settings = read(OverloadSettings)
    app.state.lag = LoopLag()
    per_session = settings.api_max_per_session
    app.add_middleware(
        Admission,
        lane_of=lanes(settings),
        session_bound=SessionBound(
            partial(_user_of, app),
            at_once=per_session,
            waiting=8 * per_session,
            wait_s=settings.api_wait_s,
        ),
        lag=app.state.lag,
        request_limit_s=settings.api_request_limit_s,
    )
    app.add_middleware(
        RateLimits,
        rate_of=rates(rate_factor),
        user_of=partial(_user_of, app),
        meter=lambda: app.state.meter,
    )


def _user_of(app: FastAPI, token: str) -> UUID:
    parts: AccountParts = app.state.accounts  # made when the process starts to serve
    return parts.tokens.user_of(token)


async def _make_parts(
    app: FastAPI,
    exit_stack: AsyncExitStack,
    runtime: RuntimeSettings,
    settings: ApiSettings,
    storage_settings: StorageSettings,
) -> None:
    """Connect, and put what each noun's endpoints need on the application's state."""
    database_settings, uploads = read(DatabaseSettings), read(UploadSettings)
    streams = Streams(read(QueueSettings).redis_url.get_secret_value())
    exit_stack.push_async_callback(streams.close)
    database_url = database_settings.database_url.get_secret_value()
    database = await exit_stack.enter_async_context(
        Database(database_url, pool_size=database_settings.database_pool_size, application="ascension-api")
    )
    lookout = await exit_stack.enter_async_context(
        Database(database_url, pool_size=OF_READINESS, application="ascension-api-ready")
    )
    storage = await exit_stack.enter_async_context(Storage.of(storage_settings))
    accounts.put_parts(
        app.state,
        runtime.environment,
        database=database,
        replica=Replica.of(database, read(ReplicaSettings)),
        streams=streams,
        announce=partial(events.end_sessions, streams),
    )
    _put_parts(app.state, database=database, storage=storage, streams=streams)
    opened = open_subscriptions(database, app.state.accounts.post, runtime.environment)
    app.state.subscriptions = await exit_stack.enter_async_context(opened)
    app.state.meter = Meter(streams)
    overload = read(OverloadSettings)
    app.state.hub = EventHub(
        streams,
        max_sockets=overload.api_max_sockets,
        max_per_user=overload.api_max_sockets_per_user,
        hear_ended=app.state.accounts.tokens.end,
    )
    app.state.openings = live.openings(overload.api_max_sockets)
    disk = Disk(uploads.upload_disk, uploads.upload_disk_kept_bytes) if uploads.upload_disk else None
    trial_s = storage_settings.s3_write_trial_s
    trials = WriteTrials(storage, trial_s) if trial_s else None
    app.state.parts = Parts(
        database=database,
        lookout=lookout,
        streams=streams,
        storage=storage,
        trials=trials,
        hub=app.state.hub,
        lag=app.state.lag,
        disk=disk,
    )
    watched = Watched(read(WatchSettings))
    _start_loops(app, exit_stack, watched, settings.housekeeping_s, runtime.environment)
    get_logger().info("api_ready", environment=runtime.environment)
    watched.tell("READY=1")


def _put_parts(state: State, *, database: Database, storage: Storage, streams: Streams) -> None:
    """Of the nouns that need no more than the doors and what accounts have put there."""
    parts: AccountParts = state.accounts
    retention, privacy = read(RetentionSettings), read(PrivacySettings)
    state.videos = VideoParts(
        database=database,
        storage=storage,
        settings=read(UploadSettings),
        retention=retention,
        plans=parts.plans,
    )
    state.queue = JobQueue(streams, read(JobSettings))
    state.analyses = AnalysisParts(state.queue, parts.plans, storage.steady_links)
    state.erasures = ErasureParts(
        database=database,
        storage=storage,
        streams=streams,
        queue=state.queue,
        post=parts.post,
        close_sockets=parts.close_sockets,
        end_sessions=state.ended.tell_of,
        settle_s=retention.erasure_settle_s,
        grace_s=privacy.account_grace_s,
    )
    state.exports = ExportParts(database, storage, parts.post, privacy.exports_per_day)
    state.guardians = GuardianParts(partial(departing.depart, parts=state.erasures))


def _start_loops(
    app: FastAPI,
    exit_stack: AsyncExitStack,
    watched: Watched,
    housekeeping_s: float,
    environment: Environment,
) -> None:
    """What runs beside the requests; it ends with the process."""
    parts: Parts = app.state.parts
    database, state = parts.database, app.state
    loops = {
        "alive": watched.run,
        "loop lag": parts.lag.run,
        "live events": parts.hub.run,
        "reminders": partial(reminders.run, database, parts.hub),
        "sweep": partial(sweep.run, database, state.queue),
        "uploads": partial(upload_sweep.run, state.videos, interval_s=housekeeping_s),
        "upload leftovers": partial(upload_sweep.run_rarely, state.videos),
        "retention": partial(retention_sweep.run, state.videos, state.erasures, interval_s=housekeeping_s),
        "subscriptions": partial(subscription_sweep.run, state.subscriptions, interval_s=housekeeping_s),
        "exports": partial(export_making.run, state.exports),
        "audit": partial(audit.run, database, _noted_settings(environment, state.accounts.keys.id)),
        "sharing": partial(sharing.run, database, interval_s=housekeeping_s),
        **accounts.loops(state, housekeeping_s=housekeeping_s),
    }
    if state.accounts.post.is_on:
        loops["result letters"] = partial(result_letters.run, database, state.accounts.post)
    if state.accounts.replica is not None:
        loops["replica"] = state.accounts.replica.run
    if parts.trials is not None:
        loops["storage writes"] = parts.trials.run
    cloudwatch = read(CloudWatchSettings)
    if cloudwatch.cloudwatch_namespace:
        loops["cloudwatch"] = Teller(database, parts.streams, cloudwatch, environment).run
    for name, loop in loops.items():
        task = asyncio.create_task(keep_running(name, loop))
        exit_stack.push_async_callback(_end, task)


def _noted_settings(environment: Environment, account_key: str) -> dict[str, Detail]:
    """What the audit log says of a start."""
    settings = read(ApiSettings)
    return {
        "environment": environment,
        "release": __version__,
        "listens": f"{settings.api_host}:{settings.api_port}",
        "web_origins": ", ".join(settings.web_origins)[:MAX_DETAIL_CHARS],
        "signing_key": key_id_of(read(TokenSettings).jwt_secret.get_secret_value()),
        "account_key": account_key,
    }


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """Serve; a machine that cannot is told why in one sentence."""
    try:
        credentials.take()
        settings = read(ApiSettings)
        create_app()
        server.serve(
            "ascension.api:create_app",
            host=settings.api_host,
            port=settings.api_port,
            max_connections=read(OverloadSettings).api_max_connections,
            trusted_proxies=settings.trusted_proxies,
        )
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
