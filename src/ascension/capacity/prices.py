"""What it costs: the lists of the two documents, line by line, and ours, with where each price is from.

US dollars, us-east-1, a month of 730 hours unless a line says otherwise. Prices change: a bill is the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

MONTH_HOURS: Final = 730
Environment = Literal["staging", "staging-gpu", "production"]


@dataclass(frozen=True)
class Line:
    """One line of a list."""

    what: str
    count: float
    unit_usd: float
    source: str

    @property
    def usd(self) -> float:
        """A month."""
        return self.count * self.unit_usd


def total_usd(lines: Sequence[Line]) -> float:
    """A month."""
    return sum(line.usd for line in lines)


# --- as the documents state ---

_STAGING: Final = (
    Line("VPS-1 (API)", 1, 30, "staging.md 790"),
    Line("VPS-2 (database)", 1, 25, "staging.md 791"),
    Line("S3 storage", 1, 12, "staging.md 792"),
)
DOCUMENTED: Final[dict[Environment, tuple[Line, ...]]] = {
    "staging": _STAGING,
    "staging-gpu": (*_STAGING, Line("EC2 spot g4dn.xlarge", 1, 120, "staging.md 802")),
    "production": (
        Line("Fargate tasks (API)", 5, 50, "production.md 1150"),
        Line("RDS db.r5.large, two zones", 1, 400, "production.md 1151"),
        Line("ElastiCache cache.m5.large", 1, 200, "production.md 1152"),
        Line("EC2 spot GPU workers", 5, 120, "production.md 1153"),
        Line("S3, 50 TB", 1, 1150, "production.md 1154"),
        Line("Data transfer, 100 TB", 1, 9000, "production.md 1155"),
        Line("Load balancer", 1, 50, "production.md 1156"),
        Line("Route 53", 1, 1, "production.md 1157"),
        Line("CloudWatch", 1, 50, "production.md 1158"),
    ),
}
"""Their totals: 67, 187 and 11,701 (which production.md 1159 rounds to 11,700)."""

# --- unit prices ---

GPU_HOUR_USD: Final = 0.526  # g4dn.xlarge on demand, staging.md 85
SPOT_SAVING: Final = 0.70  # production.md 1141; 120 of 384 dollars would be 69 %
RESERVED_SAVING: Final = 0.40  # production.md 1143
STORAGE_GB_USD: Final = 0.023  # production.md 1154: 1,150 for 50,000 GB
TRANSFER_GB_USD: Final = 0.09  # production.md 1155: 9,000 for 100,000 GB
GLACIER_IR_GB_USD: Final = 0.004  # S3 price list, not looked up anew
PUT_USD: Final = 0.005 / 1000  # S3 price list, not looked up anew
GET_USD: Final = 0.0004 / 1000  # the same
CDN_STEPS_GB_USD: Final = (
    (10_000, 0.085),
    (40_000, 0.080),
    (100_000, 0.060),
    (350_000, 0.040),
    (float("inf"), 0.030),
)
"""CloudFront, United States and Europe: a stored copy of aws.amazon.com/cloudfront/pricing without a date."""
CDN_FREE_GB: Final = 1_000  # the same page


def cdn_usd(gigabytes: float) -> float:
    """A month's transfer through the CDN; from S3 to it costs nothing."""
    left, cost_usd = max(gigabytes - CDN_FREE_GB, 0), 0.0
    for size_gb, price_usd in CDN_STEPS_GB_USD:
        step_gb = min(left, size_gb)
        cost_usd += step_gb * price_usd
        left -= step_gb
    return cost_usd


# --- what users move and keep ---


@dataclass(frozen=True)
class Usage:
    """Gigabytes and requests of a month."""

    clips: float
    mean_clip_s: float
    megabytes_per_minute: float = 60
    """1080p at 30 frames/s, HEVC, as a phone's camera settings state; 130 in H.264."""
    part_megabytes: float = 8.4
    saved_share: float = 0.2
    plays_per_clip: float = 1
    months_kept: float = 12
    """How long ago the product began: what is saved stays, in the archive class after a month."""

    @property
    def uploaded_gb(self) -> float:
        """Straight to storage, free of charge."""
        return self.clips * self.mean_clip_s / 60 * self.megabytes_per_minute / 1000

    @property
    def stored_gb(self) -> float:
        """In the standard class: a day of unsaved clips, a month of saved ones."""
        return self.uploaded_gb / 30.4 + self.uploaded_gb * self.saved_share

    @property
    def archived_gb(self) -> float:
        """Saved clips older than a month."""
        return self.uploaded_gb * self.saved_share * max(self.months_kept - 1, 0)

    @property
    def transferred_gb(self) -> float:
        """To users. Results are 50 kB a clip and are in this."""
        return self.uploaded_gb * self.plays_per_clip + self.clips * 50e-6

    @property
    def puts(self) -> float:
        """Parts, opening, joining, a copy of each saved clip."""
        parts = max(self.mean_clip_s / 60 * self.megabytes_per_minute / self.part_megabytes, 1)
        return self.clips * (parts + 2 + self.saved_share)

    @property
    def gets(self) -> float:
        """By the worker and by players, which ask for ranges: about three a play."""
        return self.clips * (1 + 3 * self.plays_per_clip)

    def lines(self, *, cdn: bool) -> tuple[Line, ...]:
        """What storage and transfer cost."""
        moved_gb = self.transferred_gb
        return (
            Line("S3, standard class, GB", self.stored_gb, STORAGE_GB_USD, "production.md 1154"),
            Line("S3, archive class, GB", self.archived_gb, GLACIER_IR_GB_USD, "S3 price list"),
            Line("S3 requests that write", self.puts, PUT_USD, "S3 price list"),
            Line("S3 requests that read", self.gets, GET_USD, "S3 price list"),
            Line("Data transfer through the CDN", 1, cdn_usd(moved_gb), "CloudFront price list")
            if cdn
            else Line("Data transfer, GB", moved_gb, TRANSFER_GB_USD, "production.md 1155"),
        )


