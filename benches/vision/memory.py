"""Peak memory of the analysis of a short and of a long clip.

`python -m benches.vision.memory [clip] [--seconds 30 600] [--model heavy]`. The clip is repeated, not encoded
anew, as often as fits into those seconds. Ends with 1 where the peak passes the limit of an analysis.
"""
# pyright: reportUnknownMemberType=false

import argparse
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av

from benches import child
from benches.vision.__main__ import EXAMPLE
from scripts.prepare import BUILD, PYTHON

LIMIT_MB = 700
TIMEOUT_S = 7200


def repeat(clip: Path, target: Path, seconds: float) -> float:
    """Write the clip's pictures to `target` as often as fits into `seconds`; the seconds written."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as sink:
        stream = source.streams.video[0]
        copied = sink.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        shown = [packet.pts or 0 for packet in packets]
        once_ticks = max(shown) - min(shown) + (packets[0].duration or 1)
        base = stream.time_base or Fraction(1)
        times = max(1, int(seconds / (once_ticks * base)))
        marks = [(packet, packet.pts or 0, packet.dts or 0) for packet in packets]
        for number in range(times):
            for packet, pts, dts in marks:
                packet.stream = copied
                packet.time_base = base
                packet.pts, packet.dts = pts + number * once_ticks, dts + number * once_ticks
                sink.mux(packet)
        return float(times * once_ticks * base)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--seconds", nargs="+", type=float, default=[30, 600])
    parser.add_argument("--model", default="heavy")
    parser.add_argument("--cores", type=int, default=2)
    arguments = parser.parse_args()
    worst_mb = 0.0
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        for seconds in arguments.seconds:
            long = Path(folder) / "repeated.mp4"
            written_s = repeat(arguments.clip, long, seconds)
            command = [PYTHON, "-m", "benches.vision.ours", long, Path(folder) / "poses.npz", "--whole-only"]
            try:
                figures = child.measure([*command, "--model", arguments.model], arguments.cores, TIMEOUT_S)
            except child.ChildFailed as error:
                sys.exit(f"bench: {error}")
            worst_mb = max(worst_mb, figures["peak_mb"])
            sys.stdout.write(
                f"{written_s:7.1f} s  {figures['frames']:6.0f} frames  {figures['wall_s']:7.1f} s"
                f"  peak {figures['peak_mb']:.0f} MB\n"
            )
            sys.stdout.flush()
    return 0 if worst_mb <= LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
