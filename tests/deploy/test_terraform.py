"""The module of a GPU host: form, types, what it plans; and the programs that it starts a machine with."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.deploy.tools import WITHIN_S, tool
from tests.platform import ROOT

MODULE = ROOT / "infrastructure/terraform/gpu-host"
MIRRORS = ("/opt/tf-plugins", "/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins")
SECRETS = {
    "database_url": "postgresql://w:one@database.ascension.internal",
    "redis_url": "rediss://w:two@queue.ascension.internal",
    "aws_secret_access_key": "three",
    "ca_certificate": "-----BEGIN CERTIFICATE-----\nfour\n-----END CERTIFICATE-----",
    "link_private_key": "five=",
}


def environment(folder: Path) -> dict[str, str]:
    """Terraform's, with the mirror of providers where this machine has one."""
    places = [os.environ.get("TF_PLUGIN_MIRROR", ""), *MIRRORS]
    mirror = next((place for place in places if place and Path(place).is_dir()), None)
    config = "disable_checkpoint = true\n" + (
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
        if mirror
        else ""
    )
    (folder / "terraformrc").write_text(config)
    ours = {
        "TF_CLI_CONFIG_FILE": str(folder / "terraformrc"),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
    }
    return {**os.environ, **ours}


@pytest.mark.proves("M74")
def test_the_module_is_well_formed_and_plans_what_it_says(tmp_path: Path) -> None:
    module = tmp_path / "gpu-host"
    shutil.copytree(MODULE, module)
    for words in (("fmt", "-check", "-recursive"), ("init", "-input=false"), ("validate",), ("test",)):
        done = subprocess.run(
            [tool("terraform"), *words, *(() if words[0] == "fmt" else ("-no-color",))],
            cwd=module,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        assert done.returncode == 0, f"terraform {words[0]}: {done.stdout[-3000:]}"


def bundle(folder: Path) -> tuple[Path, str]:
    """A release that tells what it was asked; where it is, and its digest."""
    files = {
        "infrastructure/host/release.py": "import sys; print('release', *sys.argv[1:])",
        "infrastructure/systemd/ascension-worker@.service": "[Service]\n",
        "src/ascension/api.py": "",
    }
    archive = folder / "bundle.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"ascension-0.2.0/{name}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return archive, hashlib.sha256(archive.read_bytes()).hexdigest()


def machine(folder: Path, secrets: dict[str, str]) -> tuple[Path, dict[str, str], str]:
    """The root of a new machine, and the programs around it, which write down how they were called."""
    archive, digest = bundle(folder)
    (folder / "bin").mkdir()
    (folder / "parameters.json").write_text(
        json.dumps(
            {"Parameters": [{"Name": f"/a/{name}", "Value": value} for name, value in secrets.items()]}
        )
    )
    (folder / "bin/aws").write_text(
        f'#!/bin/sh\necho "aws $*" >> {folder}/calls\n'
        f'case "$1" in ssm) cat {folder}/parameters.json;; '
        f'*) for last; do :; done; cp {archive} "$last";; esac\n'
    )
    (folder / "bin/systemctl").write_text(f'#!/bin/sh\necho "systemctl $*" >> {folder}/calls\n')
    for program in ("aws", "systemctl"):
        (folder / "bin" / program).chmod(0o755)
    root = folder / "root"
    (root / "etc/ascension").mkdir(parents=True)
    peer = {"name": "queue.ascension.internal", "address": "10.0.1.10", "endpoint": "198.51.100.10:51820"}
    other = {**peer, "name": "database.ascension.internal", "address": "10.0.1.20"}
    told = {
        "version": "0.2.0",
        "bundle": "s3://releases/ascension-0.2.0.tar.gz",
        "sha256": digest,
        "parameters": "/a",
        "region": "us-east-1",
        "link": {
            "address": "10.0.1.40",
            "peers": {"queue": {**peer, "public_key": "q="}, "database": {**other, "public_key": "d="}},
        },
    }
    (root / "etc/ascension/boot.json").write_text(json.dumps(told))
    return root, {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}, digest


def boot(root: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, MODULE / "boot.py", root / "etc/ascension/boot.json"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_start_brings_secrets_link_and_release(tmp_path: Path) -> None:
    root, environ, digest = machine(tmp_path, SECRETS)
    for _ in range(2):  # may be run again
        done = boot(root, environ)
        assert done.returncode == 0, done.stderr
    secret = root / "etc/ascension/credentials/worker/database_url"
    assert secret.read_text() == f"{SECRETS['database_url']}\n"
    assert secret.stat().st_mode & 0o777 == 0o400
    link = root / "etc/wireguard/ascension.conf"
    assert link.stat().st_mode & 0o777 == 0o400
    assert link.read_text().count("[Peer]") == 2
    assert (root / "etc/hosts").read_text().splitlines() == [
        "10.0.1.20 database.ascension.internal",
        "10.0.1.10 queue.ascension.internal",
    ]
    assert {file.name for file in (root / "etc/systemd/system").iterdir()} == {
        "ascension-worker-blue@.service",
        "ascension-worker-green@.service",
    }
    calls = (tmp_path / "calls").read_text()
    assert "systemctl enable --now ascension-spot" in calls
    assert not any(value in calls for value in SECRETS.values())

    told = json.loads((root / "etc/ascension/boot.json").read_text())
    (root / "etc/ascension/boot.json").write_text(json.dumps({**told, "sha256": digest[::-1]}))
    refused = boot(root, environ)
    assert (refused.returncode, refused.stderr) == (
        1,
        "boot: ascension-0.2.0.tar.gz is not what was released.\n",
    )


def test_a_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    root, environ, _ = machine(
        tmp_path, {name: value for name, value in SECRETS.items() if name != "redis_url"}
    )
    refused = boot(root, environ)
    assert refused.returncode == 1
    assert refused.stderr == "boot: Parameter Store has no redis_url below /a.\n"


@pytest.fixture
def metadata() -> Iterator[tuple[str, list[str]]]:
    """A machine's metadata: no notice for the first question, then one."""
    asked = list[str]()

    class Answers(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self._say(200, b"token")

        def do_GET(self) -> None:
            asked.append(self.headers["X-aws-ec2-metadata-token"])
            self._say(404 if len(asked) == 1 else 200, b'{"action": "terminate"}')

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_workers_are_stopped_when_the_machine_is_taken_back(
    metadata: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = metadata
    _, environ, _ = machine(tmp_path, SECRETS)
    subprocess.run([sys.executable, MODULE / "spot.py", address], env=environ, check=True, timeout=30)
    assert asked == ["token", "token"]
    assert (tmp_path / "calls").read_text() == (
        "systemctl stop ascension-worker-blue@* ascension-worker-green@*\n"
    )
