"""Settings, one small class per concern, read from the environment names of the staging document.

Entries (api, worker, cli) read them once; functions below take plain values.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ascension.errors.setup import SetupError

Environment = Literal["development", "test", "staging", "production"]
MIN_SECRET_CHARS = 32
WEAK_SECRET_WORDS = ("secret", "changeme", "change_me", "password", "default", "example", "jwt")
S = TypeVar("S", bound=BaseSettings)


HttpAddress = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
"""The clients of other servers raise errors of their own for anything else."""


def _names_a_queue(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("not an address of Redis or Valkey")
    return url


def _networks(listed: str | tuple[str, ...]) -> tuple[str, ...]:
    """`10.0.0.0/16, 127.0.0.1`. Not everybody's: then anyone could say where a request comes from."""
    if not isinstance(listed, str):
        return listed  # the default
    found = [ipaddress.ip_network(one.strip()) for one in listed.split(",") if one.strip()]
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("trusts everybody")
    return tuple(str(network) for network in found)


Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)]


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True)


class RuntimeSettings(_Settings):
    environment: Environment = "development"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class WatchSettings(_Settings):
    """How a manager of processes watches this one; systemd sets the first two itself."""

    notify_socket: str = ""
    watchdog_usec: int = Field(default=0, ge=0)
    alive_file: Path | None = Field(
        default=None, description="Touched every few seconds, for the check of a container."
    )


class PoolSettings(_Settings):
    database_pool_size: int = Field(default=10, ge=1, le=50)


class DatabaseSettings(PoolSettings):
    database_url: SecretStr


class RoleSettings(_Settings):
    """Of the database's roles, where they are made: elsewhere each process knows its own, inside its URL."""

    migrate_password: SecretStr
    api_password: SecretStr
    worker_password: SecretStr


class FleetSettings(_Settings):
    """How many processes share the database: only `ascension doctor` asks, to add up their connections."""

    fleet_apis: int = Field(default=1, ge=1)
    fleet_workers: int = Field(default=1, ge=0)


class ReplicaSettings(_Settings):
    """A copy of the database that answers reads which may be old: docs/decisions/0014-database.md."""

    database_replica_url: SecretStr | None = None
    database_replica_pool_size: int = Field(default=5, ge=1, le=50)
    database_replica_max_lag_s: float = Field(
        default=5, ge=1, le=600, description="A copy that is further behind is passed over."
    )


class QueueSettings(_Settings):
    redis_url: Annotated[SecretStr, AfterValidator(_names_a_queue)]


class StorageSettings(_Settings):
    s3_endpoint: HttpAddress
    s3_public_endpoint: HttpAddress | None = Field(
        default=None, description="Where browsers reach S3, when it differs from s3_endpoint."
    )
    s3_region: str = "us-east-1"
    s3_bucket: str
    aws_access_key_id: str
    aws_secret_access_key: SecretStr
    s3_write_trial_s: float = Field(
        default=60,
        ge=0,
        description="How often the API writes one byte to know that storage takes it. 0: never.",
    )


class BackupStorageSettings(_Settings):
    """The second bucket: of `ascension storage copy`, best with another provider."""

    backup_s3_endpoint: HttpAddress
    backup_s3_region: str = "us-east-1"
    backup_s3_bucket: str
    backup_aws_access_key_id: str
    backup_aws_secret_access_key: SecretStr


class ApiSettings(_Settings):
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8080, ge=1, le=65535)
    web_root: Path | None = None
    examples_root: Path | None = None
    web_origins: tuple[str, ...] = Field(
        default=("http://localhost:8080", "http://127.0.0.1:8080"),
        min_length=1,
        description="Of pages that may use the API. Links in letters lead to the first.",
    )
    secure_cookies: bool | None = Field(
        default=None, description="Cookies travel over https only. Default: in staging and production."
    )
    housekeeping_s: float = Field(default=30, gt=0)
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses and networks, with commas between, whose X-Forwarded-For is believed.",
    )
    rate_limit_factor: float = Field(
        default=1, gt=0, description="How often callers may ask, as a multiple of docs/guides/limits.md."
    )


class LanSettings(_Settings):
    """Phones in the local network, over https: docs/guides/phone.md."""

    lan: str = Field(default="", description="1: come in by this machine's address; or which address.")
    lan_port: int = Field(
        default=8443, ge=1024, le=65533, description="Of the app; storage and the first page have the next."
    )


