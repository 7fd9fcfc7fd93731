"""What Ansible writes on a host with containers, for one host in a folder of a test."""

import hashlib
import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import trustme

from ascension.embedded.engines import seaweedfs, valkey
from ascension.infra.database.roles import API, MIGRATE, WORKER
from ascension.infra.storage import rights
from tests.platform import ROOT
from tests.rehearsal.images.ground import THERE

NAME = "staging.ascension.app"
BUCKET = "ascension-staging"
DATABASE = "ascension_staging"
BACKUP_BUCKET = "ascension-staging-backup"
BACKUP = "ascension-backup"
OUR_UID, REDIS_UID, POSTGRES_UID, STORAGE_UID = 10001, 999, 10002, 10003
CA = "/etc/ascension/ca/ca.crt"
DATABASE_NAME, QUEUE_NAME = "database.ascension.internal", "queue.ascension.internal"
STORAGE_PORT = 8333
GRANTED = {
    seaweedfs.API: {BUCKET: rights.API},
    seaweedfs.WORKER: {BUCKET: rights.WORKER},
    BACKUP: {BUCKET: rights.BACKUP_SOURCE, BACKUP_BUCKET: rights.BACKUP_TARGET},
}
PGBACKREST = """
[global]
repo1-s3-bucket={bucket}
repo1-s3-endpoint=storage
repo1-s3-region=us-east-1
repo1-s3-uri-style=path
repo1-storage-port={port}
repo1-storage-ca-file={ca}
repo1-s3-key={key}
repo1-s3-key-secret={secret}
repo1-cipher-pass={passphrase}

[ascension]
pg1-path=/var/lib/postgresql/15/main
pg1-port=5432
pg1-socket-path=/run/postgresql
pg1-user=ascension_admin
"""


