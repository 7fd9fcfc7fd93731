"""The bytes of a finished analysis. The format in prose, for any language: docs/guides/result-format.md."""

import gzip
import json
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field, field_validator

from ascension.accounts.choices import Language
from ascension.analyses.climb_part import ClimbPart, Part
from ascension.analyses.columns import Coding, IntArray, pack, unpack
from ascension.biomechanics.conventions import ANGLE_NAMES, LANDMARK_COUNT, LANDMARK_NAMES
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence
from ascension.biomechanics.scale import ScaleMethod
from ascension.biomechanics.wall import frame_corners_px, maps_of_four_points, on_wall_px

MAGIC: Final = b"ASCN"
SCHEMA_VERSION: Final = 1
PREFIX: Final = struct.Struct("<4sI")
MAX_PLAIN_BYTES: Final = 64 * 2**20
"""Twelve minutes at 240 frames a second stay below; anything larger is not a result of ours."""

MAX_PEOPLE: Final = 8
MAX_PEOPLE_BOXES: Final = 700

LANDMARK_STEP_TORSO: Final = 0.002
"""Step of stored places, in torso lengths: rounding costs at most 0.1 % of the torso."""
VISIBILITY_STEP: Final = 0.05
ANGLE_STEP_DEG: Final = 0.5
SEEN_MASS_STEP_PCT: Final = 1.0
WALL_STEP_PX: Final = 0.08
"""Step of the stored frame corners: rounding moves no place of a frame by more than 0.1 px."""
MAX_CUTS: Final = 1000


Matrix = tuple[float, float, float, float, float, float, float, float, float]
"""(3, 3) on homogeneous coordinates, row by row."""


class Video(Part):
    """The file that was analyzed; sizes are those of the displayed frame."""

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    rotation_deg: int = Field(ge=0, lt=360, multiple_of=90)
    fps: float = Field(gt=0)
    frame_count: int = Field(gt=0)
    duration_s: float = Field(ge=0)
    time_base: tuple[int, int]
    codec: str
    sha256: str


class Model(Part):
    """What found the body."""

    name: str
    sha256: str
    detector_sha256: str
    runtime: str


class Processing(Part):
    """How frames became the stored numbers."""

    frame_step: int = Field(ge=1)
    person_threshold: float
    smoothing: str
    visible_threshold: float


class Caution(Part):
    """Something the reader of the numbers should know: a sentence in English, and in the other languages."""

    code: str
    detail: str
    detail_in: dict[Language, str] = Field(default_factory=dict[Language, str])

    def told(self, language: Language) -> tuple[str, Language]:
        """The sentence, and its language: English in results from before there were others."""
        return (self.detail_in[language], language) if language in self.detail_in else (self.detail, "en")


class Summary(Part):
    """The few figures a list of analyses shows."""

    duration_s: float
    frame_count: int
    frames_with_person: int
    detection_rate_pct: float
    mean_visibility: float
    fps: float
    model: str


class Person(Part):
    """Somebody who was followed through the clip; boxes as time_s, left_px, top_px, width_px, height_px."""

    id: int = Field(ge=1)
    is_climber: bool
    boxes: tuple[tuple[float, int, int, int, int], ...]


class WallPicture(Part):
    """The picture of the wall without the climber that goes with this result."""

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    wall_to_picture: Matrix
    hole_pct: float
    frames: int


class Scale(Part):
    """How long a wall pixel is; see biomechanics.scale."""

    unit: Literal["m", "torso"]
    method: ScaleMethod
    unit_per_px: float = Field(gt=0)
    wall_to_unit: Matrix
    error_pct: float | None
    parallax_pct: float | None
    reason: str


class Wall(Part):
    """How the frames lie on the wall. Wall pixels are those of the reference frame, continued beyond it."""

    reference_frame: int = Field(ge=0)
    homography_frames: int
    similarity_frames: int
    lost_frames: int
    residual_px: float
    cut_frames: tuple[int, ...] = Field(max_length=MAX_CUTS)
    reason: str
    reason_in: dict[Language, str] = Field(default_factory=dict[Language, str])
    scale: Scale
    picture: WallPicture | None


