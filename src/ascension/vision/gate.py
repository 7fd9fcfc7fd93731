"""The input gate: which clips are refused, and what the climber should know about the others.

Decisions only: each takes measurements and gives remarks, whose sentences say what to do. Refused is what
would give a worthless result. The thresholds of light, sharpness and distance come from the example climb
with truth, worsened step by step until the heavy network's mean error rose by a third or bodies were lost
(docs/guides/filming.md has the table).

Known limits: a clip that was mirrored before it was saved cannot be told from one that was not; a cut to
nearly the same picture is not noticed; grain hides blur in dark pictures.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import MAIN_JOINTS, VISIBLE, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence
from ascension.errors.jobs import (
    NobodyInTheBlur,
    NobodyInTheDark,
    NobodyInTheGlare,
    NobodyInTheHaze,
    NoPerson,
    VideoBlack,
    VideoTooShort,
    VideoTooSparse,
)
from ascension.vision.appearance import Appearance, AppearanceMeter
from ascension.vision.losses import Losses, Span
from ascension.vision.remarks import Remark
from ascension.vision.video import VideoInfo, glimpses

_GLIMPSES: Final = 8
_ENOUGH_GLIMPSES: Final = 4
"""A clip with fewer key frames is short, or says too little by them: it is judged after the pass."""
_BLACK: Final = 0.04
_BLACK_CONTRAST: Final = 0.02
"""At a brightness of 0.035 no body is found any more, even with some contrast left."""

_FEWEST_FRAMES: Final = 3
_SPARSE_FPS: Final = 5.0
"""A dynamic move takes about half a second: below this rate it is two pictures."""
_LOW_FPS: Final = 24.0
_SHORT_S: Final = 1.0
"""Shorter than one move with its preparation."""
_UNEVEN: Final = 1.6
"""A step between frames beyond this many median steps is uneven."""
_GAP_S: Final = 0.1
_UNEVEN_SHARE: Final = 0.05
"""One frame dropped now and then is smoothed over; a gap beyond this, or many uneven steps, are told."""
_SLOW_MOTION: Final = 1.5
_LOW_SIDE_PX: Final = 360

DARK: Final = 0.08
"""Bodies are lost from 0.05 on."""
FLAT: Final = 0.02
"""At 0.016 the error is half as large again, at 0.008 no body is found."""
_OVEREXPOSED: Final = 0.45
"""Where half of the climber's square has no structure, the first bodies are lost."""
BLURRED: Final = 0.03
"""Sharp clips have 0.3 to 0.45. At 0.03 the error is a third larger, at 0.015 half to two thirds."""

_CUT_CHANGE: Final = 0.05
_CUT_RATIO: Final = 5.0
"""A change of the picture this much larger than those around it. Clips without a cut reach 2.4."""
_NEIGHBORHOOD: Final = 10
_STANDING: Final = 0.0002
"""A repeated picture changes by less while its coding is refined; one from a tripod by 0.0004 and more."""
_FROZEN_S: Final = 1.0
_REPEATED: Final = 0.2
"""Share of frames equal to the one before from which the true frame rate is noticeably lower."""

SMALL_TORSO_PX: Final = 35.0
"""At a torso of 30 px the error is not larger yet, at 22 px half as large again, at 17 px more than twice."""
LARGE: Final = 0.9
"""Share of the picture's height that a body fills from head to feet when there is no room to move."""
_WHOLE_BODY_PCT: Final = 80.0
_LOW_DETECTION_PCT: Final = 60.0
_SHAKE_TORSO: Final = 0.1
_STEADY_S: Final = 0.5


