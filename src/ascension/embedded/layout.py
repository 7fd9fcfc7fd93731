"""Where one embedded platform lives: its directory, secrets, ports and the account its engines run as."""

import dataclasses
import hashlib
import json
import os
import pwd
import secrets as random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ascension.errors.setup import SetupError

PROJECT_ROOT = Path(__file__).resolve().parents[3]
SYSTEM_HOMES = Path("/var/lib/ascension")
FORMER = "former"
FIRST_PORT, LAST_PORT, BLOCK_PORTS = 20_000, 29_999, 16


@dataclass(frozen=True)
class Account:
    """The system account that engines run as. `switch` is set when we are root, which PostgreSQL refuses."""

    uid: int
    gid: int
    switch: bool

    def own(self, path: Path, mode: int) -> None:
        """Give `path` to this account with exactly these permission bits."""
        path.chmod(mode)
        if self.switch:
            os.chown(path, self.uid, self.gid)


def engine_account(environ: Mapping[str, str]) -> Account:
    """Ourselves, or, for root, the account named by ASCENSION_ACCOUNT (default `nobody`)."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    name = environ.get("ASCENSION_ACCOUNT", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise SetupError(
            f"PostgreSQL refuses to run as root and there is no account {name!r}: "
            "create one (useradd --system ascension) and set ASCENSION_ACCOUNT=ascension."
        ) from None
    if entry.pw_uid == 0:
        raise SetupError(
            f"The account {name!r} is root itself: set ASCENSION_ACCOUNT to an ordinary account."
        )
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def is_reachable(path: Path) -> bool:
    """Whether any other account may walk down to `path` (every parent has its execute bit for others)."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents if parent.exists())


@dataclass(frozen=True)
class Secrets:
    """Generated once per home, kept in a file that only its owner reads, never printed."""

    postgres_admin: str = field(repr=False)
    postgres_migrate: str = field(repr=False)
    postgres_api: str = field(repr=False)
    postgres_worker: str = field(repr=False)
    valkey_admin: str = field(repr=False)
    valkey: str = field(repr=False)
    s3_admin: str = field(repr=False)
    s3_api: str = field(repr=False)
    s3_worker: str = field(repr=False)
    seaweedfs_volume_jwt: str = field(repr=False)
    seaweedfs_filer_jwt: str = field(repr=False)
    seaweedfs_filer_read_jwt: str = field(repr=False)
    jwt: str = field(repr=False)
    account: str = field(repr=False)


@dataclass(frozen=True)
class Former:
    """Secrets of before the last rotation that are still good for something; empty: none is.

    `jwt_until`: a moment as text, until when tokens signed with `jwt` are taken. `account_unsealed`:
    `account` may be all that still opens what is kept, until that is sealed with the present one.
    """

    jwt: str = field(default="", repr=False)
    jwt_until: str = ""
    account: str = field(default="", repr=False)
    account_unsealed: bool = False