class ColumnEntry(Part):
    """One entry of the header's table of columns."""

    name: str
    shape: tuple[int, ...] = Field(min_length=1, max_length=3)
    unit: str
    scale: float = Field(gt=0)
    mask: str | None
    coding: Coding
    offset_bytes: int = Field(ge=0)
    length_bytes: int = Field(ge=0)


class Facts(Part):
    """Everything of the header except the table of columns."""

    schema_version: Literal[1] = SCHEMA_VERSION
    producer: str
    video: Video
    model: Model
    processing: Processing
    warnings: tuple[Caution, ...]
    summary: Summary
    torso_px: float = Field(gt=0)
    people: tuple[Person, ...] = Field(default=(), max_length=MAX_PEOPLE)
    wall: Wall | None = None
    climb: ClimbPart | None = None
    landmarks: tuple[str, ...] = LANDMARK_NAMES
    joint_angles: tuple[str, ...] = ANGLE_NAMES

    @field_validator("people")
    @classmethod
    def _few_boxes(cls, people: tuple[Person, ...]) -> tuple[Person, ...]:
        if sum(len(person.boxes) for person in people) > MAX_PEOPLE_BOXES:
            raise ValueError(f"people have more than {MAX_PEOPLE_BOXES} boxes")
        return people


class Header(Facts):
    """The whole header; columns lie behind it."""

    columns: tuple[ColumnEntry, ...]


def schema_of_header() -> dict[str, Any]:
    """What a reader may meet in a header, older files included: schemas as in an OpenAPI document."""
    schema = Header.model_json_schema(mode="validation", ref_template="#/components/schemas/{model}")
    schemas = {**schema.pop("$defs"), "Header": schema}
    info = {"title": "The header of a result", "version": str(SCHEMA_VERSION)}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}


@dataclass(frozen=True)
class Result:
    """One analysis, decoded. Numbers that were not measured are NaN.

    time_ticks:        (frames,) time since the container's start in `facts.video.time_base` seconds
    person:            (frames,) True where a body was found
    landmarks_px:      (frames, 33, 2) displayed-frame pixels, y down
    visibility:        (frames, 33) confidence 0-1
    center_of_mass_px: (frames, 2)
    joint_angles_deg:  (frames, 8) 0-180, order of `conventions.JOINT_ANGLES`
    center_of_mass_seen_pct: (frames,) share of the body's mass whose segments are seen
    interpolated:      (frames, 33) True where a place was filled in between frames that saw the landmark
    sides_repaired:    (frames,) True where exchanged left and right were put back
    wall_corners_px:   (frames, 4, 2) wall pixels of the frame's corners, clockwise from the top left; None
                       in results whose wall was not followed
    """

    facts: Facts
    time_ticks: IntArray
    person: BoolArray
    landmarks_px: FloatArray
    visibility: FloatArray
    center_of_mass_px: FloatArray
    joint_angles_deg: FloatArray
    center_of_mass_seen_pct: FloatArray | None = None
    interpolated: BoolArray | None = None
    sides_repaired: BoolArray | None = None
    wall_corners_px: FloatArray | None = None

    def time_s(self) -> FloatArray:
        numerator, denominator = self.facts.video.time_base
        return self.time_ticks.astype(np.float64) * numerator / denominator

    def poses(self) -> PoseSequence:
        return PoseSequence(self.time_s(), self.person, self.landmarks_px, self.visibility)

    def frame_to_wall(self) -> FloatArray:
        """(frames, 3, 3) from displayed-frame pixels to wall pixels; NaN where the frame has no place."""
        if self.wall_corners_px is None:
            return np.full((len(self.time_ticks), 3, 3), np.nan)
        corners = frame_corners_px(self.facts.video.width_px, self.facts.video.height_px)
        return maps_of_four_points(corners, self.wall_corners_px)

    def landmarks_wall_px(self) -> FloatArray:
        """(frames, 33, 2) landmarks in wall pixels, without the camera's motion; NaN if unknown."""
        return on_wall_px(self.landmarks_px, self.frame_to_wall())


@dataclass(frozen=True)
class _Column:
    name: str
    unit: str
    scale: float
    mask: str | None
    coding: Coding
    values: IntArray


