"""The rules of each host, loaded for real: who reaches which port, also where Docker published it."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import rendered
from tests.deploy.rendered import ADMIN, ROUTER, Link
from tests.deploy.tools import tool

HOST, STRANGER = "198.51.100.9", "203.0.113.200"
PORTS = (22, 80, 443, 2375, 3000, 3100, 5432, 6379, 8080, 8090, 9090, 9100, 9187)
PRIVATE = {"vps-1": "10.0.0.10", "vps-2": "10.0.0.20"}
LISTEN = """
import select, socket, sys
open = [socket.create_server(("0.0.0.0", int(port))) for port in sys.argv[1:]]
print("listening", flush=True)
while True:
    for one in select.select(open, [], [])[0]:
        one.accept()[0].close()
"""
PROBE = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
source, target, *ports = sys.argv[1:]
def reached(port):
    try:
        socket.create_connection((target, int(port)), 0.4, (source, 0)).close()
        return True
    except OSError:
        return False
with ThreadPoolExecutor(32) as pool:
    print(json.dumps([int(port) for port, is_open in zip(ports, pool.map(reached, ports)) if is_open]))
"""
# as dockerd writes them for `ports: 6379:6379` and `5432:5432` of one network
DOCKER = """
table ip nat {
    chain PREROUTING {
        type nat hook prerouting priority dstnat; policy accept;
        fib daddr type local jump DOCKER
    }
    chain POSTROUTING {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr 172.18.0.0/16 oifname != "br-asc" masquerade
    }
    chain DOCKER {
        iifname != "br-asc" tcp dport { 5432, 6379 } dnat to 172.18.0.2
    }
}
table ip filter {
    chain FORWARD {
        type filter hook forward priority filter; policy drop;
        oifname "br-asc" ct state related,established accept
        oifname "br-asc" jump DOCKER
        iifname "br-asc" accept
    }
    chain DOCKER {
        ip daddr 172.18.0.2 iifname != "br-asc" oifname "br-asc" tcp dport { 5432, 6379 } accept
    }
}
"""
# what `ufw enable` comes to with the rules of the staging document: it looks at what is addressed to the host
UFW = """
table ip ufw {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iif lo accept
        tcp dport { 80, 443 } accept
    }
}
"""


@dataclass(frozen=True)
class Place:
    """A host between the Internet and the private network, with what may listen on it."""

    name: str

    def run(self, where: str, *command: str, content: str | None = None) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", f"{self.name}-{where}", *command],
            input=content,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def load(self, rules: str | Path) -> None:
        content = rules if isinstance(rules, str) else rules.read_text()
        self.run("host", tool("nft"), "--file", "-", content=content)

    def reached(self, source: str, target: str = HOST, where: str = "outside") -> set[int]:
        told = self.run(where, sys.executable, "-c", PROBE, source, target, *map(str, PORTS))
        return set(json.loads(told))

    def wire(self, one: str, other: str, interface: str, address: str, far: str) -> None:
        names = (f"{self.name}-{one}", f"{self.name}-{other}")
        command = f"ip link add {interface} netns {names[0]} type veth peer name {interface} netns {names[1]}"
        subprocess.run(command.split(), check=True, timeout=30)
        for where, own in ((one, address), (other, far)):
            self.run(where, "ip", "address", "add", own, "dev", interface)
            self.run(where, "ip", "link", "set", interface, "up")


