"""Storage at a provider on the Internet: SeaweedFS with TLS, keys that may do no more than they need.

Its files stay in build/rehearsal/storage until the next rehearsal begins.
"""

import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import trustme

from ascension.embedded.engines import seaweedfs
from ascension.infra.storage import rights
from tests import provider
from tests.rehearsal import hosts, wires
from tests.rehearsal.wires import Wire

NAMESPACE = "asc-storage"
BUCKET, BACKUP_BUCKET = "ascension-staging", "ascension-staging-backup"
BACKUP = "ascension-backup"
GRANTED = {
    seaweedfs.API: {BUCKET: rights.API},
    seaweedfs.WORKER: {BUCKET: rights.WORKER},
    BACKUP: {BUCKET: rights.BACKUP_SOURCE, BACKUP_BUCKET: rights.BACKUP_TARGET},
}
WIRE = Wire("internet", "eth0", f"{hosts.STORAGE_IP}/24")
PORTS = {"master.port": 9343, "volume.port": 9350, "filer.port": 8898, "s3.port": 8343}
"""SeaweedFS keeps sockets in /tmp, by port: in a namespace of its own, too, it would meet another's."""
START_WITHIN_S = 60


@dataclass(frozen=True)
class Storage:
    """Where it is, and the key of each who uses it."""

    process: subprocess.Popen[bytes]
    keys: dict[str, tuple[str, str]]
    endpoint: str = f"https://{hosts.STORAGE_NAME}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        wires.run("ip", "netns", "delete", NAMESPACE, check=False)


def start(authority: trustme.CA, folder: Path) -> Storage:
    """Once it answers."""
    shutil.rmtree(folder, ignore_errors=True)
    keys = {name: (name, secrets.token_urlsafe(32)) for name in (seaweedfs.ADMIN, *GRANTED)}
    provider.lay_out(folder, authority.issue_cert(hosts.STORAGE_NAME), keys, GRANTED)
    wires.run("ip", "netns", "delete", NAMESPACE, check=False)
    wires.run("ip", "netns", "add", NAMESPACE)
    wires.inside(NAMESPACE, "ip", "link", "set", "lo", "up")
    wires.connect(NAMESPACE, WIRE)
    where = {"ip": hosts.STORAGE_IP, "s3.port.https": 443, **PORTS}
    process = provider.start(folder, where, through=("ip", "netns", "exec", NAMESPACE))
    _wait(process, folder)
    return Storage(process, keys)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Raises RuntimeError with the end of its log."""
    deadline = time.monotonic() + START_WITHIN_S
    ask = ("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", f"https://{hosts.STORAGE_IP}/")
    while "403" not in wires.run("ip", "netns", "exec", wires.INTERNET, *ask, check=False):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        time.sleep(0.5)