def look(video_path: Path) -> VideoInfo:
    """Refuse before any model has worked: the limits of the reader, too few pictures, all of them black.

    Returns what the file says of itself.

    Raises the JobFailures of `VideoReader`, VideoTooShort, VideoTooSparse, VideoBlack.
    Costs one key frame, a few in a clip that begins black.
    """
    info, pictures = glimpses(video_path, count=_GLIMPSES)
    if info.declared_frames and info.declared_duration_s:
        if info.declared_frames < _FEWEST_FRAMES:
            raise VideoTooShort
        if info.declared_frames / info.declared_duration_s < _SPARSE_FPS:
            raise VideoTooSparse
    meter, seen = AppearanceMeter(), 0
    for picture in pictures:
        meter.add(picture)
        if not _is_black(meter.measured()):
            return info
        seen += 1
    if seen >= _ENOUGH_GLIMPSES:
        raise VideoBlack
    return info


def refuse_black(appearance: Appearance) -> None:
    """Raises VideoBlack where none of the measured frames shows anything."""
    if _is_black(appearance):
        raise VideoBlack


def _is_black(appearance: Appearance) -> bool:
    dark = (appearance.brightness < _BLACK) & (appearance.contrast < _BLACK_CONTRAST)
    return bool(dark.all())


def refuse_times(time_s: FloatArray) -> None:
    """Raises VideoTooShort or VideoTooSparse. time_s: (frames,), strictly increasing."""
    if len(time_s) < _FEWEST_FRAMES:
        raise VideoTooShort
    if mean_fps(time_s) < _SPARSE_FPS:
        raise VideoTooSparse


def mean_fps(time_s: FloatArray) -> float:
    """Frames per second over the clip, from at least two times."""
    return float((len(time_s) - 1) / (time_s[-1] - time_s[0]))


def remarks(
    info: VideoInfo, losses: Losses, appearance: Appearance, poses: PoseSequence, shift_px: FloatArray | None
) -> list[Remark]:
    """Everything worth saying about a clip in which somebody was found.

    shift_px: (frames, 2) where a fixed point of the wall lies in each frame, NaN where it is not known; None
    when the wall was not followed.
    """
    found = [
        *about_losses(losses),
        *about_file(info),
        *about_times(poses.time_s, info.capture_fps),
        *about_appearance(appearance, poses.time_s),
        *about_framing(poses, info.width_px, info.height_px),
        *about_finding(poses),
    ]
    if shift_px is not None:
        found += about_camera(shift_px, poses.time_s, poses.torso_px())
    return found


_NOBODY: Final[dict[str, type[NoPerson]]] = {
    "dark": NobodyInTheDark,
    "low_contrast": NobodyInTheHaze,
    "overexposed": NobodyInTheGlare,
    "blurred": NobodyInTheBlur,
}
"""By the remark on the light: codes of their own, so that every reader is told in their own language."""


def nobody(appearance: Appearance) -> NoPerson:
    """What is said where nobody was found: what the pictures lack most, where that may be the reason."""
    found = [remark.code for remark in _about_light(appearance)]
    return _NOBODY.get(found[0], NoPerson)() if found else NoPerson()


def about_file(info: VideoInfo) -> list[Remark]:
    """What the container says of itself."""
    found: list[Remark] = []
    if min(info.width_px, info.height_px) < _LOW_SIDE_PX:
        found.append(Remark("low_resolution", {"width_px": info.width_px, "height_px": info.height_px}))
    if info.transfer != "sdr":
        found.append(Remark("hdr"))
    if info.mirrored:
        found.append(Remark("mirrored"))
    if info.other_videos:
        numbers = {"videos": 1 + info.other_videos, "width_px": info.width_px, "height_px": info.height_px}
        found.append(Remark("several_videos", numbers))
    return found


