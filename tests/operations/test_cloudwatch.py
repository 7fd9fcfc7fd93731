"""QueueDepth and ProcessingTime reach CloudWatch once a period, by one of several replicas."""

from collections import Counter
from typing import Any

import httpx2 as httpx
import pytest

from ascension.operations.cloudwatch import processing_time
from ascension.operations.queries import Finished
from tests.conftest import Engines
from tests.eventually import eventually
from tests.operations.cloudwatch import CloudWatch, cloudwatch
from tests.platform import Programs, new_climber
from tests.rows import sql

Dimensions = frozenset[tuple[str, str]]


def by_dimensions(request: dict[str, Any]) -> dict[tuple[str, Dimensions], dict[str, Any]]:
    return {
        (
            datum["MetricName"],
            frozenset((one["Name"], one["Value"]) for one in datum["Dimensions"]),
        ): datum
        for datum in request["MetricData"]
    }


def named(metric: str, **dimensions: str) -> tuple[str, Dimensions]:
    return metric, frozenset(dimensions.items())


@pytest.mark.proves("M32", "M33")
async def test_one_replica_tells_what_the_rows_say(clean_database: Engines, programs: Programs) -> None:
    async with cloudwatch() as service:
        settings = {
            "CLOUDWATCH_NAMESPACE": "Ascension",
            "CLOUDWATCH_ENDPOINT": service.endpoint,
            "CLOUDWATCH_PERIOD_S": "2",
            "AWS_REGION": "eu-central-1",
        }
        (process, url), _ = programs.api(**settings), programs.api(**settings)
        climber = await new_climber(url)
        for _ in range(2):
            await climber.analyze(b"v" * 1000)
        for _ in range(3):
            ended = await climber.analyze(b"v" * 1000)
            await sql(
                clean_database,
                "update jobs set state = 'done', started_at = now() - interval '12.5 s', finished_at = now()"
                " where subject_id = %s",
                ended["id"],
            )

        async def is_told() -> bool:
            return sum(_samples(request) for request in service.told) == 3

        await eventually(is_told)
        latest = by_dimensions(service.told[-1])
        assert service.told[-1]["Namespace"] == "Ascension"
        depth = latest[named("QueueDepth", Environment="test")]
        assert (depth["Value"], depth["Unit"]) == (2, "Count")
        assert latest[named("QueueDepth", Environment="test", Tier="free")]["Value"] == 2
        assert latest[named("QueueDepth", Environment="test", Tier="premium")]["Value"] == 0
        times = [by_dimensions(request) for request in service.told if _samples(request)]
        for found in times:
            told = found[named("ProcessingTime", Environment="test", Kind="analysis")]
            assert (told["Values"], told["Unit"]) == ([12.5], "Seconds")
        await eventually(lambda: _has_told(service, 4))
        periods = Counter(request["MetricData"][0]["Timestamp"] for request in service.told)
        assert set(periods.values()) == {1}, "one of the two replicas tells, not both"

        service.is_down = True
        asked = service.asked

        async def is_asked() -> bool:
            return service.asked > asked and "cloudwatch_not_told" in process.log()

        await eventually(is_asked)
        assert (await climber.get("/api/v1/users/me")).status_code == 200
        told = len(service.told)
        service.is_down = False
        await eventually(lambda: _has_told(service, told + 1))
        await climber.http.aclose()


def _samples(request: dict[str, Any]) -> float:
    told = by_dimensions(request).get(named("ProcessingTime", Environment="test"))
    return sum(told["Counts"]) if told else 0


async def _has_told(service: CloudWatch, requests: int) -> bool:
    return len(service.told) >= requests


async def test_nothing_is_told_unless_asked_for(api_url: str) -> None:
    answer = httpx.get(f"{api_url}/metrics", timeout=10).text
    assert 'ascension_outside_failures_total{part="cloudwatch"} 0.0' in answer


@pytest.mark.proves("M33")
def test_many_durations_fit_and_keep_their_number() -> None:
    finished = [Finished("analysis", 5 + number * 0.37) for number in range(5000)]
    [whole, kind] = processing_time(finished, "production")
    assert whole["Dimensions"] == [{"Name": "Environment", "Value": "production"}]
    assert kind["Dimensions"][1] == {"Name": "Kind", "Value": "analysis"}
    for datum in (whole, kind):
        assert len(datum["Values"]) <= 150
        assert sum(datum["Counts"]) == 5000
        mean_s = sum(v * c for v, c in zip(datum["Values"], datum["Counts"], strict=True)) / 5000
        assert mean_s == pytest.approx(5 + 0.37 * 4999 / 2, rel=0.01)
    assert processing_time([], "production") == []
