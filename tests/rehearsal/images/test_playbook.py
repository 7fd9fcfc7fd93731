"""The playbook with containers, from a bare host to running: its ports, its backups, the same once more."""

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.rehearsal.images import machine
from tests.rehearsal.images.conftest import OLD, PLACE, THIRD
from tests.rehearsal.images.ground import REGISTRY, Docker
from tests.rehearsal.images.installation import NAME
from tests.rehearsal.images.machine import ADDRESS, Machine

pytestmark = [pytest.mark.rehearsal, pytest.mark.engines]
PORTS = (22, 80, 443, 2375, 5432, 6379, 8080, 8081, 8090)
OPEN_TO_ALL, OPEN_TO_ADMINS = {80, 443}, {22}
PUBLISHED = {5432, 6379}
UP_WITHIN_S = 180


@pytest.fixture(scope="module")
def images(pushed: dict[str, Path]) -> Path:
    """Of a release, with others' images from where ours are."""
    file = PLACE / f"images-{OLD}.env"
    others = "".join(f"{name.upper()}_IMAGE={REGISTRY}/{tag}\n" for name, tag in THIRD.items())
    file.write_text(pushed[OLD].read_text() + others)
    return file


@pytest.fixture(scope="module")
def host(builder: Docker, images: Path) -> Iterator[Machine]:
    """Installed."""
    with machine.bare(builder, PLACE / "machine") as found:
        began = time.monotonic()
        print(found.install(images, OLD).splitlines()[-2:])
        print(f"from a bare host to running, by one playbook: {time.monotonic() - began:.0f} s")
        yield found


def reached() -> set[int]:
    found: set[int] = set()
    for port in PORTS:
        try:
            socket.create_connection((ADDRESS, port), timeout=1).close()
        except OSError:
            continue
        found.add(port)
    return found


def version_told(host: Machine) -> str:
    """By the site, over TLS; fails where it does not answer."""
    context = httpx.create_ssl_context()
    host.authority.configure_trust(context)
    with httpx.Client(verify=context, timeout=30) as http:
        answer = http.get(
            f"https://{ADDRESS}/health", headers={"Host": NAME}, extensions={"sni_hostname": NAME}
        )
    return answer.json()["version"]


def test_it_serves(host: Machine) -> None:
    assert version_told(host) == OLD
    running = host.execute("docker", "ps", "--format", "{{.Names}} {{.Status}}")
    print(running)
    assert len(re.findall(r"\(healthy\)", running)) == 4, running
    assert host.execute("systemctl", "is-system-running", check=False).strip() == "running"


def test_a_published_port_is_not_reached_past_the_firewall(host: Machine) -> None:
    """Docker rewrites addresses before `input` sees them (flaw of the documents' ufw rules)."""
    assert reached() == OPEN_TO_ALL | OPEN_TO_ADMINS
    host.execute("nft", "delete table inet ascension")
    assert reached() >= PUBLISHED, "without our rules they are open: Docker's let everybody in"
    host.execute("systemctl", "restart", "ascension-firewall")
    host.execute("systemctl", "restart", "docker")
    assert reached() == OPEN_TO_ALL | OPEN_TO_ADMINS


def test_backups_run(host: Machine) -> None:
    told = json.loads(host.execute("ascension-backup", "status").splitlines()[-1])
    assert told["now"]["backups"] >= 1
    assert told["now"]["wal_failed"] == 0
    timers = host.execute("systemctl", "list-timers", "--plain", "--no-legend", "ascension-backup-*")
    assert len(timers.splitlines()) == 4


def test_a_second_run_changes_nothing(host: Machine, images: Path) -> None:
    began = time.monotonic()
    said = host.install(images, OLD)
    print(f"once more: {time.monotonic() - began:.0f} s")
    changed = [line for line in said.splitlines() if line.startswith("changed:")]
    assert re.search(r"changed=0 .*failed=0", said), f"{changed} {said[-1500:]}"
