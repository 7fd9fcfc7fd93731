"""What the Internet reaches, and what it does not."""

import asyncio
import ssl

import httpx2 as httpx
import pytest

from tests.rehearsal import hosts, report, wires
from tests.rehearsal.hosts import API, DATABASE, Machine

AT_ONCE = 2000
WITHIN_S = 1.0


async def open_ports(machine: Machine, seen_from: str) -> set[int]:
    """Every port that takes a connection from this address."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def is_open(port: int) -> bool:
        async with gate:
            try:
                async with asyncio.timeout(WITHIN_S):
                    _, writer = await asyncio.open_connection(
                        machine.address, port, local_addr=(seen_from, 0)
                    )
            except (OSError, TimeoutError):
                return False
            writer.close()
            return True

    ports = range(1, 65536)
    found = await asyncio.gather(*(is_open(port) for port in ports))
    return {port for port, is_it in zip(ports, found, strict=True) if is_it}


@pytest.mark.rehearsal
@pytest.mark.parametrize(
    ("machine", "seen_from", "expected"),
    [
        (API, wires.STRANGER_IP, {80, 443}),
        (DATABASE, wires.STRANGER_IP, set[int]()),
        (API, wires.ADMIN_IP, {22, 80, 443}),
        (DATABASE, wires.ADMIN_IP, {22}),
    ],
    ids=["api from anywhere", "database from anywhere", "api from ours", "database from ours"],
)
async def test_no_more_ports_are_open(machine: Machine, seen_from: str, expected: set[int]) -> None:
    found = await open_ports(machine, seen_from)
    report.note(f"open ports of {machine.name} from {seen_from}, of 65535", sorted(found))
    assert found == expected


@pytest.mark.rehearsal
async def test_the_site_is_known_by_its_certificate_alone() -> None:
    async with httpx.AsyncClient(verify=ssl.create_default_context()) as http:
        answer = await http.get(f"https://{hosts.NAME}/health")
        moved = await http.get(f"http://{hosts.NAME}/climbs?x=1")
        hidden = [
            (await http.get(f"https://{hosts.NAME}{path}")).status_code
            for path in ("/metrics", "/health/ready", "/api/../metrics", "//metrics")
        ]
    assert answer.status_code == 200
    assert "max-age=63072000" in answer.headers["strict-transport-security"]
    assert (moved.status_code, moved.headers["location"]) == (301, f"https://{hosts.NAME}/climbs?x=1")
    assert hidden == [404] * 4
