"""The networks of the rehearsal: the Internet, the provider's private one, a home behind its router.

All of it lies in network namespaces of its own (`asc-*`), which are gone after `pull`. The only way out is a
proxy for packages on this machine's end of the Internet. Needs root and iproute2.
"""

import shutil
import subprocess
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

SWITCH = "asc-switch"
"""The namespace in which the bridges lie."""
INTERNET = "asc-internet"
"""Where users are: tests run in it."""
ROUTER = "asc-router"
"""Of the home: it lets everything out under its own address, and nothing in."""

REGISTRY_IP = "198.51.100.1"
ROUTER_IP = "198.51.100.40"
ADMIN_IP = "198.51.100.100"
STRANGER_IP = "198.51.100.200"
PAGER_IP = "198.51.100.190"
USERS_FIRST_IP, USERS_LAST_IP = "198.51.100.101", "198.51.100.150"
HOME_GATEWAY_IP = "192.168.1.1"
HOME_ADMIN_IP = "192.168.1.100"
WITHIN_S = 60
NAT = """
table ip home {
    chain out { type nat hook postrouting priority 100; oifname "eth0" masquerade; }
    chain through {
        type filter hook forward priority 0; policy drop;
        iifname "eth1" accept
        ct state established,related accept
    }
}
"""


@dataclass(frozen=True)
class Wire:
    """One end of a cable: which bridge, under which name and address."""

    bridge: str
    interface: str
    address: str
    """With its prefix: 10.0.0.10/24."""
    gateway: str | None = None

    @property
    def plug(self) -> str:
        """The other end, at the bridge."""
        return "p" + self.address.partition("/")[0].replace(".", "")


def run(
    *command: str | Path, within_s: float = WITHIN_S, check: bool = True, folder: Path | None = None
) -> str:
    """What it said; fails with the end of it."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=within_s, check=False)
    if check and done.returncode:
        said = (done.stdout + done.stderr).strip()[-5000:]
        raise RuntimeError(f"`{' '.join(map(str, command))}` failed: {said}")
    return done.stdout


def inside(namespace: str, *command: str) -> str:
    return run("ip", "netns", "exec", namespace, *command)


def lay() -> None:
    """The bridges, the router, the Internet with its addresses, this machine's leg for packages."""
    for namespace in (SWITCH, INTERNET, ROUTER):
        run("ip", "netns", "add", namespace)
        inside(namespace, "ip", "link", "set", "lo", "up")
    for bridge in ("internet", "private", "home"):
        inside(SWITCH, "ip", "link", "add", bridge, "type", "bridge")
        inside(SWITCH, "ip", "link", "set", bridge, "up")
    connect(INTERNET, Wire("internet", "eth0", f"{ADMIN_IP}/24"))
    users = range(int(IPv4Address(USERS_FIRST_IP)), int(IPv4Address(USERS_LAST_IP)) + 1)
    for address in (STRANGER_IP, PAGER_IP, *map(IPv4Address, users)):
        inside(INTERNET, "ip", "address", "add", f"{address}/24", "dev", "eth0")
    connect(INTERNET, Wire("home", "eth1", f"{HOME_ADMIN_IP}/24"))  # the operator sits there
    connect(ROUTER, Wire("internet", "eth0", f"{ROUTER_IP}/24"))
    connect(ROUTER, Wire("home", "eth1", f"{HOME_GATEWAY_IP}/24"))
    inside(ROUTER, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    inside(ROUTER, "nft", NAT)
    leg = Wire("internet", "asc-registry", f"{REGISTRY_IP}/24")
    run("ip", "link", "add", leg.interface, "type", "veth", "peer", "name", leg.plug)
    run("ip", "link", "set", leg.plug, "netns", SWITCH)
    inside(SWITCH, "ip", "link", "set", leg.plug, "master", leg.bridge, "up")
    run("ip", "address", "add", leg.address, "dev", leg.interface)
    run("ip", "link", "set", leg.interface, "up")


def connect(namespace: str, wire: Wire) -> None:
    """A named namespace, or that of a process by its number."""
    temporary = f"t{wire.plug[1:]}"
    inside(SWITCH, "ip", "link", "add", wire.plug, "type", "veth", "peer", "name", temporary)
    inside(SWITCH, "ip", "link", "set", wire.plug, "master", wire.bridge, "up")
    inside(SWITCH, "ip", "link", "set", temporary, "netns", namespace)
    enter = ("nsenter", "-t", namespace, "-n") if namespace.isdigit() else ("ip", "netns", "exec", namespace)
    run(*enter, "ip", "link", "set", temporary, "name", wire.interface)
    run(*enter, "ip", "address", "add", wire.address, "dev", wire.interface)
    run(*enter, "ip", "link", "set", wire.interface, "up")
    if wire.gateway:
        run(*enter, "ip", "route", "add", "default", "via", wire.gateway)


def disconnect(wire: Wire) -> None:
    """Before its other end is gone: what that leaves behind takes a while."""
    inside(SWITCH, "ip", "link", "delete", wire.plug)


def cut(wire: Wire) -> None:
    """Both ends still think that they are connected, as with a cable that was cut far away."""
    inside(SWITCH, "ip", "link", "set", wire.plug, "down")


def mend(wire: Wire) -> None:
    inside(SWITCH, "ip", "link", "set", wire.plug, "up")


def pull() -> None:
    """All of it, also what a broken run left."""
    run("ip", "link", "delete", "asc-registry", check=False)
    for namespace in (SWITCH, INTERNET, ROUTER):
        run("ip", "netns", "delete", namespace, check=False)
    shutil.rmtree(Path("/etc/netns") / INTERNET, ignore_errors=True)


def name(addresses: dict[str, str]) -> None:
    """Names that the Internet's namespace knows: what public DNS would say."""
    folder = Path("/etc/netns") / INTERNET
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["127.0.0.1 localhost", *(f"{address} {host}" for host, address in addresses.items())]
    (folder / "hosts").write_text("\n".join(lines) + "\n")
