"""Speed, memory and worth of every way to analyze a clip, in one interleaved run beside MediaPipe.

`python -m benches.vision [clip ...] [--all] [--rounds 3] [--json] [--write]`; else on three rendered ones.
Round after round, every row analyzes every clip once, each time in a new process; medians are printed.
Ends with 1 when a row is missing. docs/benchmarks.md says how to read the table; --write puts it there.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benches import child
from benches.environment import EnvironmentMissing
from benches.vision import peer, table
from benches.vision.accuracy import judge, read_poses
from benches.vision.rows import Figures, Measured, Row, rows
from scripts.prepare import BUILD, PYTHON, ROOT

EXAMPLE = ROOT / "examples/climb.mp4"
SCENES = ROOT / "validation/clips"
CLIPS = (EXAMPLE, SCENES / "vertical.mp4", SCENES / "dyno.mp4")
TIMEOUT_S = 3600


def run(clips: Sequence[Path], wanted: Sequence[Row], rounds: int) -> list[Measured]:
    """Every row on every clip, `rounds` times, interleaved; progress goes to standard error."""
    measured = {(clip, row): Measured(clip.stem, row) for clip in clips for row in wanted}
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        poses = Path(folder) / "poses.npz"
        for number in range(1, rounds + 1):
            for (clip, row), results in measured.items():
                sys.stderr.write(f"round {number}/{rounds}: {clip.name}, {row}: ")
                sys.stderr.flush()
                try:
                    figures = _measure(clip, row, poses)
                    sys.stderr.write(f"{figures['frames'] / figures['cpu_s']:.1f} frames/CPU-s\n")
                    results.rounds.append(figures)
                    results.accuracy = judge(read_poses(poses), _truth_of(clip), row.stride)
                except (child.ChildFailed, ValueError) as error:
                    sys.stderr.write("missing\n")
                    results.failures.append(str(error))
    return list(measured.values())


def _measure(clip: Path, row: Row, poses: Path) -> Figures:
    if row.model is None or row.backend is None:
        return peer.run_peer(clip, row.cores, poses)
    how = ("--model", row.model, "--backend", row.backend, "--stride", str(row.stride))
    command = [PYTHON, "-m", "benches.vision.ours", clip, poses, *how]
    return child.measure(command, row.cores, TIMEOUT_S)


def _truth_of(clip: Path) -> Path | None:
    """Beside the example climb and the validation scenes."""
    beside = (clip.with_name(f"{clip.stem}_truth.npz"), clip.with_suffix(".npz"))
    return next((path for path in beside if path.exists()), None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path, default=CLIPS)
    parser.add_argument("--all", action="store_true", help="every combination")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    try:
        peer.make_peer()
    except EnvironmentMissing as error:
        sys.exit(f"bench: {error}")
    clips = [clip.resolve() for clip in arguments.clips]
    measured = run(clips, rows(everything=arguments.all), arguments.rounds)
    text = json.dumps([asdict(one) for one in measured]) if arguments.json else table.render(measured)
    sys.stdout.write(f"{text}\n")
    missing = [one for one in measured if one.failures]
    for one in missing:
        sys.stderr.write(f"missing: {one.clip}, {one.row}: {one.failures[0].splitlines()[-1]}\n")
    if arguments.write and not missing:
        table.write(measured, arguments.rounds)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
