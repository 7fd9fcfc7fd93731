"""The documented checklist of a deployment: fourteen items, each with what looks at it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ascension.staging import hosts, journey, storage, web
from ascension.staging.findings import Finding, Target, Verdict, judge
from ascension.staging.hosts import Everything

LOOK_WITHIN_S: Final = 60
BUCKET = (
    "`ascension storage setup --dry-run` with the keys of the storage's owner says `as wanted` for every part"
)


@dataclass(frozen=True)
class Item:
    """One line of the checklist, and all that was found on it."""

    number: int
    what: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of them; what nobody could look at is for somebody to do."""
        found = {one.verdict for one in self.findings}
        return next(
            (one for one in (Verdict.FAIL, Verdict.MANUAL, Verdict.PASS) if one in found), Verdict.MANUAL
        )


async def examine(target: Target) -> list[Item]:
    """Every item, none stopping the next. The journey comes last: it takes minutes."""
    outside = ("ports", web.ports), ("version", web.version), ("proxy", web.proxy)
    more = ("certificate", web.certificate), ("client", web.client), ("bucket", storage.setup)
    inside = asyncio.create_task(hosts.look(target.hosts))
    looks = {
        name: asyncio.create_task(_within(look, target, LOOK_WITHIN_S)) for name, look in (*outside, *more)
    }
    seen = await inside
    found = {name: await look for name, look in looks.items()}
    trip = await _within(journey.travel, target, journey.ANALYZED_WITHIN_S + LOOK_WITHIN_S)
    return [
        Item(number, what, tuple(findings))
        for number, (what, findings) in enumerate(_items(seen, found, trip), 1)
    ]


def _items(
    seen: Everything, found: dict[str, list[Finding]], trip: list[Finding]
) -> list[tuple[str, list[Finding]]]:
    """In the order and the words of the documented list."""
    bucket = [one for one in trip if "pages of" in one.text]
    walked = [one for one in trip if one not in bucket]
    return [
        ("Provision VPS instances", hosts.machines(seen)),
        ("Configure firewalls", [*found["ports"], *hosts.firewall(seen)]),
        ("Deploy PostgreSQL", hosts.part(seen, "database", "postgresql@15-main", "database")),
        ("Automated database backups", hosts.backups(seen)),
        ("Deploy Redis", hosts.part(seen, "queue", "redis-server", "api")),
        ("Deploy the API", [*found["version"], *hosts.replicas(seen)]),
        ("S3 bucket and lifecycle", [*bucket, *found["bucket"]]),
        ("AI workers", hosts.workers(seen)),
        ("nginx reverse proxy", found["proxy"]),
        ("Certificate", found["certificate"]),
        ("Client with this address", found["client"]),
        ("Whole analysis of a video", walked),
        ("Monitoring and alerting", hosts.watching(seen)),
        ("Credentials kept safely", hosts.secrets(seen)),
    ]


async def _within(
    look: Callable[[Target], Awaitable[list[Finding]]], target: Target, limit_s: float
) -> list[Finding]:
    """What it found; who does not answer, or answers something else, is found, too."""
    try:
        async with asyncio.timeout(limit_s):
            return await look(target)
    except (*web.UNREACHED, ValueError, KeyError) as error:
        return [judge(f"{target.name} does not answer as it should: {type(error).__name__}", holds=False)]