def about_times(time_s: FloatArray, capture_fps: float | None) -> list[Remark]:
    """Rate and length. time_s: (frames,) seconds, strictly increasing, at least two."""
    found: list[Remark] = []
    fps = mean_fps(time_s)
    if fps < _LOW_FPS:
        found.append(Remark("low_frame_rate", {"fps": fps}))
    if capture_fps is not None and capture_fps > _SLOW_MOTION * fps:
        numbers = {"filmed_fps": capture_fps, "fps": fps, "times": capture_fps / fps}
        found.append(Remark("slow_motion", numbers))
    duration_s = float(time_s[-1] - time_s[0])
    if duration_s < _SHORT_S:
        found.append(Remark("short_clip", {"duration_s": duration_s}))
    steps_s = np.diff(time_s)
    uneven = steps_s > _UNEVEN * np.median(steps_s)
    if uneven.any() and (steps_s.max() > _GAP_S or uneven.mean() > _UNEVEN_SHARE):
        longest = int(steps_s.argmax())
        at_s = float(time_s[longest])
        found.append(Remark("uneven_frames", {"gap_s": float(steps_s[longest])}, ((at_s, at_s),)))
    return found


def about_losses(losses: Losses) -> list[Remark]:
    """What a pass over the file left out or doubts."""
    found: list[Remark] = []
    if losses.missing:
        found.append(_lost("frames_missing", losses.missing))
    if losses.damaged:
        found.append(_lost("frames_damaged", losses.damaged))
    if losses.end_s:
        found.append(Remark("end_missing", {"end_s": losses.end_s}))
    if losses.unordered:
        found.append(Remark("times_out_of_order", {"frames": losses.unordered}))
    if losses.interlaced:
        found.append(Remark("interlaced"))
    if losses.resized:
        found.append(Remark("size_changes", {"frames": losses.resized}))
    return found


def about_appearance(appearance: Appearance, time_s: FloatArray) -> list[Remark]:
    """Light, sharpness, cuts and standing pictures. time_s: (frames,) of the same frames."""
    return [
        *_about_light(appearance),
        *_about_cuts(cut_frames(appearance.change, time_s), time_s),
        *_about_standing(appearance.change, time_s),
    ]


def _about_light(appearance: Appearance) -> list[Remark]:
    found: list[Remark] = []
    brightness, contrast = float(np.median(appearance.brightness)), float(np.median(appearance.contrast))
    if brightness < DARK:
        found.append(Remark("dark", {"brightness_pct": 100 * brightness}))
    elif contrast < FLAT:
        found.append(Remark("low_contrast"))
    if len(appearance.sharpness) == 0:
        return found
    white = float(np.median(appearance.overexposed))
    if white > _OVEREXPOSED:
        found.append(Remark("overexposed", {"white_pct": 100 * white}))
    if float(np.median(appearance.sharpness)) < BLURRED:
        found.append(Remark("blurred"))
    return found


def cut_frames(change: FloatArray, time_s: FloatArray) -> list[int]:
    """Frames that show something else than the one before: the first one after each cut.

    One step much larger than the usual ones around it and than both its neighbors; a fast pan changes many
    frames in a row. A step over missing frames does not count. change: (frames,), see `Appearance`.
    """
    cuts: list[int] = []
    usual_step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    for frame in np.flatnonzero(change > _CUT_CHANGE):
        around = change[max(1, frame - _NEIGHBORHOOD) : frame + _NEIGHBORHOOD + 1]
        beside = [change[near] for near in (frame - 1, frame + 1) if 1 <= near < len(change)]
        is_alone = all(change[frame] > 2 * near for near in beside)
        is_even = time_s[frame] - time_s[frame - 1] <= _UNEVEN * usual_step_s
        if is_alone and is_even and change[frame] > _CUT_RATIO * float(np.median(around)):
            cuts.append(int(frame))
    return cuts


def _about_cuts(cuts: Sequence[int], time_s: FloatArray) -> list[Remark]:
    if not cuts:
        return []
    return [Remark("cut", spans_s=tuple((float(time_s[frame]), float(time_s[frame])) for frame in cuts))]


