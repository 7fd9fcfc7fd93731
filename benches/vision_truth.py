"""Speed and accuracy of the analysis on the example climb, against what its renderer knew.

`python -m benches.vision_truth [--model heavy|full|lite] [--threads N] [--backend B] [--json]`; with clips as
arguments, their speed, detection and size alone.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from ascension.analyses.pipeline import analyze
from ascension.analyses.result import Result, encode
from ascension.biomechanics.conventions import MAIN_JOINTS, Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.vision.networks import BackendChoice
from ascension.vision.weights import POSE, ModelName

EXAMPLES = Path(__file__).parents[1] / "examples"
CLIP = EXAMPLES / "climb.mp4"
TRUTH = EXAMPLES / "climb_truth.npz"


@dataclass(frozen=True)
class Figures:
    """Errors are distances in the picture, in percent of that frame's true torso length."""

    model: str
    threads: int
    frames_per_s: float
    cpu_frames_per_s: float
    detection_rate_pct: float
    main_joints_mean_error_pct: float
    main_joints_median_error_pct: float
    main_joints_within_20_pct: float
    hidden_main_joints_mean_error_pct: float
    center_of_mass_mean_error_pct: float
    result_bytes_of_30_s: int


def measure(model: ModelName, threads: int, backend: BackendChoice = "auto") -> Figures:
    """Analyze the example climb and compare."""
    cpu_began = time.process_time()
    analysis = analyze(CLIP, threads=threads, model=model, backend=backend)
    cpu_s = time.process_time() - cpu_began
    return compare(analysis.result, model, threads, analysis.seconds, cpu_s)


def compare(result: Result, model: str, threads: int, seconds: float, cpu_s: float) -> Figures:
    """`result` of the first frames of the example climb, or of all of them, against the truth."""
    truth = np.load(TRUTH)
    frames = len(result.person)
    places: FloatArray = truth["landmarks_px"][:frames].astype(np.float64)
    visible = truth["visible"][:frames][:, MAIN_JOINTS]
    torso_px = _torso_px(places)
    error_pct = 100 * _distances(result.landmarks_px, places)[:, MAIN_JOINTS] / torso_px[:, None]
    center_pct = 100 * _distances(result.center_of_mass_px, truth["center_of_mass_px"][:frames]) / torso_px
    seen = result.person
    return Figures(
        model=model,
        threads=threads,
        frames_per_s=round(frames / seconds, 1),
        cpu_frames_per_s=round(frames / cpu_s, 1),
        detection_rate_pct=round(100 * float(seen.mean()), 1),
        main_joints_mean_error_pct=round(float(error_pct[seen].mean()), 2),
        main_joints_median_error_pct=round(float(np.median(error_pct[seen])), 2),
        main_joints_within_20_pct=round(100 * float((error_pct[seen] < 20).mean()), 1),
        hidden_main_joints_mean_error_pct=round(float(error_pct[seen][~visible[seen]].mean()), 2),
        center_of_mass_mean_error_pct=round(float(center_pct[seen].mean()), 2),
        result_bytes_of_30_s=round(len(encode(result)) * 30 / result.facts.video.duration_s),
    )


def _distances(found: FloatArray, true: FloatArray) -> FloatArray:
    return np.sqrt(np.sum((found - true) ** 2, axis=-1))


def _torso_px(places: FloatArray) -> FloatArray:
    shoulders = (places[:, Landmark.LEFT_SHOULDER] + places[:, Landmark.RIGHT_SHOULDER]) / 2
    hips = (places[:, Landmark.LEFT_HIP] + places[:, Landmark.RIGHT_HIP]) / 2
    return _distances(shoulders, hips)


@dataclass(frozen=True)
class ClipFigures:
    """What can be said of a clip without truth."""

    clip: str
    model: str
    threads: int
    frames: int
    frames_per_s: float
    cpu_frames_per_s: float
    detection_rate_pct: float
    mean_visibility: float
    result_bytes_of_30_s: int


def measure_clip(path: Path, model: ModelName, threads: int, backend: BackendChoice) -> ClipFigures:
    """Analyze any clip."""
    cpu_began = time.process_time()
    analysis = analyze(path, threads=threads, model=model, backend=backend)
    cpu_s = time.process_time() - cpu_began
    summary = analysis.result.facts.summary
    return ClipFigures(
        clip=path.name,
        model=model,
        threads=threads,
        frames=summary.frame_count,
        frames_per_s=round(summary.frame_count / analysis.seconds, 1),
        cpu_frames_per_s=round(summary.frame_count / cpu_s, 1),
        detection_rate_pct=summary.detection_rate_pct,
        mean_visibility=summary.mean_visibility,
        result_bytes_of_30_s=round(len(encode(analysis.result)) * 30 / summary.duration_s),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--model", choices=sorted(POSE), default="heavy")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--backend", choices=get_args(BackendChoice), default="auto")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    how = (arguments.model, arguments.threads, arguments.backend)
    measured = [asdict(measure_clip(path, *how)) for path in arguments.clips]
    for figures in measured or [asdict(measure(*how))]:
        if arguments.json:
            sys.stdout.write(json.dumps(figures) + "\n")
            continue
        for name, value in figures.items():
            sys.stdout.write(f"{name:36} {value}\n")


if __name__ == "__main__":
    main()