class OverloadSettings(_Settings):
    """What one API process takes on at once; beyond it, it refuses at once instead of getting late for all.

    Why these numbers: docs/decisions/0015-overload.md.
    """

    api_max_connections: int = Field(default=8192, ge=64, description="Open connections of every kind.")
    api_max_reads: int = Field(default=64, ge=1, description="Requests that read, under way at once.")
    api_max_writes: int = Field(default=32, ge=1, description="Requests that change something.")
    api_max_storage_requests: int = Field(default=16, ge=1, description="Requests that ask the storage.")
    api_max_computed: int = Field(default=4, ge=1, description="Requests whose answer is computed.")
    api_max_per_session: int = Field(
        default=16, ge=1, description="Requests of one user's sessions under way at once."
    )
    api_wait_s: float = Field(default=1, gt=0, description="How long a request waits for its turn.")
    api_request_limit_s: float = Field(default=30, gt=0, description="Until an answer must begin.")
    api_lag_limit_s: float = Field(
        default=0.5, gt=0, description="Lateness of the event loop at which costly requests are refused."
    )
    api_max_sockets: int = Field(default=2000, ge=1, description="Live sockets of this process.")
    api_max_sockets_per_user: int = Field(default=8, ge=1, description="Of them, of one user.")


class CloudWatchSettings(_Settings):
    """Off unless a namespace is set. Credentials: the usual chain of AWS, on AWS the role of the task."""

    cloudwatch_namespace: str = Field(default="", description="Ascension, where the alarms look for it.")
    cloudwatch_endpoint: str | None = Field(default=None, description="Another address than AWS' own.")
    cloudwatch_period_s: float = Field(default=60, gt=0, description="The alarms look at minutes.")
    aws_region: str = "us-east-1"


class AccountSecretSettings(_Settings):
    account_secret: SecretStr = Field(
        description="Keys of second factors come from it: docs/guides/secrets.md says how to change it."
    )
    account_secret_previous: SecretStr = Field(
        default=SecretStr(""), description="What was made with it is still opened and recognized."
    )


class TokenSettings(AccountSecretSettings):
    jwt_secret: SecretStr
    jwt_secret_previous: SecretStr = Field(
        default=SecretStr(""), description="Tokens signed with it are good, too: before and after a rotation."
    )
    jwt_secret_previous_until: AwareDatetime | None = Field(
        default=None, description="With its zone, as 2026-11-22T12:00:00Z. Default: as long as it is set."
    )
    access_token_ttl_s: int = Field(default=15 * 60, ge=1)
    refresh_token_ttl_s: int = Field(default=30 * 24 * 3600, ge=1)
    passkey_domain: str | None = Field(
        default=None, description="That passkeys are bound to. Default: of the first of web_origins."
    )


class MailSettings(_Settings):
    """Letters leave over SMTP. Without a server none do, and a forgotten password stays forgotten."""

    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://user:password@host:587 (STARTTLS, required outside development) or smtps://...:465.",
    )
    mail_from: str = Field(
        default="", description="The address that letters come from, with or without a name."
    )
    mail_timeout_s: float = Field(default=20, gt=0, le=120)
    mail_poll_s: float = Field(
        default=5, gt=0, description="How often letters of other processes are looked for."
    )
    mail_retry_s: float = Field(default=30, gt=0, description="The first pause after a failure; it doubles.")
    mails_folder: Path | None = Field(
        default=None,
        description="Where `ascension up` keeps what was sent; shown at /mails, in development only.",
    )


class SignUpSettings(_Settings):
    """Who may make an account, and whether its e-mail has to be confirmed."""

    sign_up: Literal["open", "invitation", "closed"] = "open"
    email_verification: Literal["required", "off"] | None = Field(
        default=None, description="Default: required in staging and production, off elsewhere."
    )


class UploadSettings(_Settings):
    upload_max_bytes: int = Field(default=500_000_000, ge=1)
    upload_part_bytes: int | None = Field(
        default=None,
        ge=5 * 1024 * 1024,
        le=16 * 1000 * 1000,
        description="The same for every file. Default: chosen by the file's size.",
    )
    upload_max_unsaved: int = Field(
        default=200, ge=1, description="Videos of one user that are not saved, those being uploaded included."
    )
    upload_max_unsaved_bytes: int = Field(
        default=50_000_000_000, ge=1, description="What these may hold together, as announced."
    )
    upload_event_secret: SecretStr = Field(
        default=SecretStr(""), description="What storage's events are sent with. Empty: none are taken."
    )
    upload_ttl_s: int = Field(default=24 * 3600, ge=1)
    upload_disk: Path | None = Field(
        default=None, description="Where storage lies, if on a disk of this machine (set by `ascension up`)."
    )
    upload_disk_kept_bytes: int = Field(
        default=1_000_000_000, ge=0, description="No upload is taken that would leave less free there."
    )