def encode(result: Result) -> bytes:
    """The same result gives the same bytes, whenever it is written."""
    entries: list[ColumnEntry] = []
    packed: list[bytes] = []
    offset = 0
    for column in _columns_of(result):
        data = pack(column.values, column.coding)
        entries.append(
            ColumnEntry(
                name=column.name,
                shape=column.values.shape,
                unit=column.unit,
                scale=column.scale,
                mask=column.mask,
                coding=column.coding,
                offset_bytes=offset,
                length_bytes=len(data),
            )
        )
        packed.append(data)
        offset += len(data)
    header = {**result.facts.model_dump(mode="json"), "columns": [e.model_dump(mode="json") for e in entries]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return gzip.compress(PREFIX.pack(MAGIC, len(text)) + text + b"".join(packed), compresslevel=9, mtime=0)


def _columns_of(result: Result) -> list[_Column]:
    step_px = LANDMARK_STEP_TORSO * result.facts.torso_px
    measured = ~np.isnan(result.joint_angles_deg)
    return [
        _Column("time_ticks", "ticks", 1, None, "delta2-varint", result.time_ticks),
        _Column("person", "1", 1, None, "delta1-varint", result.person.astype(np.int64)),
        *_wall_columns(result.wall_corners_px),
        *_trust_columns(result),
        _quantized("landmarks_px", "px", step_px, "person", "delta2-varint", result.landmarks_px),
        _quantized("visibility", "1", VISIBILITY_STEP, "person", "delta1-varint", result.visibility),
        _quantized("center_of_mass_px", "px", step_px, "person", "delta2-varint", result.center_of_mass_px),
        _Column("joint_angles_measured", "1", 1, None, "delta1-varint", measured.astype(np.int64)),
        _quantized(
            "joint_angles_deg",
            "deg",
            ANGLE_STEP_DEG,
            "joint_angles_measured",
            "delta2-varint",
            result.joint_angles_deg,
        ),
    ]


def _wall_columns(corners_px: FloatArray | None) -> list[_Column]:
    if corners_px is None:
        return []
    on_wall: IntArray = np.isfinite(corners_px[:, 0, 0]).astype(np.int64)
    return [
        _Column("on_wall", "1", 1, None, "delta1-varint", on_wall),
        _quantized("wall_corners_px", "px", WALL_STEP_PX, "on_wall", "delta2-varint", corners_px),
    ]


def _trust_columns(result: Result) -> list[_Column]:
    """What of the places was not simply seen; absent from results that do not know it."""
    found: list[_Column] = []
    for name in ("interpolated", "sides_repaired"):
        flags: BoolArray | None = getattr(result, name)
        if flags is not None:
            found.append(_Column(name, "1", 1, None, "delta1-varint", flags.astype(np.int64)))
    seen_pct = result.center_of_mass_seen_pct
    if seen_pct is not None:
        name = "center_of_mass_seen_pct"
        found.append(_quantized(name, "%", SEEN_MASS_STEP_PCT, "person", "delta1-varint", seen_pct))
    return found


def _quantized(name: str, unit: str, scale: float, mask: str, coding: Coding, values: FloatArray) -> _Column:
    """Nearest steps; a missing value repeats the last one, which costs next to nothing."""
    steps = np.round(values.reshape(len(values), -1) / scale)
    last = np.where(np.isnan(steps), -1, np.arange(len(steps))[:, None])
    last = np.maximum.accumulate(last, axis=0)
    filled = np.where(last < 0, 0.0, np.take_along_axis(steps, np.maximum(last, 0), axis=0))
    return _Column(name, unit, scale, mask, coding, filled.astype(np.int64).reshape(values.shape))


def read_facts(data: bytes) -> tuple[Facts, FloatArray]:
    """Header and (frames,) times of result bytes, without the body's places. ValueError as `decode`."""
    header, table, body = _opened(data)
    ticks = _increasing(_column(body, table, "time_ticks", (header.video.frame_count,)))
    numerator, denominator = header.video.time_base
    return _facts_in(header), ticks.astype(np.float64) * numerator / denominator


def split(data: bytes) -> tuple[bytes, bytes]:
    """The header's text and the columns' bytes. ValueError where they are none."""
    plain = _gunzip(data)
    if len(plain) < PREFIX.size or not plain.startswith(MAGIC):
        raise ValueError("not an analysis result")
    _, header_length = PREFIX.unpack_from(plain)
    columns_start = PREFIX.size + header_length
    if columns_start > len(plain):
        raise ValueError("the header reaches beyond the end")
    return plain[PREFIX.size : columns_start], plain[columns_start:]


def _opened(data: bytes) -> tuple[Header, dict[str, ColumnEntry], bytes]:
    """Header, table of columns by name, and the columns' bytes."""
    text, columns = split(data)
    header = _header(text)
    _check_header(header)
    table = {entry.name: entry for entry in header.columns}
    if len(table) != len(header.columns):
        raise ValueError("a column is listed twice")
    return header, table, columns


def _facts_in(header: Header) -> Facts:
    return Facts(**{name: getattr(header, name) for name in Facts.model_fields})


def decode(data: bytes) -> Result:
    """Read result bytes (gzip as stored). ValueError for anything that is not exactly such a result."""
    header, table, body = _opened(data)
    frames = header.video.frame_count

    def integers(name: str, *shape: int) -> IntArray:
        return _column(body, table, name, (frames, *shape))

    person = _flags("person", integers("person"))
    angles_measured = _flags("joint_angles_measured", integers("joint_angles_measured", len(ANGLE_NAMES)))

    def numbers(name: str, mask: BoolArray, *shape: int) -> FloatArray:
        values = integers(name, *shape) * table[name].scale
        return np.where(mask.reshape(mask.shape + (1,) * (values.ndim - mask.ndim)), values, np.nan)

    def optional_flags(name: str, *shape: int) -> BoolArray | None:
        return _flags(name, integers(name, *shape)) if name in table else None

    return Result(
        facts=_facts_in(header),
        time_ticks=_increasing(integers("time_ticks")),
        person=person,
        landmarks_px=numbers("landmarks_px", person, LANDMARK_COUNT, 2),
        visibility=numbers("visibility", person, LANDMARK_COUNT),
        center_of_mass_px=numbers("center_of_mass_px", person, 2),
        joint_angles_deg=numbers("joint_angles_deg", angles_measured, len(ANGLE_NAMES)),
        center_of_mass_seen_pct=(
            numbers("center_of_mass_seen_pct", person) if "center_of_mass_seen_pct" in table else None
        ),
        interpolated=optional_flags("interpolated", LANDMARK_COUNT),
        sides_repaired=optional_flags("sides_repaired"),
        wall_corners_px=(
            numbers("wall_corners_px", _flags("on_wall", integers("on_wall")), 4, 2)
            if "wall_corners_px" in table
            else None
        ),
    )


def _header(text: bytes) -> Header:
    try:
        return Header.model_validate(json.loads(text, parse_constant=_refuse))
    except RecursionError as error:
        raise ValueError("the header is nested too deeply") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"the header holds {constant}, which is no number")