def _about_standing(change: FloatArray, time_s: FloatArray) -> list[Remark]:
    """Pictures equal to the one before: long runs are frozen, many short ones a lower true rate."""
    same = change[1:] < _STANDING
    if len(same) == 0:
        return []
    frozen: list[tuple[float, float]] = []
    frozen_frames = 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        if time_s[end] - time_s[first] >= _FROZEN_S:
            frozen.append((float(time_s[first]), float(time_s[end])))
            frozen_frames += end - first
    found: list[Remark] = []
    if frozen:
        found.append(Remark("frozen", spans_s=tuple(frozen)))
    repeated = (int(same.sum()) - frozen_frames) / max(len(same) - frozen_frames, 1)
    if repeated > _REPEATED:
        found.append(Remark("repeated_frames", {"repeated_pct": 100 * repeated}))
    return found


def about_framing(poses: PoseSequence, width_px: int, height_px: int) -> list[Remark]:
    """How the climber stands in the picture. Raises ValueError without any frame that shows a person."""
    found: list[Remark] = []
    torso_px = poses.torso_px()
    body = poses.landmarks_px[poses.person]
    if torso_px < SMALL_TORSO_PX:
        found.append(Remark("climber_small", {"torso_px": torso_px, "needed_px": SMALL_TORSO_PX}))
    height = float(np.median(np.ptp(body[:, [Landmark.NOSE, *MAIN_JOINTS], 1], axis=1))) / height_px
    if height > LARGE:
        found.append(Remark("climber_large", {"height_pct": 100 * height}))
    inside_pct = 100 * float(whole_body(body, width_px, height_px).mean())
    if inside_pct < _WHOLE_BODY_PCT:
        found.append(Remark("body_cut_off", {"inside_pct": inside_pct}))
    return found


def whole_body(landmarks_px: FloatArray, width_px: int, height_px: int) -> BoolArray:
    """(frames,) True where all main joints lie inside the picture. landmarks_px: (frames, 33, 2)."""
    joints = landmarks_px[:, list(MAIN_JOINTS)]
    return np.all((joints >= 0) & (joints < [width_px, height_px]), axis=(1, 2))


def about_finding(poses: PoseSequence) -> list[Remark]:
    """How often and how surely the climber was found. Needs a frame that shows a person."""
    found: list[Remark] = []
    found_pct = 100 * float(poses.person.mean())
    if found_pct < _LOW_DETECTION_PCT:
        found.append(Remark("climber_often_not_found", {"found_pct": found_pct}))
    seen = float(poses.visibility[poses.person][:, list(MAIN_JOINTS)].mean())
    if seen < VISIBLE:
        found.append(Remark("joints_often_hidden", {"confidence": seen}))
    return found


def about_camera(shift_px: FloatArray, time_s: FloatArray, torso_px: float) -> list[Remark]:
    """Shaking: what is left of the wall's movement in the picture without its slow part.

    shift_px: (frames, 2) where a fixed point of the wall lies in each frame; NaN where it is not known.
    """
    known = np.all(np.isfinite(shift_px), axis=1)
    if int(known.sum()) < _FEWEST_FRAMES:
        return []
    path, moments = shift_px[known], time_s[known]
    window = max(1, round(_STEADY_S * mean_fps(moments) / 2))
    padded = np.pad(path, ((window + 1, window), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0)
    slow = (sums[2 * window + 1 :] - sums[: -2 * window - 1]) / (2 * window + 1)
    left_px: FloatArray = np.linalg.norm(path - slow, axis=1)
    shake = float(np.sqrt(np.mean(left_px**2))) / torso_px
    if shake <= _SHAKE_TORSO:
        return []
    return [Remark("camera_shakes", {"shake_pct": 100 * shake})]


def _lost(code: str, spans: Sequence[Span]) -> Remark:
    """Of a single frame the moment, of more their stretch."""
    places_s = tuple((span.start_s, span.start_s if span.frames == 1 else span.end_s) for span in spans)
    return Remark(code, {"frames": sum(span.frames for span in spans)}, places_s)
