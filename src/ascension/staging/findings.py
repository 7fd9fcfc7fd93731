"""What is looked at, and what each look found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ascension.infra.settings import StorageSettings

CLOSED_PORTS: Final = (3000, 3100, 5432, 6379, *range(8080, 8082), *range(8090, 8092), 9090, 9093, 9100, 9187)
"""Of what stands behind the firewall: none of them answers from outside."""


class Verdict(Enum):
    PASS = "pass"  # noqa: S105 (a verdict)
    FAIL = "fail"
    MANUAL = "manual"
    """Not to be seen from here: the text says how it is, and why."""


@dataclass(frozen=True)
class Finding:
    """`text`: what was seen, never a secret; of a manual one, what somebody has to look at."""

    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Probe:
    """An account of our own that tries what a user does."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Hosts:
    """Where ssh leads, by role; none: nobody looks from inside."""

    addresses: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    user: str = "deploy"
    ssh: tuple[str, ...] = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=8")
    program: tuple[str, ...] = ("sudo", "/usr/bin/python3", "/opt/ascension/host/look.py")

    @property
    def all(self) -> list[tuple[str, str]]:
        """Role and address."""
        return [(role, one) for role, addresses in self.addresses.items() for one in addresses]


@dataclass(frozen=True)
class Target:
    """An installation, and what may be used to look at it."""

    url: str
    clip: Path
    """What the probe account uploads."""
    hosts: Hosts = Hosts()
    probe: Probe | None = None
    storage: StorageSettings | None = None
    """With the keys of its owner."""
    is_archived: bool = True
    """Its storage has a class for what is seldom read: R2 and B2 have none."""
    version: str | None = None
    """What should run there; None: whatever does."""
    authority: Path | None = None
    """Who vouches for its certificate, where the world does not."""
    address: str | None = None
    """Where the name leads, where it does not lead there yet."""
    http_port: int = 80
    closed_ports: tuple[int, ...] = CLOSED_PORTS

    @property
    def name(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 443


Seen = Mapping[str, Any]
"""What `look.py` told of a host."""


def judge(text: str, *, holds: bool) -> Finding:
    return Finding(Verdict.PASS if holds else Verdict.FAIL, text)


def manual(text: str) -> list[Finding]:
    return [Finding(Verdict.MANUAL, text)]