# --- ours: what the documents' list leaves out (docs/guides/capacity.md tells of each) ---

OMITTED: Final = (
    Line("NAT gateways, hours", 2 * MONTH_HOURS, 0.045, "VPC price list by cloudburn.io, February 2026"),
    Line("NAT gateways, GB (images, metrics; S3 goes by its gateway)", 500, 0.045, "the same; GB assumed"),
    Line("Public addresses, hours", 4 * MONTH_HOURS, 0.005, "the same"),
    Line(
        "Interface endpoints (ECR x 2, logs, secrets; two zones), hours",
        8 * MONTH_HOURS,
        0.01,
        "PrivateLink price list, not looked up anew",
    ),
    Line(
        "Between zones, GB (half of what database and queue say)",
        1_000,
        0.02,
        "0.01 each way, basavytix.com; GB assumed",
    ),
    Line("Read replica db.r5.large", MONTH_HOURS, 0.25, "RDS price list, not looked up anew"),
    Line("Second ElastiCache node, for the failover", 1, 200, "as production.md 1152"),
    Line(
        "Web application firewall: list, 5 rules", 1, 10, "5 and 1 each, c3x.dev; requests in the next line"
    ),
    Line("Web application firewall, million requests", 50, 0.60, "the same; requests assumed"),
    Line("Secrets", 5, 0.40, "Secrets Manager price list, not looked up anew"),
)
"""Not in here, because no price was found that is not a guess: GuardDuty, CloudTrail data events, Sentry,
copies in a second region."""


STAGING_OMITTED: Final[dict[Environment, tuple[Line, ...]]] = {
    "staging": (
        Line("Videos played, GB to users", 100, TRANSFER_GB_USD, "production.md 1155; GB assumed"),
        Line(
            "Backups: three full copies and the log, GB", 50, STORAGE_GB_USD, "production.md 1154; GB assumed"
        ),
        Line("Copies of saved videos, GB", 100, GLACIER_IR_GB_USD, "S3 price list; GB assumed"),
        Line("Name of the site, a month of a year", 1 / 12, 15, "assumed"),
    ),
    "staging-gpu": (
        Line("Disk of the GPU machine, GB", 80, 0.08, "EBS price list (gp3), not looked up anew"),
        Line(
            "Its public address, hours", MONTH_HOURS, 0.005, "VPC price list by cloudburn.io, February 2026"
        ),
        Line(
            "On demand where no spot machine can be had, a tenth of the hours",
            MONTH_HOURS / 10,
            GPU_HOUR_USD * SPOT_SAVING,
            "staging.md 85, production.md 1141; share assumed",
        ),
    ),
}
"""What the staging document's list leaves out; the second one on top of the first. Traffic of the two servers
comes with them, as providers of such servers have it."""


@dataclass(frozen=True)
class WorkerHours:
    """Machine hours of a month."""

    on_demand: float
    spot: float
    reserved: float
    """Of machines that are paid for all month, at work or not."""

    def usd(self, hour_usd: float) -> float:
        """A month, at this price on demand."""
        return hour_usd * (
            self.on_demand + self.spot * (1 - SPOT_SAVING) + self.reserved * (1 - RESERVED_SAVING)
        )


def platform_lines(usage: Usage, *, cdn: bool) -> tuple[Line, ...]:
    """All but workers: the document's fixed lines, what it leaves out, storage and transfer by use."""
    by_use = ("EC2 spot GPU workers", "S3, 50 TB", "Data transfer, 100 TB")
    fixed = tuple(line for line in DOCUMENTED["production"] if line.what not in by_use)
    return (*fixed, *OMITTED, *usage.lines(cdn=cdn))
