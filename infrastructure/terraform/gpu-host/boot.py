#!/usr/bin/env python3
"""The first start of a spot worker: secrets, link, release. What fails ends it, and the log says why.

    boot.py [BOOT.JSON]        /etc/ascension/boot.json: the release, its digest, whom the link knows

Secrets are read from Parameter Store by the machine's own role, and written where only root reads them. They
never stand in what the machine was started with, nor in Terraform's state. Standard library only.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WORKERS = ("database_url", "redis_url", "aws_secret_access_key")
OTHERS = ("ca_certificate", "link_private_key")
PROGRAMS = "infrastructure/host/"
UNIT = "infrastructure/systemd/ascension-worker@.service"
WITHIN_S = 900


class BootError(Exception):
    """One sentence that says what is missing."""


def run(*command: str) -> str:
    """Raises BootError with the end of what the program said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    if done.returncode:
        raise BootError(f"`{' '.join(command[:3])}` failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def secrets(path: str, region: str) -> dict[str, str]:
    """By their names. Raises BootError: one is missing."""
    told = json.loads(
        run(
            *("aws", "ssm", "get-parameters-by-path", "--path", path, "--with-decryption"),
            *("--region", region, "--output", "json"),
        )
    )
    found = {one["Name"].rpartition("/")[2]: str(one["Value"]) for one in told["Parameters"]}
    missing = [name for name in (*WORKERS, *OTHERS) if name not in found]
    if missing:
        raise BootError(f"Parameter Store has no {', '.join(missing)} below {path}.")
    return found


def keep(file: Path, content: str, mode: int = 0o400) -> None:
    """Never readable for others, not even for a moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=mode)
    file.chmod(mode | 0o200)
    file.write_text(content.rstrip("\n") + "\n")
    file.chmod(mode)


def link(told: Mapping[str, Any], private_key: str) -> str:
    """The configuration of WireGuard; who stands behind a router speaks first, and again every 20 s."""
    lines = ["[Interface]", f"Address = {told['address']}/32", f"PrivateKey = {private_key.strip()}"]
    for name, peer in sorted(told["peers"].items()):
        lines += [
            "",
            f"# {name}",
            "[Peer]",
            f"PublicKey = {peer['public_key']}",
            f"AllowedIPs = {peer['address']}/32",
            f"Endpoint = {peer['endpoint']}",
            "PersistentKeepalive = 20",
        ]
    return "\n".join(lines)


def names(told: Mapping[str, Any]) -> str:
    """Lines of /etc/hosts: the two names that stand in addresses and certificates."""
    return "".join(f"{peer['address']} {peer['name']}\n" for _, peer in sorted(told["peers"].items()))


def unpack(archive: Path, sha256: str, root: Path) -> None:
    """Programs of the host and the worker's unit, out of the release. Raises BootError: another file."""
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        raise BootError(f"{archive.name} is not what was released.")
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = member.name.partition("/")[2]
            opened = tar.extractfile(member) if member.isfile() else None
            if opened is None:
                continue
            if name.startswith(PROGRAMS) and "/" not in name[len(PROGRAMS) :]:
                keep(root / "opt/ascension/host" / name[len(PROGRAMS) :], opened.read().decode(), 0o755)
            elif name == UNIT:
                text = opened.read().decode()
                for color in ("blue", "green"):
                    keep(root / f"etc/systemd/system/ascension-worker-{color}@.service", text, 0o644)


def boot(told: Mapping[str, Any], root: Path) -> None:
    """All of it; may be run again. `root`: / on a machine. Raises BootError."""
    found = secrets(told["parameters"], told["region"])
    for name in WORKERS:
        keep(root / "etc/ascension/credentials/worker" / name, found[name])
    keep(root / "etc/ascension/ca/ca.pem", found["ca_certificate"], 0o644)
    keep(root / "etc/wireguard/ascension.conf", link(told["link"], found["link_private_key"]))
    hosts, lines = root / "etc/hosts", names(told["link"])
    if lines not in (text := hosts.read_text() if hosts.exists() else ""):
        hosts.write_text(text + lines)
    run("systemctl", "enable", "--now", "wg-quick@ascension")
    archive = root / f"opt/ascension/bundles/ascension-{told['version']}.tar.gz"
    archive.parent.mkdir(parents=True, exist_ok=True)
    run("aws", "s3", "cp", "--quiet", "--region", told["region"], told["bundle"], str(archive))
    unpack(archive, told["sha256"], root)
    run("systemctl", "daemon-reload")
    program = str(root / "opt/ascension/host/release.py")
    run(sys.executable, program, "install", str(archive), "--sha256", told["sha256"])
    run(sys.executable, program, "roll", told["version"])
    run("systemctl", "enable", "--now", "ascension-spot")


def main(arguments: Sequence[str]) -> int:
    file = Path(arguments[0] if arguments else "/etc/ascension/boot.json")
    try:
        boot(json.loads(file.read_text()), file.parents[2])
    except (BootError, OSError, ValueError, KeyError) as error:
        print(f"boot: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