@dataclass(frozen=True)
class Installation:
    """Its folder stands for /etc/ascension, /opt/ascension and /var/lib/ascension."""

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    @property
    def settings(self) -> Path:
        return self.folder / "etc"

    @property
    def home(self) -> Path:
        return self.folder / "opt"

    @property
    def compose_settings(self) -> Path:
        return self.settings / "compose.env"

    def write(self) -> None:
        """Everything but a release."""
        for name in ("ca", "tls", "nginx", "postgres", "pgbackrest/conf.d"):
            (self.settings / name).mkdir(parents=True)
        (self.folder / "balancer").mkdir()
        (self.folder / "acme").mkdir()
        shutil.copytree(ROOT / "infrastructure/host", self.home / "host")
        self.authority.cert_pem.write_to_path(self.settings / "ca/ca.crt")
        (self.settings / "nginx/name.conf").write_text(f"server_name {NAME};\n")
        shutil.copy(ROOT / "infrastructure/nginx/ascension.conf", self.settings / "nginx/site.conf")
        self._certify(self.settings / "tls/fullchain.pem", self.settings / "tls/privkey.pem", 0, NAME)
        self._write_backups(self._write_secrets())
        self._write_settings()

    def _certify(self, certificate: Path, key: Path, group: int, *names: str) -> None:
        issued = self.authority.issue_cert(*names)
        certificate.parent.mkdir(parents=True, exist_ok=True)
        certificate.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        for file in (certificate, key):
            os.chown(file, 0, group)
            file.chmod(0o640)

    def _secret(self, name: str, value: str, group: int = OUR_UID) -> None:
        file = self.settings / "credentials" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")
        os.chown(file, 0, group)
        file.chmod(0o640)

    def _write_secrets(self) -> str:
        """The secret of backups."""
        admin, migrate, api, worker, queue = (secrets.token_urlsafe(24) for _ in range(5))
        verified = f"sslmode=verify-full&sslrootcert={quote(CA, safe='')}"
        base = f"{DATABASE_NAME}:5432/{DATABASE}?{verified}"
        redis_url = f"rediss://{valkey.USER}:{queue}@{QUEUE_NAME}:6379/0?ssl_ca_certs={quote(CA, safe='')}"
        self._secret("postgres/admin_password", admin, POSTGRES_UID)
        self._secret(
            "database/database_url",
            f"postgresql://ascension_admin:{admin}@{DATABASE_NAME}:5432/postgres?{verified}",
        )
        for role, name, password in (
            (MIGRATE, "migrate", migrate),
            (API, "api", api),
            (WORKER, "worker", worker),
        ):
            self._secret(f"{name}/database_url", f"postgresql://{role}:{password}@{base}")
            self._secret(f"database/{name}_password", password)
        keys = {name: (name, secrets.token_urlsafe(24)) for name in (seaweedfs.ADMIN, *GRANTED)}
        for name, key in (("api", seaweedfs.API), ("worker", seaweedfs.WORKER)):
            self._secret(f"{name}/redis_url", redis_url)
            self._secret(f"{name}/aws_secret_access_key", keys[key][1])
        self._secret("api/jwt_secret", secrets.token_urlsafe(48))
        self._secret("api/account_secret", secrets.token_urlsafe(48))
        self._secret("storage/s3.json", json.dumps(seaweedfs.identities_of(keys, GRANTED)), STORAGE_UID)
        self._secret("storage/admin", keys[seaweedfs.ADMIN][1])
        users = valkey.ACCESS.format(
            user=valkey.USER,
            admin=valkey.ADMIN,
            user_hash=hashlib.sha256(queue.encode()).hexdigest(),
            admin_hash=hashlib.sha256(secrets.token_bytes(24)).hexdigest(),
        )
        self._secret("redis/users.acl", users.rstrip("\n"), REDIS_UID)
        folder = self.settings / "credentials"
        for name, group, *hosts in (
            ("redis", REDIS_UID, QUEUE_NAME),
            ("postgres", POSTGRES_UID, DATABASE_NAME),
            ("storage", STORAGE_UID, "storage", THERE),
        ):
            self._certify(folder / name / "tls_certificate", folder / name / "tls_key", group, *hosts)
        return keys[BACKUP][1]

    def _write_backups(self, secret: str) -> None:
        """What Ansible's role `backup` writes where containers run."""
        for name in ("aws_secret_access_key", "backup_aws_secret_access_key"):
            self._secret(f"backup/{name}", secret, POSTGRES_UID)
        state = self.folder / "backup"
        state.mkdir()
        os.chown(state, POSTGRES_UID, POSTGRES_UID)
        shutil.copy(ROOT / "infrastructure/compose/backup.json", self.settings)
        shutil.copy(ROOT / "infrastructure/backup/pgbackrest.conf", self.settings / "pgbackrest")
        values = {"bucket": BACKUP_BUCKET, "port": STORAGE_PORT, "ca": CA, "key": BACKUP, "secret": secret}
        host = self.settings / "pgbackrest/conf.d/host.conf"
        host.write_text(PGBACKREST.format(**values, passphrase=secrets.token_urlsafe(24)))
        os.chown(host, 0, POSTGRES_UID)
        host.chmod(0o640)
        storage = {"S3_ENDPOINT": f"https://storage:{STORAGE_PORT}", "AWS_CA_BUNDLE": CA}
        told = {**storage, "S3_BUCKET": BUCKET, "AWS_ACCESS_KEY_ID": BACKUP}
        told |= {"BACKUP_S3_ENDPOINT": told["S3_ENDPOINT"], "BACKUP_S3_BUCKET": BACKUP_BUCKET}
        told |= {"BACKUP_AWS_ACCESS_KEY_ID": BACKUP}
        (self.settings / "backup.env").write_text("".join(f"{k}={v}\n" for k, v in told.items()))

    def write_probe(self, email: str, password: str) -> None:
        """Who logs in when a restore is tried."""
        self._secret("backup/probe_email", email, POSTGRES_UID)
        self._secret("backup/probe_password", password, POSTGRES_UID)

    def _write_settings(self) -> None:
        shared = {
            "ENVIRONMENT": "staging",
            "S3_ENDPOINT": f"https://storage:{STORAGE_PORT}",
            "S3_PUBLIC_ENDPOINT": f"https://{THERE}:{STORAGE_PORT}",
            "AWS_CA_BUNDLE": CA,
            "S3_BUCKET": BUCKET,
        }
        api = {
            "AWS_ACCESS_KEY_ID": seaweedfs.API,
            "WEB_ORIGINS": json.dumps([f"https://{NAME}"]),
            "EMAIL_VERIFICATION": "off",
            "FLEET_APIS": "2",
        }
        host = {
            "SETTINGS": self.settings,
            "API_PORTS": "808",
            "QUEUE_ADDRESS": THERE,
            "DATABASE_ADDRESS": THERE,
            "STORAGE_ADDRESS": THERE,
            "DATABASE": DATABASE,
            "WORKER_CPUS": "2",
            "WORKER_MEMORY": "5G",
            "HOST_PROGRAMS": self.home / "host",
            "BALANCER": self.folder / "balancer",
            "BACKUP_STATE": self.folder / "backup",
            "ACME": self.folder / "acme",
        }
        for file, values in (
            ("api.env", {**shared, **api}),
            ("worker.env", {**shared, "AWS_ACCESS_KEY_ID": seaweedfs.WORKER}),
            ("compose.env", host),
        ):
            (self.settings / file).write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    def write_host(self, role: str) -> Path:
        """What release.py reads."""
        file = self.settings / f"{role}.json"
        told = {
            "role": role,
            "count": 2 if role == "api" else 1,
            "lock": role,
            "run_with": "containers",
            "home": str(self.home),
            "balancer": str(self.folder / "balancer"),
            "compose_settings": str(self.compose_settings),
            "compose": ["docker-compose"],
        }
        file.write_text(json.dumps(told))
        return file