@dataclass(frozen=True)
class Ports:
    """The loopback ports of one platform, all out of one block of 16."""

    base: int

    @property
    def postgres(self) -> int:
        return self.base

    @property
    def valkey(self) -> int:
        return self.base + 1

    @property
    def s3(self) -> int:
        return self.base + 2

    @property
    def seaweedfs_inner(self) -> list[int]:
        """Master, volume, filer (http and gRPC each) and the S3 gateway's gRPC port."""
        return list(range(self.base + 3, self.base + 10))

    @property
    def seaweedfs_admin(self) -> int:
        """Its gRPC port is always 10000 higher, so it stands 10000 below the block."""
        return self.base + 10 - 10_000

    @property
    def mail(self) -> int:
        return self.base + 11

    @property
    def phone_api(self) -> int:
        """Of the API that answers phones in the local network."""
        return self.base + 12

    def used(self) -> list[int]:
        """Every port that must be free before a start."""
        return [*range(self.base, self.base + 13), self.seaweedfs_admin]


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on this port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Home:
    """The state directory of one platform and the account that its engines run as."""

    path: Path
    account: Account
    programs: Path | None = None
    """Where copies of the engines' programs are kept, if not in here."""

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> "Home":
        """ASCENSION_HOME, else `.ascension` in the clone, else (root, closed clone) under /var/lib."""
        account = engine_account(environ)
        configured = environ.get("ASCENSION_HOME")
        path = Path(configured).expanduser().resolve() if configured else PROJECT_ROOT / ".ascension"
        if account.switch and not is_reachable(path):
            if configured:
                raise SetupError(
                    f"ASCENSION_HOME={configured} lies where the engines' account cannot enter: "
                    "choose another place."
                )
            digest = hashlib.sha256(str(PROJECT_ROOT).encode()).hexdigest()[:8]
            path = SYSTEM_HOMES / f"{PROJECT_ROOT.name}-{digest}"
        return cls(path, account)

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def engines(self) -> Path:
        """Copies of the engines' programs, where their account cannot reach the virtual environment."""
        return self.programs or self.path / "engines"

    @property
    def scratch(self) -> Path:
        """Clips being analyzed; emptied at every start."""
        return self.path / "scratch"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def mails(self) -> Path:
        """The letters that the platform sent, where no mail server is set."""
        return self.path / "mails"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def backups(self) -> Path:
        """What was backed up before an upgrade."""
        return self.path / "backups"

    def data(self, engine: str) -> Path:
        return self.path / engine

    def create(self) -> None:
        """Make the directories. Engines' data belongs to their account; secrets and logs stay ours.

        Raises SetupError where the place cannot be written.
        """
        passable = 0o711 if self.account.switch else 0o700
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for directory in (self.path, self.engines):
                directory.mkdir(exist_ok=True)
                directory.chmod(passable)
            self.logs.mkdir(exist_ok=True)
            self.logs.chmod(0o700)
            for engine in ("postgres", "valkey", "seaweedfs", "caddy"):
                self.data(engine).mkdir(exist_ok=True)
                self.account.own(self.data(engine), 0o700)
        except OSError as error:
            raise SetupError(f"The state directory {self.path} cannot be made: {error.strerror}.") from error

    def rotate_logs(self) -> None:
        """Begin new logs; the two earlier runs' stay as `.1` and `.2`."""
        for log in self.logs.glob("*.log"):
            older, oldest = log.with_name(log.name + ".1"), log.with_name(log.name + ".2")
            if older.exists():
                older.replace(oldest)
            log.replace(older)

    def secrets(self) -> Secrets:
        """Read the secrets, making them at the first call. Raises SetupError where the file is damaged."""
        file = self.secrets_file
        if not file.exists():
            made = Secrets(*(random.token_hex(24) for _ in dataclasses.fields(Secrets)))
            write_private(file, json.dumps(dataclasses.asdict(made), indent=1))
            return made
        try:
            known: dict[str, Any] = json.loads(file.read_text())
            names = [field.name for field in dataclasses.fields(Secrets)]
            if lacking := [name for name in names if name not in known]:  # written by an older release
                known |= {name: random.token_hex(24) for name in lacking}
                write_private(file, json.dumps(known, indent=1))
            return Secrets(**{name: known[name] for name in names})
        except (ValueError, TypeError) as error:
            raise SetupError(
                f"{file} is damaged: restore it, or remove the whole platform with `ascension reset`."
            ) from error

    def former_secrets(self) -> Former:
        """Those in the same file, where there are any. Raises SetupError where it is damaged."""
        self.secrets()
        told: dict[str, dict[str, Any]] = json.loads(self.secrets_file.read_text())
        return Former(**told.get(FORMER, {}))

    def keep_secrets(self, present: Secrets, former: Former) -> None:
        """From the next start on."""
        told = {**dataclasses.asdict(present), FORMER: dataclasses.asdict(former)}
        write_private(self.secrets_file, json.dumps(told, indent=1))

    def choose_ports(self) -> Ports:
        """The block given by this home's path, or the next one that is free. Raises SetupError if none is."""
        blocks = (LAST_PORT + 1 - FIRST_PORT) // BLOCK_PORTS
        first = int.from_bytes(hashlib.sha256(str(self.path).encode()).digest()[:4]) % blocks
        for step in range(blocks):
            ports = Ports(FIRST_PORT + (first + step) % blocks * BLOCK_PORTS)
            if all(is_free(port) for port in ports.used()):
                return ports
        raise SetupError(f"No 16 free ports next to each other between {FIRST_PORT} and {LAST_PORT}.")


def write_private(file: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    partial = file.with_name(file.name + ".new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
