"""Staging on the hosts of the rehearsal, installed by the playbook that installs it anywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import trustme

from ascension.embedded.engines import seaweedfs
from tests.rehearsal import hosts, pager, storage, wires
from tests.rehearsal.hosts import API, DATABASE, KEY, MACHINES, NAME, PLACE, PROXY, ROOT, WORKER
from tests.rehearsal.storage import BACKUP, BACKUP_BUCKET, BUCKET, Storage

FIRST, SECOND = "0.0.1", "0.0.2"
"""One commit as two releases."""
LINKS = ("wireguard", "tunnel", "allow_list")
INVENTORY = PLACE / "inventory"
AUTHORITY = PLACE / "authority.pem"
"""Whom everybody on this Internet trusts; it signed for the site and for storage."""
PLAYBOOKS = ROOT / "infrastructure/ansible"
PROGRAMS = ROOT / "build/deploy/bin"
INSTALL_WITHIN_S = 2400
CHANGED = re.compile(r"^(\S+) +: .* changed=(\d+) ", re.MULTILINE)
"""What a playbook tells of each host at its end."""


def build(link: str) -> Storage:
    """From nothing to a platform that serves; the storage that has to be stopped at the end."""
    shutil.rmtree(INVENTORY, ignore_errors=True)
    hosts.up()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(AUTHORITY)
    for machine in MACHINES:
        trust(machine)
    running = storage.start(authority, PLACE / "storage")
    set_up_buckets(running)
    wires.run(PROGRAMS / "python", "vault.py", INVENTORY, folder=PLAYBOOKS)
    certificate = authority.issue_cert(NAME)
    certificate.private_key_pem.write_to_path(INVENTORY / "site.key")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(INVENTORY / "site.pem", append=True)
    for version in (FIRST, SECOND):
        wires.run(sys.executable, "scripts/bundle.py", version, "--changes", folder=ROOT, within_s=300)
    write_inventory(running, link)
    return running


def trust(machine: hosts.Machine) -> None:
    """As if the authority were in Debian's list."""
    pem = AUTHORITY.read_text()
    place = "/usr/local/share/ca-certificates/internet.crt"
    machine.execute("sh", "-c", f"printf '%s' '{pem}' > {place} && update-ca-certificates")


def set_up_buckets(running: Storage) -> None:
    """As an operator does, with the key that may."""
    key_id, secret = running.keys[seaweedfs.ADMIN]
    environment = {
        **os.environ,
        "AWS_CA_BUNDLE": str(AUTHORITY),
        "S3_ENDPOINT": running.endpoint,
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "WEB_ORIGINS": json.dumps([f"https://{NAME}"]),
    }
    command = [*INSIDE, str(ROOT / ".venv/bin/ascension"), "storage", "setup"]
    for bucket, option in ((BUCKET, "--no-archive"), (BACKUP_BUCKET, "--backup")):
        subprocess.run(
            [*command, option],
            env=environment | {"S3_BUCKET": bucket},
            timeout=120,
            check=True,
            stdout=subprocess.DEVNULL,
        )


INSIDE = ("ip", "netns", "exec", wires.INTERNET)


def write_inventory(running: Storage, link: str) -> None:
    """What an operator writes: hosts, settings, secrets."""
    addresses = {
        "api": {
            "vps-1": {
                "ansible_host": API.address,
                "private_address": "10.0.0.10",
                "link_address": "10.0.1.10",
            }
        },
        "database": {
            "vps-2": {
                "ansible_host": DATABASE.address,
                "private_address": "10.0.0.20",
                "link_address": "10.0.1.20",
            }
        },
        "worker": {"gpu-1": {"ansible_host": WORKER.address, "link_address": "10.0.1.30"}},
    }
    children = {group: {"hosts": members} for group, members in addresses.items()}
    write(INVENTORY / "hosts.yml", {"staging": {"children": children}})
    settings = {  # of what stands in the vault, too, these are taken: their file is read later
        "ansible_user": "root",
        "ansible_ssh_private_key_file": str(KEY),
        "ansible_ssh_common_args": " ".join(hosts.SSH_OPTIONS),
        "admin_addresses": [wires.ADMIN_IP, wires.HOME_ADMIN_IP],
        "admin_keys": [KEY.with_suffix(".pub").read_text().strip()],
        "worker_addresses": [wires.ROUTER_IP],
        "worker_link": link,
        "domain": NAME,
        "certificate": "given",
        "certificate_file": str(INVENTORY / "site.pem"),
        "certificate_key_file": str(INVENTORY / "site.key"),
        "api_settings": {"EMAIL_VERIFICATION": "off", "SIGN_UP": "open"},  # nobody carries letters here
        "monitoring_grafana": False,  # its repository is not within reach
        "monitoring_webhook_url": pager.URL,
        "package_environment": {
            "HTTPS_PROXY": PROXY,
            "UV_CACHE_DIR": hosts.WHEELS,
            "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        },
        "s3_endpoint": running.endpoint,
        "s3_bucket": BUCKET,
        "s3_key_id_api": running.keys[seaweedfs.API][0],
        "s3_key_id_worker": running.keys[seaweedfs.WORKER][0],
        "s3_secret_api": running.keys[seaweedfs.API][1],
        "s3_key_id_backup": running.keys[BACKUP][0],
        "s3_secret_backup": running.keys[BACKUP][1],
        "s3_secret_worker": running.keys[seaweedfs.WORKER][1],
    }
    write(INVENTORY / "group_vars/staging/settings.yml", settings)


def write(file: Path, content: Any) -> None:
    """JSON is YAML."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2))


def install(version: str, *options: str) -> str:
    return playbook("site.yml", version, *options)


def release(version: str) -> str:
    return playbook("release.yml", version)


def playbook(name: str, version: str, *options: str) -> str:
    """What it printed. Raises RuntimeError with the end of it."""
    command = [
        *(*INSIDE, str(PROGRAMS / "ansible-playbook"), name, "-i", str(INVENTORY / "hosts.yml")),
        *("--vault-password-file", str(INVENTORY / "vault-password"), "-e", f"version={version}", *options),
    ]
    return wires.run(*command, folder=PLAYBOOKS, within_s=INSTALL_WITHIN_S)
