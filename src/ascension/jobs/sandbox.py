"""What holds a compute child on this machine, found out by a child that tries to get out."""

import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ascension.errors.jobs import ComputeCrashed, JobFailure
from ascension.errors.setup import SandboxIncomplete
from ascension.infra.logging import get_logger
from ascension.infra.settings import Environment, SandboxRule
from ascension.jobs.cage import trial
from ascension.jobs.compute import Child, Limits

_LIMITS = Limits(time_s=30, memory_bytes=1 << 30, threads=1)


async def gaps(scratch: Path) -> dict[str, str]:
    """What a child can do that it should not, each with the part of the kernel that would refuse it.

    scratch: where the folders of children are. Raises JobFailure: the child did not get that far.
    """
    if sys.platform != "linux":
        return dict(trial.KEPT_BY)
    try:
        return await _tried(scratch)
    except ComputeCrashed:  # something else may have ended it, as when memory is short: that says nothing
        return await _tried(scratch)


async def _tried(scratch: Path) -> dict[str, str]:
    with _place(scratch) as (folder, outside):
        child = Child(f"{trial.__name__}:run", _LIMITS, folder)
        try:
            answer = await child.run({"outside_path": str(outside)}, _unheard)
        finally:
            await child.kill()
    return {name: part for name, part in trial.KEPT_BY.items() if name in answer["allowed"]}


@contextmanager
def _place(scratch: Path) -> Generator[tuple[Path, Path]]:
    """A child's folder, and a file beside it."""
    with tempfile.TemporaryDirectory(prefix="sandbox-", dir=scratch) as name:
        folder, outside = Path(name, "child"), Path(name, "outside")
        folder.mkdir()
        outside.write_bytes(b"of others")
        yield folder, outside


def _unheard(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """A trial makes no progress."""


def is_required(rule: SandboxRule, environment: Environment) -> bool:
    """Whether a worker without the whole of it may not start."""
    return rule == "required" or (rule == "auto" and environment in ("staging", "production"))


def describe(found: dict[str, str]) -> str:
    """One sentence about `gaps`."""
    parts = ", ".join(sorted(set(found.values())))
    return f"a compute child can {', '.join(found)} (missing: {parts})"


async def require(rule: SandboxRule, environment: Environment, scratch: Path) -> None:
    """Try it, and log or refuse what is missing.

    Raises:
        SandboxIncomplete: something is, and the rule or the environment asks for all.
    """
    try:
        found = await gaps(scratch)
    except JobFailure as failure:
        raise SandboxIncomplete(f"A compute child does not start in its sandbox: {failure.detail}") from None
    if not found:
        return
    if is_required(rule, environment):
        raise SandboxIncomplete(
            f"The sandbox has gaps: {describe(found)}. Run a kernel with Landlock and seccomp, and containers"
            " whose profile allows them, or set WORKER_SANDBOX=available to do without."
        )
    get_logger().warning("sandbox_incomplete", gaps=sorted(found))
