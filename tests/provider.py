"""Storage as a provider on the Internet has it: SeaweedFS with TLS, and a key for each who uses it."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import trustme

from ascension.embedded.engines import seaweedfs
from ascension.embedded.engines.programs import in_wheels
from ascension.infra.storage.rights import Rights

CERTIFICATE, PRIVATE_KEY = "cert.pem", "key.pem"
SETTINGS: Mapping[str, object] = {
    "dir": "data",
    "master.telemetry": "false",
    "webdav": "false",
    "admin.ui": "false",
    "s3.cert.file": CERTIFICATE,
    "s3.key.file": PRIVATE_KEY,
    "s3.config": seaweedfs.IDENTITIES,
    "s3.port.iceberg": 0,
    "s3.port.lance": 0,
    "s3.autoCreateBucket": "false",
}


def lay_out(
    folder: Path,
    certificate: trustme.LeafCert,
    keys: Mapping[str, tuple[str, str]],
    granted: Mapping[str, Mapping[str, Rights]],
) -> None:
    """What it starts with: an empty store, its certificate, whose keys there are and what each may do."""
    (folder / "data").mkdir(parents=True)
    (folder / seaweedfs.IDENTITIES).write_text(json.dumps(seaweedfs.identities_of(keys, granted)))
    certificate.private_key_pem.write_to_path(folder / PRIVATE_KEY)
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / CERTIFICATE, append=True)


def start(
    folder: Path, where: Mapping[str, object], *, through: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    """The process, which does not answer yet. `where`: addresses and ports; `through`: what starts it."""
    settings = {**SETTINGS, **where}
    weed = (in_wheels().weed, "-logtostderr=true", "mini")
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [*through, *weed, *(f"-{name}={value}" for name, value in settings.items())],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
