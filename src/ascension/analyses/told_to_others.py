"""A result as others see it: what is listed here, and nothing else. What is new is not told until it is."""

import gzip
import json
from typing import Any, Final

from ascension.analyses.result import MAGIC, PREFIX, split

_WHOLE: Final = (
    "schema_version", "producer", "model", "processing", "torso_px", "people", "landmarks", "joint_angles",
    "columns",
)  # fmt: skip
_VIDEO: Final = (
    "width_px", "height_px", "rotation_deg", "fps", "frame_count", "duration_s", "time_base", "codec",
)  # fmt: skip
_WARNING: Final = ("code", "detail", "detail_in")
_SUMMARY: Final = (
    "duration_s", "frame_count", "frames_with_person", "detection_rate_pct", "mean_visibility", "fps",
    "model",
)  # fmt: skip
_WALL: Final = (
    "reference_frame", "homography_frames", "similarity_frames", "lost_frames", "residual_px", "cut_frames",
    "reason", "reason_in", "picture",
)  # fmt: skip
_SCALE: Final = ("unit", "method", "unit_per_px", "wall_to_unit", "error_pct", "parallax_pct")
_CLIMB: Final = ("unit", "torso", "overhang_deg", "holds", "contacts", "moves", "events")
_ATTEMPT: Final = ("attempt", "habits")
_RESTS_ON: Final = {
    "corners": "From a rectangle on the wall.",
    "distance": "From a distance on the wall.",
    "height": "From the climber's height.",
    "none": "No length is known: torso lengths.",
}
_OF_MASS: Final = "J"
"""The unit of measures that tell how heavy somebody is."""
_OF_LOADS: Final = frozenset({"hand_load_estimate", "load_asymmetry_estimate"})
"""They follow from what was told of injuries and level, and leaving them out only then would tell that."""


def without_body(data: bytes, *, with_wall_picture: bool = True) -> bytes:
    """The same result without what the climber told of themselves, and without what follows from it.

    with_wall_picture: others may have the picture that it names; else it names none.
    Lengths in meters stay, and with them about how tall somebody is. ValueError as `decode`.
    """
    text, columns = split(data)
    header = _shown(json.loads(text))
    if header["wall"] is not None and not with_wall_picture:
        header["wall"]["picture"] = None
    shown = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return gzip.compress(PREFIX.pack(MAGIC, len(shown)) + shown + columns, compresslevel=6, mtime=0)


def _shown(header: dict[str, Any]) -> dict[str, Any]:
    wall, climb = header.get("wall"), header.get("climb")
    return {
        **_only(header, _WHOLE),
        # others could ask with it whether they have the same file
        "video": {**_only(header["video"], _VIDEO), "sha256": ""},
        "warnings": [_only(warning, _WARNING) for warning in header["warnings"]],
        "summary": _only(header["summary"], _SUMMARY),
        "wall": None if wall is None else _shown_wall(wall),
        "climb": None if climb is None else _shown_climb(climb),
    }


def _shown_wall(wall: dict[str, Any]) -> dict[str, Any]:
    scale = wall["scale"]
    reason = _RESTS_ON.get(scale["method"], "")  # its own says the height, or that one was told
    return {**_only(wall, _WALL), "scale": {**_only(scale, _SCALE), "reason": reason}}


def _shown_climb(climb: dict[str, Any]) -> dict[str, Any]:
    attempts = [
        {
            **_only(one, _ATTEMPT),
            "measures": [
                measure
                for measure in one["measures"]
                if measure["unit"] != _OF_MASS and measure["name"] not in _OF_LOADS
            ],
        }
        for one in climb["attempts"]
    ]
    return {**_only(climb, _CLIMB), "body": {}, "attempts": attempts}


def _only(part: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: part[name] for name in names if name in part}
