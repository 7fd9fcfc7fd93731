"""What the Internet reaches, and what it does not."""

import re
import ssl

import httpx2 as httpx
import pytest

from tests.rehearsal import hosts, report, wires
from tests.rehearsal.hosts import API, DATABASE, Machine

SCAN_WITHIN_S = 300
OPEN = re.compile(r"(\d+)/open/")


def open_ports(machine: Machine, seen_from: str) -> set[int]:
    """Every port that takes a connection from this address."""
    told = wires.run(
        *("nmap", "-sS", "-Pn", "-n", "-p-", "--min-rate", "4000", "--max-retries", "2"),
        *("-S", seen_from, "-e", "eth0", "-oG", "-", machine.address),
        within_s=SCAN_WITHIN_S,
    )
    assert "Ports:" in told, told
    return {int(port) for port in OPEN.findall(told)}


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
def test_no_more_ports_are_open(machine: Machine, seen_from: str, expected: set[int]) -> None:
    found = open_ports(machine, seen_from)
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
