"""Where phones come in: three ports next to each other on one address of this machine."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

import psutil

from ascension.embedded.layout import is_free
from ascension.errors.setup import SetupError

OFF: Final = ("", "0", "off", "no", "false")
CHOOSE: Final = ("1", "on", "yes", "true")
# of containers, virtual machines and tunnels: no phone is there
VIRTUAL: Final = (
    *("br-", "cni", "docker", "flannel", "lxc", "lxd", "podman", "veth", "virbr", "vboxnet", "vmnet"),
    *("bridge", "tap", "tailscale", "tun", "utun", "wg", "zt"),
)
PRIVATE: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "192.0.2.0/24"),  # this machine itself; networks that are made up, of containers
    )
)
"""What is in homes, gyms and offices. An address of the world is not served: strangers would come."""


@dataclass(frozen=True)
class Doors:
    """One address with the ports of the app, of storage, and of the page that says how to trust both."""

    host: str
    port: int

    @property
    def storage_port(self) -> int:
        return self.port + 1

    @property
    def page_port(self) -> int:
        return self.port + 2

    @property
    def app_url(self) -> str:
        return f"https://{self.host}:{self.port}"

    @property
    def storage_url(self) -> str:
        return f"https://{self.host}:{self.storage_port}"

    @property
    def page_url(self) -> str:
        return f"http://{self.host}:{self.page_port}"

    def taken(self) -> list[int]:
        """Ports of these that somebody else listens on."""
        ports = (self.port, self.storage_port, self.page_port)
        return [port for port in ports if not is_free(port, self.host)]


@dataclass(frozen=True)
class Own:
    """One address that this machine has."""

    host: str
    interface: str


def is_wanted(lan: str) -> bool:
    """Whether `LAN` says that phones come in."""
    return lan.strip().lower() not in OFF


def choose(lan: str) -> tuple[str, list[Own]]:
    """The address that `LAN` names, or for `1` the best there is; and the others that were possible.

    Raises SetupError: it is not this machine's, or not of a local network, or there is none.
    """
    told = lan.strip()
    if told.lower() not in CHOOSE:
        return _named(told), []
    found = for_phones(_own(), _outgoing())
    if not found:
        raise SetupError(
            "This machine is in no local network that a phone could be in: join its Wi-Fi, or name the "
            "address: LAN=192.168.1.20 make up"
        )
    return found[0].host, found[1:]


def _named(host: str) -> str:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        raise SetupError(
            f"LAN={host} is no IPv4 address: LAN=1 finds this machine's, LAN=192.168.1.20 names it."
        ) from None
    if not is_private(address):
        raise SetupError(f"LAN={host} is an address of the whole internet: phones are served in local ones.")
    if not is_free(0, host):
        has = ", ".join(own.host for own in for_phones(_own(), None)) or "none in a local network"
        raise SetupError(f"LAN={host} is not an address of this machine, which has: {has}.")
    return host


def is_private(address: ipaddress.IPv4Address) -> bool:
    return any(address in network for network in PRIVATE)


def _own() -> list[Own]:
    """Every address that is up, in the system's order."""
    states = psutil.net_if_stats()
    return [
        Own(address.address, interface)
        for interface, addresses in psutil.net_if_addrs().items()
        if interface in states and states[interface].isup
        for address in addresses
        if address.family is socket.AF_INET
    ]


def for_phones(own: list[Own], outgoing: str | None) -> list[Own]:
    """Those of local networks that phones may be in; first the one that connections leave by."""
    possible = [
        one
        for one in own
        if not one.interface.startswith(VIRTUAL)
        and is_private(address := ipaddress.IPv4Address(one.host))
        and not address.is_loopback
    ]
    return sorted(possible, key=lambda one: one.host != outgoing)


def _outgoing() -> str | None:
    """The address that connections to elsewhere leave by. Nothing is sent: the system only looks it up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.1", 9))
        except OSError:  # no way out of here
            return None
        return str(probe.getsockname()[0])
