"""What the checks look at, and what each of them says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from ascension.embedded.connections import api_database_url, queue_url
from ascension.embedded.engines.seaweedfs import BUCKET
from ascension.embedded.layout import Home
from ascension.embedded.record import Run
from ascension.errors.setup import SetupError
from ascension.infra.settings import Environment, RuntimeSettings, read


class Verdict(Enum):
    PASS = "pass"  # noqa: S105 (a verdict)
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Finding:
    """`asked`: of whom, what. `answered`: what came back, never a secret."""

    verdict: Verdict
    asked: str
    answered: str


@dataclass(frozen=True)
class Situation:
    """Where the platform is and how it is set up. `variables`: its environment, secrets included."""

    environment: Environment
    variables: Mapping[str, str]
    is_own: bool
    """The platform that runs on this machine, on engines that listen on loopback only."""
    backups: Path | None
    now: datetime

    @property
    def is_strict(self) -> bool:
        return self.environment in ("staging", "production")

    @property
    def database_url(self) -> str | None:
        return self.variables.get("DATABASE_URL")

    def judge(self, *, holds: bool, asked: str, answered: str) -> Finding:
        """What must hold in staging and production, and is only mentioned elsewhere."""
        lacking = Verdict.FAIL if self.is_strict else Verdict.WARN
        return Finding(Verdict.PASS if holds else lacking, asked, answered)

    def missing(self, asked: str) -> Finding:
        """Nothing is there to be asked: no platform, as far as this can be told."""
        lacking = Verdict.FAIL if self.is_strict else Verdict.NOT_APPLICABLE
        return Finding(lacking, asked, "no platform runs here, and no address of one is set")

    def unseen(self, asked: str, why: str) -> Finding:
        """Cannot be told from here: where it matters somebody has to look, and is told so."""
        return Finding(Verdict.WARN if self.is_strict else Verdict.NOT_APPLICABLE, asked, why)


def find(environ: Mapping[str, str], backups: Path | None, now: datetime) -> Situation:
    """That of the environment where it names a database, else of the platform that runs here, if one does."""
    environment = read(RuntimeSettings).environment
    if "DATABASE_URL" in environ:
        return Situation(environment, environ, is_own=False, backups=backups, now=now)
    home = Home.find(environ)
    try:
        own = {"DATABASE_URL": api_database_url(environ), "REDIS_URL": queue_url(environ)}
        secrets = home.secrets()
        own |= {"JWT_SECRET": secrets.jwt, "ACCOUNT_SECRET": secrets.account}
        if run := Run.read(home.run_file):
            own |= {"S3_ENDPOINT": f"http://127.0.0.1:{run.ports['s3']}", "S3_BUCKET": BUCKET}
    except (SetupError, OSError):
        own = {}
    return Situation(environment, {**environ, **own}, is_own=bool(own), backups=backups, now=now)


def host_of(url: str) -> str:
    """Of an address, without its password; empty: it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    return host in ("127.0.0.1", "::1", "localhost")
