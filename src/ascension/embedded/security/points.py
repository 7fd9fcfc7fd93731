"""All points, in the order in which they are told: the ten of the production design, then ours."""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ascension.embedded.security import engine_checks, keeping_checks, setup_checks, supply_checks
from ascension.embedded.security.situation import Finding, Situation, Verdict, host_of
from ascension.errors.setup import SetupError

NO_CLOUD: Final = "the AWS account is not asked from here"


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    finding: Finding


def _network(situation: Situation) -> Finding:
    """Whether database and queue stand at addresses that the internet cannot reach."""
    asked = "the addresses of DATABASE_URL and REDIS_URL"
    hosts = {host_of(situation.variables.get(name, "")) for name in ("DATABASE_URL", "REDIS_URL")} - {""}
    if not hosts:
        return situation.missing(asked)
    public: list[str] = []
    for host in sorted(hosts):
        try:
            found = {str(told[4][0]) for told in socket.getaddrinfo(host, None)}
        except OSError:
            return Finding(Verdict.FAIL, asked, f"{host} has no address")
        public += [f"{host} is at {one}" for one in sorted(found) if not ipaddress.ip_address(one).is_private]
    return situation.judge(
        holds=not public, asked=asked, answered="; ".join(public) or f"private: {', '.join(sorted(hosts))}"
    )


def _unseen(what: str, instead: str) -> Callable[[Situation], Finding]:
    return lambda situation: situation.unseen(what, f"{NO_CLOUD}; {instead}")


Point = tuple[str, str, Callable[[Situation], Finding]]

POINTS: Final[tuple[Point, ...]] = (
    ("P01", "Data encrypted in transit and at rest", setup_checks.connections),
    ("P02", "Secrets in a manager of secrets", supply_checks.own_secrets),
    ("P03", "Least privilege", engine_checks.database_role),
    ("P04", "Data in private networks", _network),
    ("P05", "As little traffic as needed", _unseen("security groups", "look at them in the console")),
    ("P06", "An audit log", engine_checks.audit_log),
    ("P07", "Threats are noticed", _unseen("GuardDuty", "see ascension_logins_locked_total")),
    ("P08", "Security updates", supply_checks.advisories),
    ("P09", "Common attacks are blocked", setup_checks.rates),
    ("P10", "Floods are survived", _unseen("AWS Shield", "each process refuses what is too much")),
    ("A01", "Secrets are strong", setup_checks.secrets),
    ("A02", "Session cookies", setup_checks.cookies),
    ("A03", "Debugging is off", setup_checks.debugging),
    ("A04", "Allowed origins", setup_checks.origins),
    ("A05", "Videos are decoded in a cage", setup_checks.cage),
    ("A06", "Strangers cannot read storage", engine_checks.bucket),
    ("A07", "Backups", engine_checks.backups),
    ("A08", "Who may sign up", setup_checks.sign_up),
    ("A09", "Admins have a second factor", engine_checks.admins),
    ("A10", "Proxies that are believed", setup_checks.proxies),
    ("A11", "Clocks agree", engine_checks.clock),
    ("A12", "Keys are changed", keeping_checks.keys),
    ("A13", "Storage keeps and encrypts", keeping_checks.bucket_settings),
    ("A14", "What is due goes", keeping_checks.clearing),
    ("A15", "The mail server", keeping_checks.mail_server),
    ("A16", "Letters leave", keeping_checks.letters),
)


def examine(situation: Situation) -> list[Row]:
    """Every point."""
    return examine_these(situation, POINTS)


def examine_these(situation: Situation, wanted: Iterable[Point]) -> list[Row]:
    """A setting that cannot be read fails its own point and no other."""
    rows: list[Row] = []
    for name, title, check in wanted:
        try:
            finding = check(situation)
        except SetupError as error:
            finding = Finding(Verdict.FAIL, "the settings", error.detail)
        rows.append(Row(name, title, finding))
    return rows
