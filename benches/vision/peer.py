"""The usual method, to measure ourselves against: MediaPipe heavy in an environment of its own.

`python -m benches.vision.peer [clip ...] [--out folder]` makes the environment and the task file in
build/mediapipe and runs it over the clips, one npz of poses each; `--lock` writes its lock anew. Nothing of
it is product.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

from ascension.errors.setup import SetupError
from ascension.vision import weights
from ascension.vision.build_models import fetch_package
from benches import child, environment
from benches.environment import EnvironmentMissing
from scripts.prepare import BUILD, ROOT

HOME = BUILD / "mediapipe"
PYTHON = HOME / "venv/bin/python"
TASK = HOME / "pose_landmarker_heavy.task"
SOURCES = ROOT / "benches/mediapipe"
LOCK = SOURCES / "requirements.lock"
RUN_TIMEOUT_S = 3600
PYTHONS = ">=3.11,<3.13"
"""MediaPipe 0.10.21 has wheels for no later one."""


def run_peer(clip: Path, cores: int, poses: Path) -> dict[str, float]:
    """MediaPipe over the whole clip on that many cores: its figures; its poses are written as npz.

    Raises ChildFailed.
    """
    return child.measure([PYTHON, SOURCES / "peer.py", clip, TASK, poses], cores, RUN_TIMEOUT_S)


def make_peer() -> None:
    """Environment and task file, where they are missing or other than the lock and the weights say.

    Raises EnvironmentMissing.
    """
    landmarks = weights.POSE["heavy"]
    made_of = [
        *(path.read_bytes() for path in (LOCK, SOURCES / "task_file.py")),
        *(one.source_sha256.encode() for one in (weights.DETECTOR, landmarks)),
    ]
    fingerprint = hashlib.sha256(b"".join(made_of)).hexdigest()
    stamp = HOME / "made"
    if TASK.exists() and PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    HOME.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    environment.make(HOME, LOCK, PYTHONS, "MediaPipe")
    needs = "OpenCV does not load (Debian: apt-get install libgl1 libglib2.0-0)"
    environment.run([PYTHON, "-c", "import cv2, mediapipe"], needs)
    try:
        package = fetch_package()
    except SetupError as error:
        raise EnvironmentMissing(error.detail) from error
    networks = [package / weights.DETECTOR.source, package / landmarks.source]
    environment.run([PYTHON, SOURCES / "task_file.py", *networks, TASK], "The task file was not made")
    stamp.write_text(fingerprint)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=HOME / "poses")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--lock", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.lock:
            environment.write_lock(LOCK)
        make_peer()
        arguments.out.mkdir(parents=True, exist_ok=True)
        for clip in arguments.clips:
            poses = arguments.out / f"{clip.stem}.npz"
            figures = {"poses": str(poses), **run_peer(clip.resolve(), arguments.cores, poses.resolve())}
            sys.stdout.write(json.dumps(figures) + "\n")
    except (EnvironmentMissing, child.ChildFailed) as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
