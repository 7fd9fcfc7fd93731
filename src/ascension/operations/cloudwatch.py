"""QueueDepth and ProcessingTime for CloudWatch, once a minute, by one of the replicas. Off unless configured.

One request of PutMetricData instead of log lines that CloudWatch reads figures from: those need an agent
wherever logs do not go there, and nobody would notice that it is missing.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiobotocore.session
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.figures import count_failure
from ascension.infra.logging import get_logger
from ascension.infra.settings import CloudWatchSettings, Environment
from ascension.infra.streams import Streams, StreamsUnavailable
from ascension.jobs import worker_queries as jobs
from ascension.jobs.turns import WEIGHTS
from ascension.operations import queries
from ascension.operations.queries import Finished

TOLD_TTL_S = 600
SETTLE_S = 3
"""After the minute: what ended in it has been committed by then."""
TELL_TIMEOUT_S = 20
MAX_VALUES = 150  # of one datum, says the service
MAX_FINISHED = 20_000
_STEPS_S = (0.1, 1, 10, 60, 600)
_DOWN = (DatabaseUnavailable, ClientError, BotoCoreError, OSError, TimeoutError)
Datum = dict[str, Any]


@dataclass(frozen=True)
class Teller:
    """Tells every minute, until canceled. What goes wrong is logged and counted, and disturbs nothing."""

    database: Database
    streams: Streams
    settings: CloudWatchSettings
    environment: Environment

    async def run(self) -> None:
        """Connect once; wait for the end of a minute; tell, unless another replica does."""
        # the library types its clients by service name; this one has no types installed
        session: Any = aiobotocore.session.get_session()
        config = AioConfig(
            connect_timeout=2, read_timeout=6, retries={"total_max_attempts": 2, "mode": "standard"}
        )
        async with session.create_client(
            "cloudwatch",
            region_name=self.settings.aws_region,
            endpoint_url=self.settings.cloudwatch_endpoint,
            config=config,
        ) as client:
            while True:
                minute = await self._end_of_period()
                try:
                    async with asyncio.timeout(TELL_TIMEOUT_S):
                        if await self._is_ours(minute):
                            await self._tell(client, minute)
                except _DOWN as error:
                    count_failure("cloudwatch")
                    get_logger().warning("cloudwatch_not_told", reason=type(error).__name__)

    async def _end_of_period(self) -> datetime:
        """Sleep until a period is over and settled; its beginning."""
        now_s = datetime.now(UTC).timestamp()
        begun_s = now_s - now_s % self.settings.cloudwatch_period_s
        settle_s = min(SETTLE_S, self.settings.cloudwatch_period_s / 2)
        await asyncio.sleep(begun_s + self.settings.cloudwatch_period_s + settle_s - now_s)
        return datetime.fromtimestamp(begun_s, UTC)

    async def _is_ours(self, minute: datetime) -> bool:
        """The first replica to say so. Where they cannot agree, each does: twice is better than never."""
        with suppress(*StreamsUnavailable):
            key = f"cloudwatch:{self.settings.cloudwatch_namespace}:{minute.isoformat()}"
            return await self.streams.put_first(key, "told", ttl_s=TOLD_TTL_S)
        return True

    async def _tell(self, client: Any, minute: datetime) -> None:  # noqa: ANN401 (untyped library)
        async with self.database.transaction() as tx:
            states = await jobs.count_by_state(tx.connection)
            finished = await queries.list_finished(
                tx.connection,
                since=minute,
                before=minute + timedelta(seconds=self.settings.cloudwatch_period_s),
                limit=MAX_FINISHED,
            )
        depths = dict.fromkeys(WEIGHTS, 0) | {
            state.tier: state.jobs for state in states if state.state == "queued"
        }
        data = [*queue_depth(depths, self.environment), *processing_time(finished, self.environment)]
        for datum in data:
            datum["Timestamp"] = minute
        await client.put_metric_data(Namespace=self.settings.cloudwatch_namespace, MetricData=data)


def queue_depth(depths: dict[str, int], environment: str) -> list[Datum]:
    """QueueDepth of the environment, and of each tier in it."""
    by_dimensions: list[tuple[dict[str, str], int]] = [({}, sum(depths.values()))]
    by_dimensions += [({"Tier": tier}, depth) for tier, depth in sorted(depths.items())]
    return [
        {
            "MetricName": "QueueDepth",
            "Dimensions": _dimensions(environment, more),
            "Value": float(depth),
            "Unit": "Count",
        }
        for more, depth in by_dimensions
    ]


def processing_time(finished: Sequence[Finished], environment: str) -> list[Datum]:
    """ProcessingTime of the environment, and of each kind in it, as values with counts: percentiles work.

    Nothing finished: nothing is said.
    """
    seconds_of: dict[str, list[float]] = defaultdict(list)
    for job in finished:
        seconds_of[job.kind].append(job.seconds)
    by_dimensions: list[tuple[dict[str, str], list[float]]] = [
        ({"Kind": kind}, seconds) for kind, seconds in sorted(seconds_of.items())
    ]
    if finished:
        by_dimensions.insert(0, ({}, [job.seconds for job in finished]))
    return [
        {
            "MetricName": "ProcessingTime",
            "Dimensions": _dimensions(environment, more),
            "Values": list(counts.keys()),
            "Counts": [float(count) for count in counts.values()],
            "Unit": "Seconds",
        }
        for more, seconds in by_dimensions
        for counts in [_counted(seconds)]
    ]


def _counted(seconds: Iterable[float]) -> Counter[float]:
    """As many values as one datum may hold: to a tenth of a second, coarser where they are too many."""
    values = list(seconds)
    counts: Counter[float] = Counter()
    for step_s in _STEPS_S:
        counts = Counter(round(round(value / step_s) * step_s, 1) for value in values)
        if len(counts) <= MAX_VALUES:
            break
    return counts


def _dimensions(environment: str, more: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in ({"Environment": environment} | more).items()]
