"""The machine's own notice that it goes: asked with a token, heard once it is there."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ascension.infra.instance import notice
from tests.infra.metadata_service import MetadataService


async def test_nothing_is_heard_until_the_machine_is_to_go() -> None:
    async with MetadataService().serve() as service:
        listening = asyncio.create_task(notice(service.url, poll_s=0.02))
        await asyncio.sleep(0.2)
        assert not listening.done()
        service.tokens.clear()  # they end after hours
        ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=120)
        service.spot = f'{{"action": "terminate", "time": "{ends_at:%Y-%m-%dT%H:%M:%SZ}"}}'
        found = await asyncio.wait_for(listening, 10)
    assert (found.reason, found.ends_at) == ("spot terminate", ends_at)
    left_s = found.left_s()
    assert left_s is not None
    assert 60 < left_s <= 120
    assert service.refused > 0, "a token that has ended is refused, and another is asked for"


@pytest.mark.parametrize("state", ["Terminated", "Detached"])
async def test_a_scaling_group_that_takes_the_machine_out_is_heard(state: str) -> None:
    async with MetadataService(target_state=state).serve() as service:
        found = await asyncio.wait_for(notice(service.url, poll_s=0.02), 10)
    assert found.reason == f"autoscaling {state}"
    assert found.left_s() is None


async def test_a_service_that_is_away_or_odd_is_asked_again() -> None:
    async with MetadataService(spot="not json", target_state=None).serve() as service:
        listening = asyncio.create_task(notice(service.url, poll_s=0.02))
        await asyncio.sleep(0.2)
        assert not listening.done()
        service.spot = '{"action": "stop", "time": "2020-01-01T00:00:00Z"}'
        found = await asyncio.wait_for(listening, 10)
        assert found.left_s() == 0
    listening = asyncio.create_task(notice(service.url, poll_s=0.02))
    await asyncio.sleep(0.2)
    assert not listening.done()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
