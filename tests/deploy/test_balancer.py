"""Who is asked: three misses, two answers, never nobody; on a real nginx, while requests go on."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.deploy.edge import BALANCER, Edge, Replica, balancing, lay_out, load, running

INTERVAL_S = 0.3


async def balancer(edge: Edge, *arguments: object) -> tuple[int, str, str]:
    """What a command answered: exit code, output, complaint."""
    command = [sys.executable, BALANCER, *map(str, arguments), "--directory", edge.folder / "balancer"]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, complaint = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), complaint.decode()


class Platform:
    """nginx, a balancer, replicas."""

    def __init__(self, edge: Edge, replicas: list[Replica], log: Path) -> None:
        self.edge, self.replicas, self._log = edge, replicas, log

    @property
    def ports(self) -> list[int]:
        return [replica.port for replica in self.replicas]

    def listed(self) -> list[int]:
        """Whom nginx asks."""
        lines = (self.edge.folder / "balancer/servers.conf").read_text().splitlines()
        return [int(line.split(":")[1].split()[0]) for line in lines if "max_fails" in line]

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self._log.read_text().splitlines()]

    async def until(self, holds: Callable[[], bool], *, within_s: float = 15) -> None:
        async with asyncio.timeout(within_s):
            while not holds():
                await asyncio.sleep(0.02)


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    edge = lay_out(tmp_path, site="ascension.conf")
    log = tmp_path / "balancer.log"
    replicas = [await Replica(pause_s=0.005).start() for _ in range(3)]
    options = ("--textfile", tmp_path / "figures.prom", "--interval-s", INTERVAL_S)
    with running(edge), balancing(edge, *options, log=log):
        yield Platform(edge, replicas, log)
    for replica in replicas:
        await replica.stop()


@pytest.mark.proves("M37")
async def test_a_replica_is_out_after_three_misses_and_back_after_two_answers(platform: Platform) -> None:
    one, two, _ = platform.replicas
    assert await balancer(platform.edge, "put", one.port, two.port) == (0, "", "")
    async with load(platform.edge) as seen:
        two.is_ready = False
        await asyncio.sleep(INTERVAL_S)
        assert platform.listed() == [one.port, two.port], "one miss is none"
        await platform.until(lambda: platform.listed() == [one.port])
        figures, out = platform.edge.folder / "figures.prom", f'ascension_replica_in{{port="{two.port}"}} 0'
        await platform.until(lambda: out in figures.read_text())
        assert f"{two.port} out: does not answer" in (await balancer(platform.edge, "show"))[1]
        await asyncio.sleep(0.5)  # what nginx' former processes still had
        served = two.served
        await asyncio.sleep(0.5)
        assert two.served == served
        two.is_ready = True
        await platform.until(lambda: platform.listed() == [one.port, two.port])
        await platform.until(lambda: two.served > served)
    assert set(seen) == {200}
    assert platform.events().count("replica_out") == platform.events().count("replica_in") == 1


@pytest.mark.proves("M37")
async def test_where_all_are_ill_all_stay(platform: Platform) -> None:
    one, two, _ = platform.replicas
    await balancer(platform.edge, "put", one.port, two.port)
    one.is_ready = two.is_ready = False
    await platform.until(lambda: platform.events().count("replica_out") == 2)
    assert platform.listed() == [one.port, two.port]
    async with load(platform.edge) as seen:
        pass
    assert set(seen) == {200}, "the database may be away, and pages are there"


@pytest.mark.proves("M68")
async def test_a_flip_and_a_flip_back_cost_no_request(platform: Platform) -> None:
    blue, _, green = platform.replicas
    await balancer(platform.edge, "put", blue.port)
    async with load(platform.edge) as seen:
        for target, other in ((green, blue), (blue, green)):
            assert await balancer(platform.edge, "put", target.port) == (0, "", "")
            await asyncio.sleep(0.5)
            before = (target.served, other.served)
            await asyncio.sleep(0.5)
            assert target.served > before[0]
            assert other.served == before[1]
    assert set(seen) == {200}
    assert seen[200] > 80


async def test_a_replica_that_leaves_may_end_without_a_request_lost(platform: Platform) -> None:
    one, two, three = platform.replicas
    await balancer(platform.edge, "put", one.port, two.port)
    async with load(platform.edge) as seen:
        await balancer(platform.edge, "in", three.port)
        await balancer(platform.edge, "out", one.port)
        await asyncio.sleep(1)
        await one.stop()
        await asyncio.sleep(0.5)
    assert set(seen) == {200}
    assert platform.listed() == [two.port, three.port]


async def test_what_would_leave_nobody_is_refused(platform: Platform) -> None:
    one, two, three = platform.replicas
    await balancer(platform.edge, "put", one.port, two.port)
    three.is_ready = False
    for arguments, complaint in (
        (("put", three.port), f"The replica on {three.port} is not ready: nothing was changed."),
        (("in", 9), "The replica on 9 is not ready: nothing was changed."),
        (("out", one.port, two.port), "Nobody would be left to ask: nothing was changed."),
    ):
        assert await balancer(platform.edge, *arguments) == (1, "", f"balancer: {complaint}\n")
    assert platform.listed() == [one.port, two.port]


async def test_nobody_who_balances_is_said(tmp_path: Path) -> None:
    edge = lay_out(tmp_path, site="ascension.conf")
    replica = await Replica().start()
    code, _, complaint = await balancer(edge, "put", replica.port)
    assert (code, "is the balancer running?" in complaint) == (1, True)
    await replica.stop()
