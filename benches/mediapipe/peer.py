"""MediaPipe's PoseLandmarker on one clip as people usually run it: OpenCV reads and resizes to 640 px.

`python peer.py <clip> <file.task> <poses.npz>`, in the peer's environment, on the cores that it is given.

Prints one JSON object (seconds, frames, peak memory). The npz holds time_s (frames,), person (frames,),
landmarks_px (frames, 33, 2) in pixels of the full displayed frame, visibility (frames, 33); NaN where nobody
was found. The landmarker looks at every frame, in VIDEO mode, on the processor, with its default thresholds.
"""
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

import json
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions, vision

LONGEST_SIDE_PX = 640
LANDMARKS = 33


@dataclass
class Clock:
    """Wall and processor seconds spent in one kind of work, all threads of the process counted."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    _began: tuple[float, float] = field(default=(0.0, 0.0), repr=False)

    def __enter__(self) -> None:
        self._began = (time.monotonic(), time.process_time())

    def __exit__(self, *_: object) -> None:
        self.wall_s += time.monotonic() - self._began[0]
        self.cpu_s += time.process_time() - self._began[1]


def main() -> None:
    clip, task, poses = (Path(argument) for argument in sys.argv[1:])
    sys.stdout.write(json.dumps(analyze(clip, task, poses)) + "\n")


def analyze(clip: Path, task: Path, poses: Path) -> dict[str, float]:
    """Run over the whole clip and write the poses; figures as printed. Loading is not in wall_s and cpu_s."""
    load, reading, model = Clock(), Clock(), Clock()
    with load:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(task), delegate=BaseOptions.Delegate.CPU),
            running_mode=vision.RunningMode.VIDEO,
        )
        landmarker = vision.PoseLandmarker.create_from_options(options)
    video = cv2.VideoCapture(str(clip))
    if not video.isOpened():
        sys.exit(f"OpenCV cannot open {clip}")
    times_ms: list[float] = []
    found: list[Any] = []
    while True:
        with reading:
            image, size_px = read_frame(video)
        if image is None:
            break
        times_ms.append(video.get(cv2.CAP_PROP_POS_MSEC))
        with model:
            found.append((landmarker.detect_for_video(image, round(times_ms[-1])), size_px))
    landmarker.close()
    save(poses, times_ms, found)
    return {
        "frames": len(found),
        "load_wall_s": load.wall_s,
        "load_cpu_s": load.cpu_s,
        "wall_s": reading.wall_s + model.wall_s,
        "cpu_s": reading.cpu_s + model.cpu_s,
        "decode_wall_s": reading.wall_s,
        "decode_cpu_s": reading.cpu_s,
        "model_wall_s": model.wall_s,
        "model_cpu_s": model.cpu_s,
        "peak_mb": peak_mb(),
    }


def read_frame(video: Any) -> tuple[Any, tuple[int, int]]:
    """The next frame, at most 640 px long, as MediaPipe takes it, and the full size (width, height)."""
    whole, frame = video.read()
    if not whole:
        return None, (0, 0)
    height, width = frame.shape[:2]
    shrink = LONGEST_SIDE_PX / max(height, width)
    if shrink < 1:
        frame = cv2.resize(frame, (round(width * shrink), round(height * shrink)))
    rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
    return Image(image_format=ImageFormat.SRGB, data=rgb), (width, height)


def save(path: Path, times_ms: list[float], found: list[Any]) -> None:
    landmarks = np.full((len(found), LANDMARKS, 2), np.nan)
    visibility = np.full((len(found), LANDMARKS), np.nan)
    for index, (result, (width, height)) in enumerate(found):
        for body in result.pose_landmarks[:1]:
            landmarks[index] = [(point.x * width, point.y * height) for point in body]
            visibility[index] = [point.visibility for point in body]
    np.savez_compressed(
        path,
        time_s=np.array(times_ms) / 1000,
        person=~np.isnan(visibility[:, 0]),
        landmarks_px=landmarks,
        visibility=visibility,
    )


def peak_mb() -> float:
    """Peak resident memory of this very process; getrusage would report a larger parent's instead."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else float("nan")


if __name__ == "__main__":
    main()
