"""From inside: what a program on each host saw, asked by ssh and judged here."""

import asyncio
import json
import shlex
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from ascension.staging.findings import Finding, Hosts, Seen, judge, manual

WITHIN_S: Final = 60
BACKUP_WITHIN_H: Final = 26
SYSTEMS: Final = ("Debian GNU/Linux 12", "Ubuntu 22.04", "Ubuntu 24.04")
SMALLEST_BYTES: Final = {"api": 3.5e9, "database": 3.5e9, "worker": 7e9}
"""The documents' 4 GB, less what firmware and kernel keep; a worker's 16, of which half will do."""
HOW = "name the hosts, for ssh: --inventory FILE, or --host api=ADDRESS"
Everything = Mapping[str, Sequence[tuple[str, Seen | str]]]
"""By role: the address, and what was seen there or why nothing was."""


async def look(hosts: Hosts) -> Everything:
    """All hosts at once."""
    found = await asyncio.gather(*(_ask(hosts, address) for _, address in hosts.all))
    seen: dict[str, list[tuple[str, Seen | str]]] = {}
    for (role, address), told in zip(hosts.all, found, strict=True):
        seen.setdefault(role, []).append((address, told))
    return seen


async def _ask(hosts: Hosts, address: str) -> Seen | str:
    """What it told; a sentence where it told nothing."""
    command = [*hosts.ssh, f"{hosts.user}@{address}", shlex.join(hosts.program)]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        told, complaint = await asyncio.wait_for(process.communicate(), WITHIN_S)
    except TimeoutError:
        process.kill()
        return f"does not answer within {WITHIN_S} s"
    try:
        return dict(json.loads(told))
    except ValueError:
        lines = complaint.decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "tells nothing"


def machines(seen: Everything) -> list[Finding]:
    if not seen:
        return manual(f"three hosts as documented answer by ssh; or {HOW}")
    found: list[Finding] = []
    for role, hosts in seen.items():
        for address, told in hosts:
            if isinstance(told, str):
                found.append(judge(f"{role} {address}: {told}", holds=False))
                continue
            machine = told["machine"]
            memory = machine["memory_bytes"]
            fits = machine["system"].startswith(SYSTEMS) and memory >= SMALLEST_BYTES.get(role, 0)
            found.append(
                judge(
                    f"{role}: {machine['system']}, {machine['processors']} processors, {memory / 1e9:.1f} GB,"
                    f" {machine['disk_free_share']:.0%} of the disk free",
                    holds=fits and machine["disk_free_share"] > 0.1,
                )
            )
    return found


def firewall(seen: Everything) -> list[Finding]:
    return [
        judge(f"{role}: ascension-firewall is {state}", holds=state == "active")
        for role, told in _told(seen)
        if (state := told["units"].get("ascension-firewall"))
    ]


def part(seen: Everything, name: str, unit: str, role: str) -> list[Finding]:
    """Database or queue: what replicas say of it, and its program on its host."""
    found: list[Finding] = []
    for _, told in _told(seen, "api"):
        for address, ready in told.get("api", {}).get("ready", {}).items():
            is_ok = bool(ready) and ready["parts"][name]["ok"]
            found.append(judge(f"{address}: {name} {'answers' if is_ok else 'does not answer'}", holds=is_ok))
    for _, told in _told(seen, role):
        if told.get("host", {}).get("run_with") != "containers" and told["units"]:
            state = told["units"].get(unit, "unknown")
            found.append(judge(f"{unit} is {state}", holds=state == "active"))
    return found or manual(
        f"`curl http://127.0.0.1:8080/health/ready` on the API's host says ok for {name}; or {HOW}"
    )


def backups(seen: Everything) -> list[Finding]:
    found: list[Finding] = []
    for _, told in _told(seen, "database"):
        figures = told["figures"]
        newest = figures.get("ascension_backup_newest_seconds")
        if newest is None:
            found.append(judge("nothing tells of a backup", holds=False))
            continue
        age_h = (time.time() - newest) / 3600
        found.append(judge(f"the newest is {age_h:.1f} h old", holds=age_h < BACKUP_WITHIN_H))
        failed = sorted(
            name for name, value in figures.items() if name.startswith("ascension_backup_failed") and value
        )
        found += [
            judge(f"failed when last tried: {name.partition('=')[2].strip('}')}", holds=False)
            for name in failed
        ]
    return found or manual(
        f"`backup.py status` on the database's host: the newest is under 26 h old; or {HOW}"
    )


def replicas(seen: Everything) -> list[Finding]:
    found: list[Finding] = []
    for _, told in _told(seen, "api"):
        ready = told.get("api", {}).get("ready", {})
        versions = {str(one["version"]) for one in ready.values() if one}
        wanted = told.get("host", {}).get("count", 0)
        is_whole = len(ready) == wanted and all(ready.values()) and len(versions) == 1
        found.append(
            judge(f"{len(ready)} of {wanted} replicas are asked, version {_listed(versions)}", holds=is_whole)
        )
    return found


def workers(seen: Everything) -> list[Finding]:
    found = [
        judge(
            "workers are not told, the database is away" if count is None else f"{count} workers report",
            holds=bool(count),
        )
        for _, told in _told(seen, "api")
        for count in [told.get("api", {}).get("workers")]
    ]
    return found or manual(f"`/operator` shows the workers that report; or {HOW}")


def watching(seen: Everything) -> list[Finding]:
    found: list[Finding] = []
    for _, told in _told(seen, "api"):
        state = told.get("watching", {})
        found += [
            judge(f"{state.get('rules', 0)} alerts are loaded", holds=state.get("rules", 0) > 0),
            judge(
                "alerts are sent to somebody" if state.get("tells") else "alerts reach nobody",
                holds=bool(state.get("tells")),
            ),
        ]
        found += [judge(f"does not answer Prometheus: {job}", holds=False) for job in state.get("down", ())]
        found += [judge(f"fires now: {name}", holds=False) for name in sorted(set(state.get("firing", ())))]
    return found or manual(
        f"`http://127.0.0.1:9090/alerts` on the API's host shows all, and none fires; or {HOW}"
    )


def secrets(seen: Everything) -> list[Finding]:
    found: list[Finding] = []
    for role, told in _told(seen):
        files = told["secrets"]
        others = files["open"] + files["in_settings"]
        text = f"{role}: {files['count']} secrets, each a file of its own"
        found.append(
            judge(f"{role}: readable for others: {_listed(others)}" if others else text, holds=not others)
        )
    return found or manual(
        f"secrets are in the vault and in /etc/ascension/credentials, mode 0400, nowhere else; or {HOW}"
    )


def _told(seen: Everything, role: str | None = None) -> list[tuple[str, Seen]]:
    """Hosts that told something."""
    return [
        (one, told)
        for one, hosts in seen.items()
        for _, told in hosts
        if one == (role or one) and not isinstance(told, str)
    ]


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
