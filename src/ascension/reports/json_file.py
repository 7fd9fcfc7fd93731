"""Keypoints as JSON, version 1: docs/guides/exports.md."""

from typing import Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ascension.analyses.result import Caution, Result, Scale, Video
from ascension.biomechanics.conventions import ANGLE_NAMES, LANDMARK_NAMES
from ascension.biomechanics.poses import FloatArray
from ascension.errors.reports import KeypointsOfOtherClip, KeypointsUnreadable, UnknownMarker
from ascension.reports.told import Told, text_of

_DECIMALS: Final = 2
Place = tuple[float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Units(_Part):
    """What the numbers mean; they are never anything else in version 1."""

    time: Literal["s"] = "s"
    places: Literal["px"] = "px"
    angles: Literal["deg"] = "deg"


class Frame(_Part):
    """One frame; null: not measured. `landmarks_px` is null where nobody is."""

    time_s: float
    landmarks_px: tuple[Place | None, ...] | None
    visibility: tuple[float, ...] | None
    center_of_mass_px: Place | None
    joint_angles_deg: tuple[float | None, ...]
    frame_to_wall: tuple[float, ...] | None


class Keypoints(_Part):
    """The whole file."""

    format: Literal["ascension-keypoints"] = "ascension-keypoints"
    version: Literal[1] = 1
    producer: str
    video: Video
    units: Units = Units()
    landmarks: tuple[str, ...] = LANDMARK_NAMES
    joint_angles: tuple[str, ...] = ANGLE_NAMES
    visible_threshold: float
    scale: Scale | None
    warnings: tuple[Caution, ...]
    frames: tuple[Frame, ...] = Field(min_length=1)


def json_of(result: Result) -> bytes:
    """UTF-8, one object; NaN becomes null."""
    facts, maps = result.facts, result.frame_to_wall()
    frames = tuple(
        Frame(
            time_s=round(time_s, 6),
            landmarks_px=tuple(map(_place, result.landmarks_px[at])) if result.person[at] else None,
            visibility=_rounded(result.visibility[at]) if result.person[at] else None,
            center_of_mass_px=_place(result.center_of_mass_px[at]),
            joint_angles_deg=tuple(
                None if np.isnan(angle) else round(angle, 1) for angle in result.joint_angles_deg[at].tolist()
            ),
            frame_to_wall=tuple(maps[at].ravel().tolist()) if np.isfinite(maps[at]).all() else None,
        )
        for at, time_s in enumerate(result.time_s().tolist())
    )
    found = Keypoints(
        producer=facts.producer,
        video=facts.video,
        visible_threshold=facts.processing.visible_threshold,
        scale=facts.wall.scale if facts.wall else None,
        warnings=facts.warnings,
        frames=frames,
    )
    return found.model_dump_json().encode()


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(value, _DECIMALS) for value in values.tolist())


def _place(place: FloatArray) -> Place | None:
    x, y = (round(value, _DECIMALS) for value in place.tolist())
    return None if np.isnan(x) or np.isnan(y) else (x, y)


def read_json(data: bytes, result: Result) -> Told:
    """Places from such a file; a null tells nothing. Raises a KeypointsRefused for what does not fit."""
    try:
        found = Keypoints.model_validate_json(text_of(data, result))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:80]
        raise KeypointsUnreadable(f"The file is not such a JSON file: {where}: {first['msg']}.") from error
    if unknown := set(found.landmarks) ^ set(LANDMARK_NAMES):
        raise UnknownMarker(f"The landmarks are not the 33 of ours: {min(unknown)[:40]!r}.")
    if found.video.sha256 != result.facts.video.sha256:
        raise KeypointsOfOtherClip("The file was made from another video.")
    if len(found.frames) != len(result.time_ticks):
        raise KeypointsOfOtherClip(
            f"The file has {len(found.frames)} frames, the analysis {len(result.time_ticks)}."
        )
    order = [found.landmarks.index(name) for name in LANDMARK_NAMES]
    landmarks_px = np.full((len(found.frames), len(LANDMARK_NAMES), 2), np.nan)
    for at, frame in enumerate(found.frames):
        if frame.landmarks_px is None:
            continue
        if len(frame.landmarks_px) != len(order):
            raise KeypointsUnreadable(f"Frame {at} has {len(frame.landmarks_px)} landmarks, expected 33.")
        landmarks_px[at] = [frame.landmarks_px[place] or (np.nan, np.nan) for place in order]
    return Told(landmarks_px, np.array([frame.time_s for frame in found.frames]))