def _gunzip(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MAX_PLAIN_BYTES)
    except zlib.error as error:
        raise ValueError("not an analysis result: the compression is damaged") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not an analysis result: cut short, too large or followed by other bytes")
    return plain


def _check_header(header: Header) -> None:
    if header.landmarks != LANDMARK_NAMES or header.joint_angles != ANGLE_NAMES:
        raise ValueError("the result names other landmarks or angles than version 1 does")
    if not all(0 < part < 2**31 for part in header.video.time_base):
        raise ValueError("the time base must be two positive numbers below 2^31")


def _column(
    body: bytes, table: dict[str, ColumnEntry], name: str, expected_shape: tuple[int, ...]
) -> IntArray:
    entry = table.get(name)
    if entry is None:
        raise ValueError(f"the column {name} is missing")
    if entry.shape != expected_shape:
        raise ValueError(f"the column {name} has shape {entry.shape}, expected {expected_shape}")
    if entry.offset_bytes + entry.length_bytes > len(body):
        raise ValueError(f"the column {name} reaches beyond the end")
    if entry.length_bytes < math.prod(entry.shape):
        raise ValueError(f"the column {name} is shorter than its shape")
    data = body[entry.offset_bytes : entry.offset_bytes + entry.length_bytes]
    return unpack(data, entry.shape, entry.coding)


def _flags(name: str, values: IntArray) -> BoolArray:
    if np.any((values != 0) & (values != 1)):
        raise ValueError(f"the column {name} must hold 0 and 1 only")
    return values == 1


def _increasing(ticks: IntArray) -> IntArray:
    if np.any(np.diff(ticks) <= 0):
        raise ValueError("time must increase from frame to frame")
    return ticks
