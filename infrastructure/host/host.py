"""What of Ascension runs on this host: replicas named by their port, workers by a number, in two colors."""

import hashlib
import http.client
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from containers import COMPOSE, Containers
from programs import FailedError, run, say
from units import Units

Color = Literal["blue", "green"]
Role = Literal["api", "worker"]
Runner = Units | Containers
"""Who starts and stops them here."""

COLORS: tuple[Color, Color] = ("blue", "green")
HOME = Path("/opt/ascension")
FIRST_PORTS: dict[Color, int] = {"blue": 8080, "green": 8090}
COMPOSE_SETTINGS = "/etc/ascension/compose.env"
MOST_REPLICAS = 8
READY_WITHIN_S = 90.0
DRAIN_S = 5.0
BALANCER = Path(__file__).with_name("balancer.py")


def other(color: Color) -> Color:
    return "green" if color == "blue" else "blue"


@dataclass(frozen=True)
class Host:
    """What of Ascension runs here, and where it lies."""

    role: Role
    count: int
    runner: Runner
    settings: Path
    """The folder of what it is told: settings, and secrets beside them."""
    home: Path
    balancer: Path
    """The directory that it keeps."""
    first_ports: dict[Color, int]
    ready_within_s: float
    drain_s: float
    """nginx' processes of before finish what they have; sockets that stay are begun anew by their pages."""

    @classmethod
    def read(cls, file: Path) -> "Host":
        """Raises FailedError: the file is not as it is written when a host is set up."""
        try:
            told = json.loads(file.read_text())
            role, lock = told["role"], str(told["lock"])
            ports: dict[Color, int] = {**FIRST_PORTS, **told.get("first_ports", {})}
            runner: Runner = (
                Containers(
                    role,
                    lock,
                    {**ports},
                    str(told.get("compose_settings", COMPOSE_SETTINGS)),
                    tuple(told.get("compose", COMPOSE)),
                )
                if told.get("run_with", "units") == "containers"
                else Units(role, lock, str(told["python"]))
            )
            return cls(
                role=role,
                count=int(told["count"]),
                runner=runner,
                settings=file.parent,
                home=Path(told.get("home", HOME)),
                balancer=Path(told.get("balancer", "/var/lib/ascension/balancer")),
                first_ports=ports,
                ready_within_s=float(told.get("ready_within_s", READY_WITHIN_S)),
                drain_s=float(told.get("drain_s", DRAIN_S)),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FailedError(f"{file} does not say what runs on this host ({error!r}).") from None

    def link(self, color: Color) -> Path:
        return self.home / color

    def version(self, color: Color) -> str | None:
        """Which release a color is."""
        link = self.link(color)
        return link.resolve().name if link.is_symlink() and link.exists() else None

    def point(self, color: Color, version: str) -> None:
        """The color is this release from its next start on."""
        target = self.home / "releases" / version
        if not (target / "bin/ascension").exists():
            raise FailedError(f"{version} is not installed here: `release.py install` first.")
        partial = self.home / f".{color}.new"
        partial.unlink(missing_ok=True)
        partial.symlink_to(target)
        partial.replace(self.link(color))

    def told(self) -> str:
        """The digest of what is told to what runs here, secrets too: another one is rolled like a release."""
        names = ("host.json", f"{self.role}.env", "compose.env")
        secrets = sorted((self.settings / "credentials" / self.role).glob("*"))
        digest = hashlib.sha256()
        for file in (*(self.settings / name for name in names), *secrets):
            if file.is_file():
                digest.update(f"{file.name} {file.stat().st_size}\n".encode() + file.read_bytes())
        return digest.hexdigest()

    def taken(self, color: Color) -> str | None:
        """What this color was told when it was rolled."""
        file = self.home / f".{color}.told"
        return file.read_text() if file.exists() else None

    def take(self, color: Color, told: str) -> None:
        (self.home / f".{color}.told").write_text(told)

    def ports(self, color: Color) -> range:
        """All that replicas of this color may have."""
        return range(self.first_ports[color], self.first_ports[color] + MOST_REPLICAS)

    def names(self, color: Color) -> list[int]:
        """What instances of this color are called here."""
        return list(self.ports(color)[: self.count] if self.role == "api" else range(1, self.count + 1))

    def running(self, color: Color) -> list[int]:
        """Those of it that run, also where there were to be more of them once."""
        names = self.ports(color) if self.role == "api" else range(1, MOST_REPLICAS + 1)
        return self.runner.running(color, names)

    def active(self) -> Color | None:
        """The color that does the work: whose replicas are asked, whose workers run. None: neither's."""
        asked = self.asked() if self.role == "api" else []
        counts: dict[Color, int] = {}
        for color in COLORS:
            at_work = [port for port in asked if port in self.ports(color)] if asked else self.running(color)
            counts[color] = len(at_work)
        if not any(counts.values()):
            return None
        return "blue" if counts["blue"] >= counts["green"] else "green"

    def asked(self) -> list[int]:
        """The ports that the balancer is to keep in."""
        try:
            return list(json.loads((self.balancer / "wanted.json").read_text())["ports"])
        except FileNotFoundError:
            return []

    def start(self, color: Color, name: int, *, is_asked: bool = True) -> None:
        """Until it is ready and tells the version of its color.

        Raises:
            FailedError: it is not, in time.
        """
        title, version = self.runner.title(color, name), self.version(color)
        self.runner.start(color, name, self.link(color).resolve(), self.ready_within_s)
        if self.role == "api":
            deadline = time.monotonic() + self.ready_within_s
            while (told := version_at(name)) != version:
                if time.monotonic() > deadline:
                    raise FailedError(f"{title} tells version {told} instead of {version}, or is not ready.")
                time.sleep(0.5)
            if is_asked:
                self.balance("in", name)
        say("started", unit=title, version=version)

    def stop(self, color: Color, name: int) -> None:
        """It finishes what it has, then it ends."""
        if self.role == "api" and name in self.asked():
            self.balance("out", name)
            time.sleep(self.drain_s)
        self.runner.stop(color, name)
        say("stopped", unit=self.runner.title(color, name))

    def balance(self, command: str, *ports: int) -> None:
        run(
            *(sys.executable, str(BALANCER), command, *map(str, ports)),
            *("--directory", str(self.balancer)),
            within_s=60,
        )


def version_at(port: int) -> str | None:
    """What a replica that is ready says of itself; None: it is not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        told = json.loads(answer.read())
        return str(told["version"]) if answer.status == http.client.OK else None
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    finally:
        connection.close()
