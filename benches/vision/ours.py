"""Our analysis of one clip, then its parts alone, in one process.

`python -m benches.vision.ours <clip> <poses.npz> [--model heavy] [--backend auto] [--whole-only]`. The caller
pins the process to some cores; as many threads are used. Prints one JSON object. First the whole analysis;
then the file decoded alone; then the same inferences alone. What the analysis takes beyond these is overhead.
"""

import argparse
import json
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import get_args

import numpy as np

from ascension.analyses.pipeline import analyze
from ascension.analyses.result import Result
from ascension.vision import networks
from ascension.vision.frame import Frame
from ascension.vision.networks import BackendChoice, Engine, Network
from ascension.vision.region import Array32, Picture
from ascension.vision.video import VideoReader
from ascension.vision.weights import POSE, ModelName, Weights


class Stopwatch:
    """Wall seconds, and processor seconds of all threads, so far and since it was made."""

    def __init__(self) -> None:
        self._began = (time.monotonic(), time.process_time())

    def spent(self, name: str) -> dict[str, float]:
        wall_s, cpu_s = time.monotonic() - self._began[0], time.process_time() - self._began[1]
        return {f"{name}wall_s": wall_s, f"{name}cpu_s": cpu_s}


class Recorded:
    """A network that notes what it was asked: how often, by shape of the batch, and one input of each."""

    def __init__(self, network: Network) -> None:
        self.side_px = network.side_px
        self.network = network
        self.counts: Counter[tuple[int, ...]] = Counter()
        self.inputs: dict[tuple[int, ...], Picture] = {}
        self._lock = threading.Lock()

    def run(self, pictures: Picture) -> dict[str, Array32]:
        with self._lock:
            self.counts[pictures.shape] += 1
            if pictures.shape not in self.inputs:
                self.inputs[pictures.shape] = pictures.copy()
        return self.network.run(pictures)


class Recorder:
    """Every network that is loaded while it listens, and the time that loading took."""

    def __init__(self) -> None:
        self.networks: list[Recorded] = []
        self.load = {"load_wall_s": 0.0, "load_cpu_s": 0.0}

    @contextmanager
    def listening(self) -> Generator[None]:
        load = Engine.load

        def noted(self: Engine, weights: Weights, *, batch: int = 1, workers: int = 1) -> Network:
            watch = Stopwatch()
            network = Recorded(load(self, weights, batch=batch, workers=workers))
            recorder.networks.append(network)
            for name, seconds in watch.spent("load_").items():
                recorder.load[name] += seconds
            return network

        recorder = self
        Engine.load = noted
        try:
            yield
        finally:
            Engine.load = load

    def repeat(self, threads: int) -> None:
        """The same inferences once more, as many at a time as there are threads, and nothing else."""
        with ThreadPoolExecutor(threads) as pool:
            asked = [
                pool.submit(one.network.run, one.inputs[shape])
                for one in self.networks
                for shape, count in one.counts.items()
                for _ in range(count)
            ]
            for answer in asked:
                answer.result()


@contextmanager
def only_every(stride: int) -> Generator[None]:
    """Readers decode every frame and leave some out: what a stride would bring, which the product has not."""
    every = VideoReader.__iter__

    def thinned(self: VideoReader) -> Iterator[Frame]:
        return islice(every(self), 0, None, stride)

    VideoReader.__iter__ = thinned
    try:
        yield
    finally:
        VideoReader.__iter__ = every


def measure(
    clip: Path, poses: Path, model: ModelName, backend: BackendChoice
) -> tuple[Recorder, dict[str, float]]:
    """The whole analysis; the time to load networks is told apart."""
    networks.choose(backend)
    recorder, watch = Recorder(), Stopwatch()
    threads = len(os.sched_getaffinity(0))
    with recorder.listening():
        found = analyze(clip, threads=threads, model=model, backend=backend).result
    spent = watch.spent("")
    figures = {name: seconds - recorder.load[f"load_{name}"] for name, seconds in spent.items()}
    _save(poses, found)
    return recorder, {"frames": len(found.person), **figures, **recorder.load, "peak_mb": peak_mb()}


def measure_parts(clip: Path, recorder: Recorder) -> dict[str, float]:
    """Decoding alone and inferences alone."""
    threads = len(os.sched_getaffinity(0))
    reading = Stopwatch()
    with VideoReader(clip, threads=threads) as video:
        frames = sum(1 for _ in video)
    decoded = reading.spent("decode_")
    thinking = Stopwatch()
    recorder.repeat(threads)
    return {"frames": frames, **decoded, **thinking.spent("model_")}


def _save(path: Path, result: Result) -> None:
    base = result.facts.video.time_base
    np.savez_compressed(
        path,
        time_s=result.time_ticks * (base[0] / base[1]),
        person=result.person,
        landmarks_px=result.landmarks_px,
        visibility=result.visibility,
    )


def peak_mb() -> float:
    """Peak resident memory of this very process; getrusage would report a larger parent's instead."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("poses", type=Path)
    parser.add_argument("--model", choices=sorted(POSE), default="heavy")
    parser.add_argument("--backend", choices=get_args(BackendChoice), default="auto")
    parser.add_argument("--whole-only", action="store_true", help="no parts alone")
    parser.add_argument("--stride", type=int, default=1)
    arguments = parser.parse_args()
    with only_every(arguments.stride):
        recorder, figures = measure(arguments.clip, arguments.poses, arguments.model, arguments.backend)
    if not arguments.whole_only:
        figures |= measure_parts(arguments.clip, recorder)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
