"""One page, seen by the Lighthouse of `package-lock.json`, in a browser that is logged in already."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scripts.prepare import ROOT, install_node_packages, node

FOLDER: Final = Path(__file__).parent
INSTALLED: Final = ROOT / "build/bench-web"
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
LIMIT_S: Final = 180


class CannotLookError(Exception):
    """Lighthouse gave no verdict."""


@dataclass(frozen=True)
class Verdict:
    """Scores from 0 to 100, and what they come from."""

    scores: dict[str, int]
    script_kb: float
    first_paint_s: float
    largest_paint_s: float
    blocking_ms: float
    shift: float
    misses: tuple[str, ...]
    """Audits of the scored categories that are not perfect."""


def install() -> Path:
    """Lighthouse's own folder below `build/`, made anew where the lock has changed."""
    lock = (FOLDER / "package-lock.json").read_bytes()
    copy = INSTALLED / "package-lock.json"
    if not (copy.exists() and copy.read_bytes() == lock and (INSTALLED / "done").exists()):
        INSTALLED.mkdir(parents=True, exist_ok=True)
        (INSTALLED / "done").unlink(missing_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            (INSTALLED / name).write_bytes((FOLDER / name).read_bytes())
        install_node_packages(INSTALLED)
        (INSTALLED / "done").touch()
    return INSTALLED / "node_modules/lighthouse/cli/index.js"


async def look(url: str, port: int, report: Path) -> Verdict:
    """Lighthouse as it is set for phones, in the browser that listens at `port`. Raises CannotLookError."""
    npm, env = node()
    options = (
        f"--port={port}",
        f"--only-categories={','.join(CATEGORIES)}",
        "--disable-storage-reset",  # who is logged in stays so
        "--no-enable-error-reporting",
        "--output=json",
        f"--output-path={report}",
        "--quiet",
    )
    process = await asyncio.create_subprocess_exec(
        str(npm[0]), str(install()), url, *options, env=env, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), LIMIT_S)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise CannotLookError(f"{url}: no verdict within {LIMIT_S} s") from None
    if process.returncode:
        raise CannotLookError(f"{url}: {said.decode(errors='replace')[-2000:]}")
    return verdict_of(await asyncio.to_thread(lambda: json.loads(report.read_text(encoding="utf-8"))))


def verdict_of(report: dict[str, Any]) -> Verdict:
    """What is read out of a report."""
    audits, categories = report["audits"], report["categories"]
    requests = audits["network-requests"]["details"]["items"]
    scripts = [one for one in requests if one.get("resourceType") == "Script"]

    def value(name: str) -> float:
        return float(audits[name].get("numericValue") or 0)

    misses = [
        reference["id"]
        for name in CATEGORIES
        for reference in categories[name]["auditRefs"]
        if reference["weight"] and (audits[reference["id"]]["score"] or 0) < 1
        if audits[reference["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]
    return Verdict(
        {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES},
        sum(one.get("transferSize", 0) for one in scripts) / 1000,
        value("first-contentful-paint") / 1000,
        value("largest-contentful-paint") / 1000,
        value("total-blocking-time"),
        value("cumulative-layout-shift"),
        tuple(misses),
    )
