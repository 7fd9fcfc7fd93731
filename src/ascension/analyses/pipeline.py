"""From a video file to a result: frames, poses, arithmetic, bytes. No database, no storage, no network.

`run` is what the worker's child process calls; `analyze` is the same for everything else.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

import numpy as np

from ascension import __version__
from ascension.analyses import result
from ascension.analyses.cautions import caution_of
from ascension.analyses.choices import Choices
from ascension.analyses.columns import IntArray
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Result
from ascension.analyses.skeleton import Skeleton, people_of, pointed_at, skeleton_of
from ascension.analyses.wall import OnWall, WallWatch
from ascension.biomechanics import filtering
from ascension.biomechanics.balance import center_of_mass_px, seen_mass_pct
from ascension.biomechanics.conventions import MAIN_JOINTS, VISIBLE
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import PoseSequence
from ascension.errors.jobs import NobodyClimbs, NobodyInTheBox, NobodyInTheDark
from ascension.vision import gate, landmarks, networks, weights
from ascension.vision.appearance import Appearance, AppearanceMeter
from ascension.vision.frame import Frame
from ascension.vision.memory import map_large
from ascension.vision.networks import BackendChoice, Engine
from ascension.vision.pose import PERSON_THRESHOLD
from ascension.vision.reading import OnFrame, Reading, read_clip
from ascension.vision.region import Region
from ascension.vision.thumbnail import Thumbnail
from ascension.vision.video import VideoInfo
from ascension.vision.weights import ModelName, sha256_of

ReportProgress = Callable[[str, int, dict[str, float]], None]
"""Stage, percent of the whole analysis, figures of this moment with their unit in the name."""


def unheard(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    """For those who only want the result."""


_REPORT_EVERY_S: Final = 0.25
_POSES_PCT: Final = 95
"""Finding poses is nearly all of the work: it ends at this percentage."""

_FEWEST_SEEN: Final = 3
_MODEL: Final = "heavy"


@dataclass(frozen=True)
class Analysis:
    """A result, what it took, and the picture of the wall without the climber, if one could be made.

    covered_wall_webp: the same with heads covered, for others; thumbnail: a small one of the climb
    """

    result: Result
    seconds: float
    wall_webp: bytes | None = None
    covered_wall_webp: bytes | None = None
    thumbnail: Thumbnail | None = None

    def summary(self) -> dict[str, object]:
        """The result's own summary, the size of its pictures and the run's speed, ready for JSON."""
        facts = self.result.facts.summary
        return {
            **facts.model_dump(),
            **self.result.facts.video.model_dump(include={"width_px", "height_px"}),
            "analyze_s": round(self.seconds, 2),
            "frames_per_s": round(facts.frame_count / self.seconds, 1),
        }


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, dict[str, object]]:
    """Analyze `video_path` with `threads` threads, write the result's bytes to `result_path`.

    Optional: `backend`, see vision.networks; `choices`, see analyses.choices; `wall_path` for the picture of
    the wall, `covered_wall_path` for the one with heads covered, `thumbnail_path` for a small one of the
    climb, each written when there is one. Returns {"summary": {...}}, and how large the thumbnail is.
    Without `video_path`: loads what every analysis needs, and returns nothing.
    Raises a JobFailure that names what is wrong with the video.
    """
    threads, backend = request["threads"], request.get("backend", "auto")
    if not isinstance(threads, int):
        raise TypeError(f"threads must be a whole number, not {threads!r}")
    if backend not in get_args(BackendChoice):
        raise ValueError(f"{backend!r} is no backend")
    if "video_path" not in request:
        _load(cast("BackendChoice", backend), threads)
        return {}
    analysis = analyze(
        Path(str(request["video_path"])),
        threads=threads,
        backend=cast("BackendChoice", backend),
        choices=Choices.model_validate(request.get("choices") or {}),
        with_pictures="covered_wall_path" in request,
        on_progress=report_progress,
    )
    small = analysis.thumbnail
    pictures = {
        "wall_path": analysis.wall_webp,
        "covered_wall_path": analysis.covered_wall_webp,
        "thumbnail_path": small and small.webp,
    }
    for name, picture in pictures.items():
        if picture is not None and name in request:
            Path(str(request[name])).write_bytes(picture)
    data = result.encode(analysis.result)
    Path(str(request["result_path"])).write_bytes(data)
    summary: dict[str, object] = {**analysis.summary(), "result_bytes": len(data)}
    if small is None:
        return {"summary": summary}
    return {"summary": summary, "thumbnail": {"width_px": small.width_px, "height_px": small.height_px}}


def _load(backend: BackendChoice, threads: int) -> None:
    map_large()
    engine = networks.choose(backend)
    for light in (weights.DETECTOR, weights.POSE["lite"]):
        engine.load(light)
    landmarks.load(engine, _MODEL, threads=threads)


def analyze(
    video_path: Path,
    *,
    threads: int,
    model: ModelName = _MODEL,
    backend: BackendChoice = "auto",
    choices: Choices | None = None,
    with_pictures: bool = False,
    on_progress: ReportProgress = unheard,
) -> Analysis:
    """Everything we can say about the climb in `video_path`; `choices`: what the user told about it.

    with_pictures: make those for others and for lists, too: the wall with heads covered, the thumbnail.

    Raises a JobFailure: the video cannot be read (see vision.video), would give a worthless result (see
    vision.gate), MarkOutsidePicture or NoPerson; SetupError when the pose models or the wanted backend are
    not there.
    """
    began = time.monotonic()
    map_large()
    told = choices or Choices()
    info = gate.look(video_path)
    told.check_within(info.width_px, info.height_px)
    engine = networks.choose(backend)
    on_progress("poses", 0, {})
    meter, watch = AppearanceMeter(), WallWatch()

    def observe(frame: Frame, regions: list[Region]) -> None:
        meter.add(frame, regions)
        watch.see(frame, regions)

    reading = read_clip(
        video_path,
        engine,
        model,
        threads=threads,
        pointed=pointed_at(told.climber),
        observe=observe,
        on_frame=_reporter(on_progress),
    )
    on_progress("measures", _POSES_PCT, {})
    appearance = meter.measured()
    _refuse_nobody(reading, appearance, told)
    skeleton = skeleton_of(reading)
    wall = watch.finish(
        skeleton.poses,
        (reading.info.width_px, reading.info.height_px),
        told,
        engine if with_pictures else None,
    )
    thumbnail = watch.thumbnail(skeleton.poses) if with_pictures else None
    remarks = gate.remarks(reading.info, reading.losses, appearance, skeleton.poses, wall.shift_px)
    facts = _facts(video_path, reading, skeleton.poses, remarks, model, engine)
    # read from rounded places, as it will be after a correction
    found = result.decode(result.encode(_result(skeleton, reading.ticks, wall, facts)))
    found = with_climb(found, told)
    on_progress("measures", 100, {})
    return Analysis(found, time.monotonic() - began, wall.webp, wall.covered_webp, thumbnail)


def _reporter(on_progress: ReportProgress) -> OnFrame:
    """Says now and then how far the reading is."""
    began = reported = time.monotonic()

    def on_frame(info: VideoInfo, ticks: int, frames: int) -> None:
        nonlocal reported
        now = time.monotonic()
        if now - reported >= _REPORT_EVERY_S:
            reported = now
            done = _share_done(info, ticks, frames)
            on_progress("poses", int(done * _POSES_PCT), {"frames_per_s": round(frames / (now - began), 1)})

    return on_frame


def _share_done(info: VideoInfo, ticks: int, frames: int) -> float:
    if info.declared_duration_s:
        return min(float(ticks * info.time_base) / info.declared_duration_s, 1.0)
    return min(frames / info.declared_frames, 1.0) if info.declared_frames else 0.0


def _refuse_nobody(reading: Reading, appearance: Appearance, told: Choices) -> None:
    """Raises a JobFailure where there is nothing to measure."""
    gate.refuse_times(reading.ticks.astype(np.float64) * float(reading.info.time_base))
    if reading.person.sum() >= _FEWEST_SEEN:
        return
    gate.refuse_black(appearance)
    if told.climber is not None:
        raise NobodyInTheBox
    nobody = gate.nobody(appearance)
    if reading.tracks and not reading.climber and not isinstance(nobody, NobodyInTheDark):
        raise NobodyClimbs
    raise nobody


def _result(skeleton: Skeleton, ticks: IntArray, wall: OnWall, facts: result.Facts) -> Result:
    warnings, poses = (*facts.warnings, *wall.cautions), skeleton.poses
    return Result(
        facts=facts.model_copy(update={"wall": wall.facts, "warnings": warnings}),
        time_ticks=ticks,
        person=poses.person,
        landmarks_px=poses.landmarks_px,
        visibility=poses.visibility,
        center_of_mass_px=center_of_mass_px(poses),
        center_of_mass_seen_pct=seen_mass_pct(poses),
        joint_angles_deg=joint_angles_deg(poses),
        interpolated=skeleton.interpolated,
        sides_repaired=skeleton.sides_repaired,
        wall_corners_px=wall.corners_px,
    )


def _facts(
    video_path: Path,
    reading: Reading,
    poses: PoseSequence,
    remarks: list[gate.Remark],
    model: ModelName,
    engine: Engine,
) -> result.Facts:
    info, fps = reading.info, gate.mean_fps(poses.time_s)
    network = weights.POSE[model]
    duration_s = float(poses.time_s[-1] - poses.time_s[0]) + 1 / fps
    detection_rate_pct = 100 * float(reading.person.mean())
    return result.Facts(
        producer=f"ascension {__version__}",
        video=result.Video(
            width_px=info.width_px,
            height_px=info.height_px,
            rotation_deg=info.rotation_deg,
            fps=round(fps, 3),
            frame_count=poses.frame_count,
            duration_s=round(duration_s, 3),
            time_base=(info.time_base.numerator, info.time_base.denominator),
            codec=info.codec,
            sha256=sha256_of(video_path),
        ),
        model=result.Model(
            name=network.name,
            sha256=network.onnx_sha256,
            detector_sha256=weights.DETECTOR.onnx_sha256,
            runtime=engine.describe(),
        ),
        processing=result.Processing(
            frame_step=1,
            person_threshold=PERSON_THRESHOLD,
            smoothing=filtering.describe(),
            visible_threshold=VISIBLE,
        ),
        warnings=tuple(caution_of(remark) for remark in remarks),
        summary=result.Summary(
            duration_s=round(duration_s, 3),
            frame_count=poses.frame_count,
            frames_with_person=int(reading.person.sum()),
            detection_rate_pct=round(detection_rate_pct, 1),
            mean_visibility=round(_mean_visibility(poses), 3),
            fps=round(fps, 3),
            model=network.name,
        ),
        torso_px=round(poses.torso_px(), 3),
        people=people_of(reading),
    )


def _mean_visibility(poses: PoseSequence) -> float:
    """Of the twelve main joints, over the frames with a person."""
    return float(poses.visibility[poses.person][:, MAIN_JOINTS].mean())
