"""Who goes first: weights between tiers, fairness between users, and the figures an operator sees."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
import redis.asyncio as redis
from prometheus_client.parser import text_string_to_metric_families
from uuid_utils.compat import uuid7

from ascension.infra.streams import Streams
from ascension.jobs.delivery import WeightedReader, push, stream_of
from ascension.jobs.turns import WEIGHTS
from tests.conftest import Engines
from tests.jobs.conftest import Query
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs, until


@pytest.fixture
async def streams(clean_database: Engines) -> Streams:
    return Streams(clean_database.redis_admin_url)


async def _order(streams: Streams, turns: int) -> list[str]:
    """Which tiers one reader serves, in order."""
    reader = WeightedReader(streams, consumer="test", take_over_idle_s=60)
    served: list[str] = []
    for _ in range(turns):
        entry = await reader.take()
        while entry is None:  # the first read makes the group
            entry = await reader.take()
        served.append(entry.stream.removeprefix("jobs:"))
        await reader.done(entry)
    return served


async def test_full_tiers_share_by_weight_and_none_starves(streams: Streams) -> None:
    total = sum(WEIGHTS.values())
    for tier in WEIGHTS:
        for _ in range(2 * total):
            await push(streams, tier, uuid7())
    served = await _order(streams, 2 * total)
    assert Counter(served) == {tier: 2 * weight for tier, weight in WEIGHTS.items()}
    assert "free" in served[:total], "the lightest tier waits no longer than one round"
    await streams.close()


async def test_a_tier_alone_is_served_at_once(streams: Streams) -> None:
    for _ in range(3):
        await push(streams, "free", uuid7())
    assert await _order(streams, 3) == ["free"] * 3
    await streams.close()


async def test_a_key_of_another_type_is_put_aside_and_holds_up_no_tier(
    streams: Streams, clean_database: Engines
) -> None:
    """Of whatever else uses the same server: every tier's reading failed for as long as it lay there."""
    library: Any = redis  # partly without types
    client = library.Redis.from_url(clean_database.redis_admin_url, decode_responses=True)
    await client.set(stream_of("free"), "somebody's")
    assert not await push(streams, "free", uuid7())
    reader = WeightedReader(streams, consumer="test", take_over_idle_s=60)
    assert await reader.take() is None
    await push(streams, "free", uuid7())
    assert await _order(streams, 1) == ["free"]
    assert await client.get(f"{stream_of('free')}:put-aside") == "somebody's"
    await client.aclose()
    await streams.close()


async def test_an_unknown_tier_is_served_as_free() -> None:
    assert stream_of("platinum") == stream_of("free")


async def test_what_a_silent_reader_took_is_taken_over(streams: Streams) -> None:
    first = WeightedReader(streams, consumer="first", take_over_idle_s=0.2)
    second = WeightedReader(streams, consumer="second", take_over_idle_s=0.2)
    job_id = uuid7()
    await push(streams, "premium", job_id)
    taken = await first.take() or await first.take()
    assert taken is not None
    assert UUID(taken.fields["id"]) == job_id
    again = None
    while again is None:
        again = await second.take()
    assert again.entry_id == taken.entry_id
    await second.done(again)
    await first.done(taken)  # too late, and harmless
    assert await streams.length(stream_of("premium")) == 0
    await streams.close()


@pytest.mark.proves("M09")
async def test_a_worker_s_figures_travel_to_the_metrics(
    climber: Climber, programs: Programs, query: Query
) -> None:
    query("delete from workers")
    programs.worker(WORKER_CONCURRENCY="3", WORKER_COMPUTE_THREADS="1", **QUICK)
    await until(lambda: query("select count(*) as n from workers")[0]["n"] == 1)
    text = (await climber.http.get("/metrics")).text
    samples = {
        (sample.name, sample.labels.get("figure", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "worker" in sample.labels
    }
    assert samples["ascension_worker_slots", ""] == 3
    assert samples["ascension_worker_running", ""] == 0
    assert samples["ascension_worker_figure", "resident_bytes"] > 10_000_000
    assert samples["ascension_worker_heartbeat_age_seconds", ""] < 30