class PlanSettings(_Settings):
    """What an installation sets of src/ascension/plans/rights.toml; None: as it stands there."""

    analyses_per_month_free: int | None = Field(default=None, ge=0)
    analyses_per_month_premium: int | None = Field(default=None, ge=0)
    analyses_per_month_infinity: int | None = Field(default=None, ge=0)
    saved_max_bytes_free: int | None = Field(default=None, ge=0)
    saved_max_bytes_premium: int | None = Field(default=None, ge=0)
    saved_max_bytes_infinity: int | None = Field(default=None, ge=0)


def _listed(told: str | tuple[str, ...]) -> tuple[str, ...]:
    """`price_1, price_2`."""
    return tuple(one.strip() for one in told.split(",") if one.strip()) if isinstance(told, str) else told


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class PaymentSettings(_Settings):
    """Who takes the money for plans: docs/guides/plans.md. Off: an admin sets tiers."""

    payments: Literal["off", "stripe"] = "off"
    payment_grace_s: int = Field(
        default=7 * 24 * 3600, ge=0, description="How long a plan holds whose payment failed."
    )
    stripe_api_key: SecretStr = SecretStr("")
    stripe_event_secret: SecretStr = Field(default=SecretStr(""), description="What events are signed with.")
    stripe_event_secret_previous: SecretStr = Field(
        default=SecretStr(""), description="Events signed with it are good, too: around a rotation."
    )
    stripe_prices_premium: Listed = Field(
        default=(),
        description="Ids, with commas between: what is sold now, then those of who bought earlier.",
    )
    stripe_prices_infinity: Listed = ()
    stripe_url: HttpAddress = "https://api.stripe.com"
    stripe_timeout_s: float = Field(default=8, gt=0, le=9, description="Of one of at most three attempts.")


