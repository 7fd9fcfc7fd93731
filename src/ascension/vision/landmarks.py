"""The landmark network over many crops: fixed batches on several threads, no frame waiting for another."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.vision import weights
from ascension.vision.covering import cover
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine, Network
from ascension.vision.pose import EVIDENCE, Pose, read_poses
from ascension.vision.region import Array32, Picture, Region
from ascension.vision.weights import ModelName

BATCH: Final = 2
"""Milliseconds of a core for a picture, 1, 2 or 4 at a time: OpenVINO 16.3, 14.5, 14.5; ONNX Runtime 39.0,
38.4, 38.6. Every further picture takes 15 MB."""

_RIM_PX: Final = 1
"""Little of whoever is behind others may be painted over with them."""


def load(engine: Engine, model: ModelName, *, threads: int) -> Network:
    """The network as `Landmarks` runs it, once per process."""
    return engine.load(weights.POSE[model], batch=BATCH, workers=threads)


class Landmarks:
    """`with Landmarks(...) as landmarks:`, `add` crops in any order, then `collect`.

    Memory: crops of a few batches, and 1.6 kB for each frame that was added.
    """

    def __init__(self, engine: Engine, model: ModelName, *, threads: int) -> None:
        self._network = load(engine, model, threads=threads)
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="landmarks")
        self._most_waiting = threads + 1 if threads > 1 else 0
        self._crops: list[tuple[int, Picture, Region]] = []
        self._running: deque[Future[dict[int, Pose]]] = deque()
        self._found: dict[int, Pose] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=True)

    def add(
        self, number: int, frame: Frame, region: Region, others: Sequence[NDArray[np.float64]] = ()
    ) -> None:
        """Look into `region` of frame `number`. Waits while enough is on its way; one thread is the caller's.

        others: landmarks (33, 2) of people who are in the way, painted over before the network looks
        """
        crop = frame.crop(region, self._network.side_px)
        in_crop = [region.to_crop(landmarks_px, self._network.side_px) for landmarks_px in others]
        cover(crop, in_crop, _RIM_PX)
        self._crops.append((number, crop, region))
        if len(self._crops) == BATCH:
            self._send()

    def collect(self) -> dict[int, Pose]:
        """Every pose since the last call, by frame number, however little it is to be believed."""
        if self._crops:
            self._send()
        while self._running:
            self._receive()
        found, self._found = self._found, {}
        return found

    def _send(self) -> None:
        batch, self._crops = self._crops, []
        if self._most_waiting == 0:
            self._found |= self._look(batch)
            return
        self._running.append(self._executor.submit(self._look, batch))
        if len(self._running) > self._most_waiting:
            self._receive()

    def _receive(self) -> None:
        self._found |= self._running.popleft().result()

    def _look(self, batch: list[tuple[int, Picture, Region]]) -> dict[int, Pose]:
        numbers, pictures, regions = zip(*batch, strict=True)
        poses = read_poses(self._network.run(np.stack(pictures)), list(regions), self._network.side_px)
        return dict(zip(numbers, poses, strict=True))


def stacked(poses: dict[int, Pose], frames: int) -> tuple[NDArray[np.float64], Array32, NDArray[np.float64]]:
    """(frames, 33, 2) landmarks, (frames, 33, 5) evidence, (frames,) confidence; NaN and 0 where none is."""
    landmarks_px = np.full((frames, LANDMARK_COUNT, 2), np.nan)
    evidence = np.full((frames, LANDMARK_COUNT, len(EVIDENCE)), np.nan, np.float32)
    confidence = np.zeros(frames)
    for number, pose in poses.items():
        landmarks_px[number], evidence[number] = pose.landmarks_px, pose.evidence
        confidence[number] = pose.confidence
    return landmarks_px, evidence, confidence
