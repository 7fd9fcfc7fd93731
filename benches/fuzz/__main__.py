"""`make fuzz-gate`: FILES broken videos, each through the real child in its cage; 1 where a rule is broken.

The rules: the parent never fails, no file takes longer than its limit, and every end is a result or a code.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ascension.errors.jobs import (
    ComputeCrashed,
    ComputeMemoryLimit,
    ComputeOutputLimit,
    ComputeTimeLimit,
    JobFailure,
)
from ascension.jobs import sandbox
from ascension.jobs.compute import Child, Limits
from benches.fuzz.mutations import broken, sources

LIMITS = Limits(time_s=60, memory_bytes=1 << 30, threads=1)
ENDED_IN_S = LIMITS.time_s + 30
"""Of one file, with the start of a child."""
DEATHS = (ComputeCrashed, ComputeMemoryLimit, ComputeOutputLimit, ComputeTimeLimit)
SHOWN = 20


@dataclass(frozen=True)
class End:
    """How one file ended. code: of the failure, or "result"; a death cost the child."""

    seed: int
    recipe: str
    code: str
    seconds: float
    is_death: bool


async def fuzz(seeds: range, whole: list[bytes], scratch: Path) -> list[End]:
    """All files, one after the other, through one child, which is replaced when it dies."""
    child = Child("ascension.coaching.compute_analysis:run", LIMITS, scratch)
    ends: list[End] = []
    try:
        for seed in seeds:
            ends.append(await _one(child, seed, whole))
            if len(ends) % 200 == 0:
                print(f"  {len(ends)} of {len(seeds)}", file=sys.stderr, flush=True)
    finally:
        await child.kill()
    return ends


async def _one(child: Child, seed: int, whole: list[bytes]) -> End:
    recipe, content = broken(seed, whole)
    video = child.folder / "video"
    await asyncio.to_thread(video.write_bytes, content)
    request: dict[str, object] = {
        "video_path": str(video),
        "result_path": str(child.folder / "result"),
        "wall_path": str(child.folder / "wall"),
        "threads": LIMITS.threads,
    }
    began_s = time.monotonic()
    try:
        await child.run(request, _unheard)
    except JobFailure as failure:
        code, is_death = failure.code, isinstance(failure, DEATHS)
    else:
        code, is_death = "result", False
    return End(seed, recipe, code, time.monotonic() - began_s, is_death)


def _unheard(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """Only the end counts."""


def report(ends: list[End]) -> Iterator[str]:
    """The table by code, and what is odd."""
    for code, count in Counter(end.code for end in ends).most_common():
        slowest_s = max(end.seconds for end in ends if end.code == code)
        yield f"{code:<24} {count:>6}   slowest {slowest_s:6.2f} s"
    deaths, late = [end for end in ends if end.is_death], [end for end in ends if end.seconds > ENDED_IN_S]
    seconds = sum(end.seconds for end in ends)
    yield f"{len(ends)} files in {seconds:.0f} s: {len(deaths)} ended the child, {len(late)} hung"
    for end in [*deaths, *late][:SHOWN]:
        yield f"  FILES=1 SEED={end.seed}: {end.code} after {end.seconds:.2f} s ({end.recipe})"


async def _main(files: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        missing = await sandbox.gaps(Path(name))
        if missing:
            print(f"Not the real cage: {sandbox.describe(missing)}")
        ends = await fuzz(range(seed, seed + files), await asyncio.to_thread(sources, Path(name)), Path(name))
    print("\n".join(report(ends)))
    return int(bool(missing) or any(end.seconds > ENDED_IN_S for end in ends))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of the first file; each next one has the next")
    told = parser.parse_args()
    sys.exit(asyncio.run(_main(told.files, told.seed)))