class PrivacySettings(_Settings):
    """Who runs this installation, as its documents say, and what becomes of accounts."""

    operator_name: str = Field(default="", max_length=200, description="In the terms and the privacy notice.")
    operator_contact: str = Field(
        default="", max_length=200, description="An e-mail or an address of a page, for questions about them."
    )
    digital_consent_age: int = Field(
        default=16, ge=13, le=18, description="Who is younger needs a guardian (GDPR, article 8: 13 to 16)."
    )
    account_grace_s: int = Field(
        default=14 * 24 * 3600,
        ge=0,
        description="How long an account that is to be deleted can be kept. 0: it is erased at once.",
    )
    exports_per_day: int = Field(default=3, ge=1, description="Archives of everything, of one account.")

    @property
    def account_grace_days(self) -> int:
        """As told to people: a part of a day is promised as one."""
        return -(-self.account_grace_s // 86_400)


class RetentionSettings(_Settings):
    """How long things are kept. The days of the bucket's rules: infra/storage/lifetimes.py."""

    saved_max_moves_per_video: int = Field(
        default=20, ge=1, description="How often a day one video may be saved or given up: each is a copy."
    )
    saved_max_moves_per_user: int = Field(default=200, ge=1)
    trash_ttl_s: int = Field(
        default=30 * 24 * 3600, ge=0, description="How long what was deleted can be had back."
    )
    moved_object_grace_s: int = Field(
        default=15 * 60,
        ge=0,
        description="How long a moved video can still be read where it was: links live as long.",
    )
    deep_archive: bool = Field(
        default=False, description="The bucket moves saved videos to DEEP_ARCHIVE after 90 days."
    )
    erasure_settle_s: int = Field(
        default=300,
        ge=0,
        description="Until a removed account counts as erased: what was under way for it has ended.",
    )


class JobSettings(_Settings):
    """Times of the job protocol. A lease outlives several heartbeats, so one lost beat costs nothing."""

    job_lease_s: float = Field(default=20, gt=0)
    job_heartbeat_s: float = Field(default=4, gt=0)
    job_watch_s: float = Field(
        default=0.5, gt=0, description="How often a worker asks whether its jobs are still wanted."
    )
    job_redeliver_s: float = Field(
        default=15, gt=0, description="After that long a job that its stream has lost is delivered again."
    )
    job_redeliver_anyway_s: float = Field(
        default=3600, gt=0, description="And after that long whatever the stream seems to hold."
    )
    job_retry_delay_s: float = Field(default=5, gt=0, description="The first pause; it doubles.")
    job_retry_delay_max_s: float = Field(default=300, gt=0)
    job_max_crashes: int = Field(
        default=2, ge=1, description="How many dead children or workers one job may cost."
    )
    job_patience_s: float = Field(
        default=3600, ge=0, description="How long a job waits for a part that does not answer."
    )
    job_admitted_per_user: int = Field(default=2, ge=1)
    job_max_hopeless_per_video: int = Field(
        default=3, ge=1, description="Runs of one clip a day that may end by its own fault, at no cost."
    )
    job_max_hopeless_per_user: int = Field(default=30, ge=1, description="The same of all clips of one user.")
    job_max_repeated_per_video: int = Field(
        default=10, ge=1, description="Runs of one clip a day that are stopped, or made anew, at no cost."
    )
    job_max_repeated_per_user: int = Field(default=50, ge=1)
    job_sweep_s: float = Field(default=1, gt=0)


SandboxRule = Literal["auto", "required", "available"]


class WorkerSettings(_Settings):
    worker_concurrency: int = Field(default=1, ge=1, le=64)
    worker_compute_threads: int | None = Field(
        default=None, ge=1, description="Default: cores / concurrency."
    )
    worker_scratch: Path | None = Field(default=None, description="Default: the system's temporary folder.")
    worker_sandbox: SandboxRule = Field(
        default="auto",
        description="required: a worker does not start where the kernel cannot keep its compute children in; "
        "available: it warns. auto: required in staging and production.",
    )
    worker_spare: bool = Field(
        default=False,
        description="Let a compute child wait loaded for the next user: seconds sooner, 380 MB more.",
    )
    worker_drain_s: float = Field(
        default=5,
        ge=0,
        description="How long a worker that is stopped finishes what it runs; then it hands it back. "
        "Whoever stops it should wait 20 s longer before it kills.",
    )
    worker_metadata_url: str | None = Field(
        default=None,
        description="Of the instance metadata service, http://169.254.169.254 on EC2: "
        "the worker drains when the machine is about to be taken away. Default: not asked.",
    )
    worker_notice_margin_s: float = Field(
        default=20, ge=0, description="How long before the machine ends nothing may run any more."
    )
    job_time_limit_s: float = Field(default=1800, gt=0, description="Of one analysis.")
    job_memory_limit_mb: int = Field(default=3000, ge=256)
    light_job_time_limit_s: float = Field(
        default=300, gt=0, description="Of what reads stored results only: corrections and comparisons."
    )
    light_job_memory_limit_mb: int = Field(default=1500, ge=256)


BackendChoice = Literal["auto", "openvino", "onnx-cpu", "onnx-cuda"]


class VisionSettings(_Settings):
    vision_backend: BackendChoice = Field(
        default="auto", description="What runs the networks; auto: the fastest that works here."
    )


LanguageModelStyle = Literal["off", "anthropic", "openai", "gemini"]


class LanguageModelSettings(_Settings):
    """Who may word advice anew. Off unless a style is set; then address, model and key are needed."""

    language_model_style: LanguageModelStyle = "off"
    language_model_url: str = Field(default="", description="Base address, for example of a proxy.")
    language_model_name: str = ""
    language_model_key: SecretStr = SecretStr("")
    language_model_timeout_s: float = Field(default=20, gt=0, le=120)


def read(settings: type[S]) -> S:
    """Read one settings class; SetupError names variables that are missing or wrong, never their values."""
    try:
        return settings()
    except ValidationError as error:
        names = ", ".join(sorted({str(item["loc"][0]).upper() for item in error.errors() if item["loc"]}))
        raise SetupError(f"These environment variables are missing or not usable: {names}.") from None


def refuse_weak_secret(environment: Environment, name: str, secret: str) -> None:
    """Outside development a short or well-known secret stops the start. `name`: of its variable.

    Raises:
        SetupError: the secret has fewer than 32 characters or is built from a well-known word.
    """
    if environment in ("development", "test"):
        return
    plain = secret.lower()
    if (
        len(secret) < MIN_SECRET_CHARS
        or len(set(secret)) < 10
        or any(word in plain for word in WEAK_SECRET_WORDS)
    ):
        raise SetupError(
            f"{name} is weak: set at least 32 random characters, for example from `openssl rand -hex 32`."
        )
