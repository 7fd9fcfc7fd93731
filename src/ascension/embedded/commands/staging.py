"""`ascension doctor --env staging`: the checklist of a deployment, for people, or as JSON for programs."""

import asyncio
import json
import os
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ascension.embedded.layout import PROJECT_ROOT
from ascension.errors.setup import SetupError
from ascension.infra.console import EXIT_UNEXPECTED, tell
from ascension.infra.settings import StorageSettings, read
from ascension.staging.checklist import Item, examine
from ascension.staging.findings import Hosts, Probe, Target, Verdict

ROLES = ("api", "database", "worker")
EXAMPLE = PROJECT_ROOT / "examples/climb.mp4"
PROGRAMS = PROJECT_ROOT / "build/deploy/bin"
INVENTORY_WITHIN_S = 60
OWNERS = {"S3_ENDPOINT", "S3_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
COLORS = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.MANUAL: "yellow"}


def tell_staging(
    url: str,
    *,
    inventory: Path | None,
    hosts: Sequence[str],
    probe: Path | None,
    authority: Path | None,
    version: str | None,
    as_json: bool,
) -> None:
    """Print what was found. Exit code 1 if an item fails. Raises SetupError: what was told cannot be used."""
    if not url.startswith("https://"):
        raise SetupError(f"{url} is no address that begins with https://: staging has no other.")
    found = asyncio.run(
        examine(
            Target(
                url=url.rstrip("/"),
                clip=EXAMPLE,
                hosts=_hosts(inventory, hosts),
                probe=probe and read_probe(probe),
                authority=authority,
                version=version,
                storage=read(StorageSettings) if os.environ.keys() >= OWNERS else None,
            )
        )
    )
    if as_json:
        tell({"url": url, "items": [_as_json(item) for item in found]})
    else:
        print_table(found)
    if any(item.verdict is Verdict.FAIL for item in found):
        raise typer.Exit(EXIT_UNEXPECTED)


def _as_json(item: Item) -> dict[str, object]:
    findings = [{"verdict": one.verdict.value, "text": one.text} for one in item.findings]
    return {"number": item.number, "what": item.what, "verdict": item.verdict.value, "findings": findings}


def print_table(items: Sequence[Item]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("", "item", "", "what was seen"):
        table.add_column(name)
    for item in items:
        verdict = f"[{COLORS[item.verdict]}]{item.verdict.value}[/]"
        texts = [
            f"[{COLORS[one.verdict]}]{escape(one.text)}[/]"
            if one.verdict is Verdict.FAIL
            else escape(one.text)
            for one in item.findings
        ]
        table.add_row(str(item.number), item.what, verdict, "\n".join(texts))
    console = Console(highlight=False)
    console.print(table)
    counts = Counter(item.verdict for item in items)
    console.print(", ".join(f"{counts[one]} {one.value}" for one in Verdict))


def read_probe(file: Path) -> Probe:
    """An e-mail and a password, a line each. Raises SetupError."""
    try:
        email, password = file.read_text().splitlines()
    except (OSError, ValueError):
        raise SetupError(f"{file} does not hold an e-mail and a password, a line each.") from None
    if file.stat().st_mode & 0o077:
        raise SetupError(f"{file} may be read by others: chmod 600 {file}")
    return Probe(email, password)


def _hosts(inventory: Path | None, named: Sequence[str]) -> Hosts:
    addresses: dict[str, list[str]] = {}
    for one in named:
        role, _, address = one.partition("=")
        if role not in ROLES or not address:
            raise SetupError(f"--host {one}: say --host api=ADDRESS; there are {', '.join(ROLES)}.")
        addresses.setdefault(role, []).append(address)
    return Hosts(addresses) if addresses else _inventoried(inventory) if inventory else Hosts()


def _inventoried(inventory: Path) -> Hosts:
    """Where and how Ansible reaches them; how is the same for all. Raises SetupError."""
    program = shutil.which("ansible-inventory", path=f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        raise SetupError("ansible-inventory is not here: run `make test-deploy` once, or name each --host.")
    password = inventory.parent / "vault-password"  # as `make staging-secrets` lays it; nothing of it is told
    opened = ("--vault-password-file", str(password)) if password.exists() else ()
    done = subprocess.run(
        [program, "--inventory", str(inventory), "--list", *opened],
        capture_output=True,
        text=True,
        timeout=INVENTORY_WITHIN_S,
        check=False,
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
        known = told["_meta"]["hostvars"]
        by_role = {role: told[role]["hosts"] for role in ROLES if told.get(role, {}).get("hosts")}
        how = known[by_role["api"][0]]
    except (ValueError, KeyError):
        raise SetupError(f"{inventory} is no inventory of ours: {done.stderr.strip()[-200:]}") from None
    key = how.get("ansible_ssh_private_key_file")
    return Hosts(
        {role: [known[host].get("ansible_host", host) for host in hosts] for role, hosts in by_role.items()},
        user=how.get("ansible_user", Hosts.user),
        ssh=(*Hosts.ssh, *(("-i", key) if key else ()), *shlex.split(how.get("ansible_ssh_common_args", ""))),
    )
