#!/usr/bin/env python3
"""What is to be seen from inside of this host, as one JSON object: for `ascension doctor --env staging`.

    look.py            nothing is changed, and no secret is read: of their files only owner and mode

What cannot be looked at is missing in what is told. Standard library only.
"""

import argparse
import json
import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

TIMEOUT_S = 8
PARTS = ("nginx", "redis-server", "postgresql@15-main", "prometheus", "prometheus-alertmanager")
OURS = ("ascension-firewall", "ascension-balancer")
WORKER_FIGURES = ("ascension_worker_slots", "ascension_queue_depth")


def machine() -> dict[str, Any]:
    """System, processors, memory, disk."""
    system, memory = "unknown", 0
    with suppress(OSError):
        lines = Path("/etc/os-release").read_text().splitlines()
        system = next(
            (line.split("=", 1)[1].strip('"') for line in lines if line.startswith("PRETTY_NAME=")), system
        )
    with suppress(OSError, ValueError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    disk = os.statvfs("/")
    return {
        "system": system,
        "processors": os.cpu_count(),
        "memory_bytes": memory,
        "disk_bytes": disk.f_frsize * disk.f_blocks,
        "disk_free_share": round(disk.f_bavail / max(disk.f_blocks, 1), 3),
    }


def units() -> dict[str, str]:
    """Which programs of ours and around ours run."""
    names = [*PARTS, *OURS]
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["/usr/bin/systemctl", "show", "--property", "ActiveState", "--value", *names],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        states = done.stdout.split()
        if len(states) == len(names):
            return dict(zip(names, states, strict=True))
    return {}


def files(etc: Path) -> dict[str, Any]:
    """Secrets that somebody else than their program may read, and how many there are."""
    found = [path for path in (etc / "credentials").rglob("*") if path.is_file()]
    open_to_all = [str(path) for path in found if stat.S_IMODE(path.stat().st_mode) & 0o027]
    told = [str(path) for path in etc.glob("*.env") if any(True for _ in plain_secrets(path))]
    return {"count": len(found), "open": open_to_all, "in_settings": told}


def plain_secrets(settings: Path) -> Iterator[str]:
    """Names of variables that should be files."""
    secret = ("PASSWORD", "SECRET", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
    for line in settings.read_text().splitlines():
        name, sign, value = line.partition("=")
        if sign and value.strip("'\"") and name.strip().endswith(secret):
            yield name


def asked(url: str) -> Any:  # noqa: ANN401 (what JSON holds)
    """What a program on this host answers, also where it says that it is not well; None: nothing."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 (addresses of ours)
            text = answer.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
    except (OSError, ValueError):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def replicas(targets: Path) -> dict[str, Any]:
    """Of those that the balancer is to ask: what each says of itself; workers, as the first of them tells."""
    addresses: list[str] = []
    with suppress(OSError, ValueError, LookupError):
        addresses = list(json.loads(targets.read_text())[0]["targets"])
    ready = {address: asked(f"http://{address}/health/ready") for address in addresses}
    lines = str(asked(f"http://{addresses[0]}/metrics") if addresses else "").splitlines()
    workers = sum(line.startswith(f"{WORKER_FIGURES[0]}{{") for line in lines)
    is_told = any(line.startswith(WORKER_FIGURES[1]) for line in lines)
    return {"ready": ready, "workers": workers if is_told else None}


def _part(url: str, name: str) -> dict[str, Any]:
    """Of what a program answers; empty where it does not answer, or something else."""
    told: Any = asked(url)
    found: Any = told.get(name) if hasattr(told, "get") else None
    return found or {}


def watching(prometheus: str, alertmanager: str) -> dict[str, Any]:
    """Rules that are loaded, targets that are down, alerts that fire, whether anybody is told."""
    rules, targets, alerts = (
        _part(f"{prometheus}/api/v1/{name}", "data") for name in ("rules", "targets", "alerts")
    )
    config = str(_part(f"{alertmanager}/api/v2/status", "config").get("original", ""))
    return {
        "rules": sum(len(group["rules"]) for group in rules.get("groups", [])),
        "down": [one["labels"]["job"] for one in targets.get("activeTargets", []) if one["health"] == "down"],
        "firing": [
            one["labels"]["alertname"] for one in alerts.get("alerts", []) if one["state"] == "firing"
        ],
        "tells": any(f"{way}_configs" in config for way in ("email", "webhook")),
    }


def figures(state: Path) -> dict[str, float]:
    """What programs of this host wrote for the node exporter."""
    found: dict[str, float] = {}
    for file in state.glob("ba*/*.prom"):
        with suppress(OSError, ValueError):
            lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
            found.update({name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)})
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--etc", type=Path, default=Path("/etc/ascension"))
    parser.add_argument("--state", type=Path, default=Path("/var/lib/ascension"))
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090")
    parser.add_argument("--alertmanager", default="http://127.0.0.1:9093")
    told = parser.parse_args(arguments)
    seen: dict[str, Any] = {
        "machine": machine(),
        "units": units(),
        "secrets": files(told.etc),
        "figures": figures(told.state),
    }
    with suppress(OSError, ValueError):
        seen["host"] = json.loads((told.etc / "host.json").read_text())
    if seen.get("host", {}).get("role") == "api":
        seen["api"] = replicas(told.state / "balancer/targets.json")
        seen["watching"] = watching(told.prometheus, told.alertmanager)
    print(json.dumps(seen))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