@contextmanager
def laid(host: str) -> Generator[Place]:
    """Wires, and every port open, before any rule."""
    if os.geteuid() != 0:
        pytest.fail("Firewalls are tried in network namespaces: run this test as root.", pytrace=False)
    place = Place(f"fw{os.getpid()}")
    parts = ("outside", "host", "inside", "container")
    processes: list[subprocess.Popen[str]] = []
    try:
        for part in parts:
            subprocess.run(["ip", "netns", "add", f"{place.name}-{part}"], check=True, timeout=30)
            place.run(part, "ip", "link", "set", "lo", "up")
        place.wire("host", "outside", "eth0", f"{HOST}/24", "198.51.100.1/24")
        for address in (ADMIN, ROUTER, STRANGER):
            place.run("outside", "ip", "address", "add", f"{address}/32", "dev", "eth0")
        place.run("host", "ip", "route", "add", "default", "via", "198.51.100.1")
        own = PRIVATE[host]
        [other] = [address for address in PRIVATE.values() if address != own]
        place.wire("host", "inside", "eth1", f"{own}/24", f"{other}/24")
        place.wire("host", "container", "eth2", "172.18.0.1/16", "172.18.0.2/16")
        place.run("container", "ip", "route", "add", "default", "via", "172.18.0.1")
        place.run("host", "ip", "link", "set", "eth2", "down")
        place.run("host", "ip", "link", "set", "eth2", "name", "br-asc", "up")
        place.run("host", "sysctl", "-qw", "net.ipv4.ip_forward=1")
        for where, ports in (("host", PORTS), ("container", (5432, 6379)), ("outside", (80, 443))):
            command = [sys.executable, "-c", LISTEN, *map(str, ports)]
            process = subprocess.Popen(
                ["ip", "netns", "exec", f"{place.name}-{where}", *command], stdout=subprocess.PIPE, text=True
            )
            processes.append(process)
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n"
        yield place
    finally:
        for process in processes:
            process.kill()
            process.communicate()
        for part in parts:
            subprocess.run(["ip", "netns", "delete", f"{place.name}-{part}"], check=False, timeout=30)


@pytest.fixture(scope="module")
def rules() -> Generator[Path]:
    with rendered.files("firewall/templates/rules.nft.j2") as folder:
        yield folder


@pytest.mark.parametrize(
    ("link", "host", "stranger", "router", "inside"),
    [
        ("wireguard", "vps-1", {80, 443}, {80, 443}, {80, 443, 3100}),
        ("wireguard", "vps-2", set[int](), set[int](), {5432, 9100, 9187}),
        ("tunnel", "vps-1", {80, 443}, {22, 80, 443}, {80, 443, 3100}),
        ("tunnel", "vps-2", set[int](), set[int](), {5432, 9100, 9187}),
        ("allow_list", "vps-1", {80, 443}, {80, 443, 6379}, {80, 443, 3100}),
        ("allow_list", "vps-2", set[int](), {5432}, {5432, 9100, 9187}),
    ],
)
def test_a_port_is_reached_by_those_it_is_for(
    rules: Path, link: Link, host: str, stranger: set[int], router: set[int], inside: set[int]
) -> None:
    with laid(host) as place:
        assert place.reached(STRANGER) == set(PORTS), "before any rule"
        place.load(rules / f"{link}-{host}-rules.nft")
        assert place.reached(STRANGER) == stranger
        assert place.reached(ADMIN) == stranger | {22}
        assert place.reached(ROUTER) == router
        [other] = [address for name, address in PRIVATE.items() if name != host]
        assert place.reached(other, PRIVATE[host], "inside") == inside


def test_a_port_that_docker_publishes_is_no_more_open_than_any(rules: Path) -> None:
    with laid("vps-1") as place:
        place.load(DOCKER)
        place.load(UFW)
        assert {5432, 6379} <= place.reached(STRANGER), "the documents' rules do not see them"

        place.load(rules / "allow_list-vps-1-rules.nft")
        assert place.reached(STRANGER) == {80, 443}
        assert place.reached(ROUTER) == {80, 443, 6379}, "as without containers"
        place.run("host", tool("nft"), "delete table ip nat; delete table ip filter")
        place.load(DOCKER)  # as a restart of dockerd does
        assert place.reached(STRANGER) == {80, 443}
        assert place.reached("172.18.0.2", "198.51.100.1", "container") == {80, 443}, "the way out stays"
