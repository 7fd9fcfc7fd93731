"""The tables of docs/benchmarks.md, and what they were measured on."""

import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scripts.prepare import ROOT

PAGE: Final = ROOT / "docs/benchmarks.md"


def put(table: str, name: str) -> None:
    """Replace the table of this name in docs/benchmarks.md."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), table, name), encoding="utf-8")


def with_table(page: str, table: str, name: str = "table") -> str:
    """The page with another table between its marks, all else as it was."""
    between = re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
    return between.sub(lambda _: f"\n{table}\n", page)


def provenance(rounds: int) -> str:
    """Commit, day, machine and number of rounds in one sentence."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    name = re.search(r"model name\s*:\s*(.+)", cpu)
    amx = "with AMX" if "amx_bf16" in cpu else "without AMX"
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    commit = done.stdout.strip() or "unknown"
    day = datetime.now(UTC).date().isoformat()
    processor = name[1].strip() if name else platform.machine()
    return (
        f"Commit `{commit}`, {day}, {processor} {amx}, Python {platform.python_version()}, {rounds} rounds."
    )
