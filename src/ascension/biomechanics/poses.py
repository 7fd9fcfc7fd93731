"""The one input of every computation here: where the body was, frame by frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class PoseSequence:
    """One body through a video. Checked here once; the functions that take it trust it.

    time_s:       (frames,) seconds since the container's start, strictly increasing
    person:       (frames,) True where a body was found
    landmarks_px: (frames, 33, 2) displayed-frame pixels, y down; NaN exactly where `person` is False
    visibility:   (frames, 33) confidence 0-1 that the landmark is seen; NaN exactly where `person` is False
    """

    time_s: FloatArray
    person: BoolArray
    landmarks_px: FloatArray
    visibility: FloatArray

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        expected = {
            "time_s": (frames,),
            "person": (frames,),
            "landmarks_px": (frames, LANDMARK_COUNT, 2),
            "visibility": (frames, LANDMARK_COUNT),
        }
        for name, shape in expected.items():
            found = getattr(self, name).shape
            if found != shape:
                raise ValueError(f"{name} has shape {found}, expected {shape}")
        if self.person.dtype != np.bool_:
            raise ValueError(f"person has dtype {self.person.dtype}, expected bool")
        if not np.all(np.isfinite(self.time_s)) or np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s must be finite and strictly increasing")
        for name in ("landmarks_px", "visibility"):
            values: FloatArray = getattr(self, name)
            missing = np.isnan(values).reshape(frames, -1)
            if np.any(np.isinf(values)) or np.any(missing != ~self.person[:, None]):
                raise ValueError(f"{name} must be finite where a person is, and NaN exactly where none is")
        seen = self.visibility[self.person]
        if np.any((seen < 0) | (seen > 1)):
            raise ValueError("visibility must lie in 0-1")

    @property
    def frame_count(self) -> int:
        return len(self.time_s)

    def torso_px(self) -> float:
        """Median distance from the middle of the shoulders to the middle of the hips: the body's ruler.

        Raises ValueError without any frame that shows a person.
        """
        if not self.person.any():
            raise ValueError("no frame shows a person, so the torso cannot be measured")
        return float(np.median(torsos_px(self.landmarks_px[self.person])))


def torsos(landmarks: FloatArray) -> FloatArray:
    """(...) from the middle of the shoulders to that of the hips of bodies (..., 33, 2), in their unit."""
    shoulders = landmarks[..., [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], :].mean(axis=-2)
    hips = landmarks[..., [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], :].mean(axis=-2)
    return np.linalg.norm(shoulders - hips, axis=-1)


def torsos_px(landmarks_px: FloatArray) -> FloatArray:
    """(...) as `torsos`, at least a pixel: lengths are divided by it."""
    return np.maximum(torsos(landmarks_px), 1.0)
