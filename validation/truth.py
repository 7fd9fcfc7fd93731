"""What is known of every frame of a rendered clip, and its file. Its fields: validation/README.md."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_NAMES, MAIN_JOINTS
from validation.camera import View
from validation.geometry import Array, Mask, Numbers
from validation.renderer import Ids
from validation.rig import PART_NAMES

LABEL_STEP: Final = 4
"""Label pictures are stored at every fourth pixel."""

_DISC_M: Final = 0.025
_OWN_SHARE: Final = 0.3
_SLACK_M: Final = {"hip": 0.18, "shoulder": 0.14, "elbow": 0.10, "wrist": 0.08, "knee": 0.12, "ankle": 0.10}
_SLACK_ELSEWHERE_M: Final = 0.07
_OWN_PARTS: Final = {
    "shoulder": ("trunk", "upper_arm"), "elbow": ("upper_arm", "forearm"), "wrist": ("forearm", "hand"),
    "pinky": ("hand",), "index": ("hand",), "thumb": ("hand",), "hip": ("trunk", "thigh"),
    "knee": ("thigh", "shank"), "ankle": ("shank", "foot"), "heel": ("foot",), "foot_index": ("foot",),
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """A clip's truth; n frames, h holds, b bystanders. NaN where there is no climber."""

    fps: float
    size_px: NDArray[np.int64]
    time_s: Array
    person: Mask
    phase: NDArray[np.uint8]
    landmarks_px: Array
    visible: Mask
    in_frame: Mask
    landmarks_m: Array
    center_of_mass_px: Array
    center_of_mass_m: Array
    box_px: Array
    contact_hold: NDArray[np.int16]
    on_floor: Mask
    event_kinds: NDArray[np.str_]
    event_limbs: NDArray[np.int16]
    event_times_s: Array
    event_holds: NDArray[np.int16]
    fault_kinds: NDArray[np.str_]
    fault_times_s: Array
    segment_names: NDArray[np.str_]
    segment_m: Array
    height_m: float
    wall_to_frame: Array
    wall_axes: Array
    overhang_deg: float
    eye_m: Array
    camera_rotation: Array
    focal_px: float
    labels: NDArray[np.uint8]
    hold_ids: NDArray[np.str_]
    hold_kinds: NDArray[np.str_]
    hold_colors: NDArray[np.str_]
    hold_on_route: Mask
    hold_center_m: Array
    hold_size_m: Array
    hold_outline_m: Array
    bystanders_px: Array
    bystanders_visible: Mask
    bystanders_box_px: Array

    @property
    def torso_px(self) -> Array:
        """(n,) from the middle of the shoulders to the middle of the hips, frame by frame."""
        return torso_px(self.landmarks_px)

    @property
    def hold_center_px(self) -> Array:
        """(n, h, 2) the holds' centers in the picture."""
        on_wall = np.column_stack([self.hold_center_m, np.ones(len(self.hold_center_m))])
        raised = np.einsum("nij,hj->nhi", self.wall_to_frame, on_wall)
        return raised[..., :2] / raised[..., 2:]


@dataclass(frozen=True)
class Sighting:
    """One person in one frame."""

    landmarks_px: Array
    visible: Mask
    in_frame: Mask
    box_px: Array


def torso_px(landmarks_px: Array) -> Array:
    """(n,) torso lengths of landmarks (n, 33, 2)."""
    shoulders, hips = landmarks_px[:, [11, 12]].mean(1), landmarks_px[:, [23, 24]].mean(1)
    return np.linalg.norm(shoulders - hips, axis=1)


def sight(landmarks_m: Array, view: View, ids: Ids, person: int, size: float) -> Sighting:
    """Where a person's landmarks are in the picture and which are seen.

    A landmark is seen if, within 2.5 cm of it in the picture, at least 30 % of the pixels show a limb that
    meets at it, no deeper or nearer than a slack (7 cm on hands, feet and face, up to 18 cm for the hip,
    whose joint lies that deep in the body). So a limb behind the own trunk, a pole or out of the
    frame is hidden; a joint inside the limb that is in front is seen.
    """
    places, depth = view.project(landmarks_m)
    width, height = view.size_px
    inside = (places >= 0).all(1) & (places[:, 0] < width) & (places[:, 1] < height)
    seen = np.array([
        inside[number] and _is_seen(places[number], float(depth[number]), name, (view, ids, person, size))
        for number, name in enumerate(LANDMARK_NAMES)
    ])  # fmt: skip
    rows, columns = np.nonzero(ids.objects == person)
    box = np.full(4, np.nan)
    if len(rows):
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float64)
    return Sighting(places, seen, inside, box)


def _is_seen(place: Array, depth: float, name: str, around: tuple[View, Ids, int, float]) -> bool:
    view, ids, person, size = around
    side, joint = _side_and_joint(name)
    parts = [part if part == "trunk" else f"{side}_{part}" for part in _OWN_PARTS.get(joint, ())] or ["head"]
    slack = _SLACK_M.get(joint, _SLACK_ELSEWHERE_M) * size
    radius = max(_DISC_M * size * view.focal_px / depth, 1.5)
    reach = int(np.ceil(radius))
    offsets: Array = np.arange(-reach, reach + 1).astype(np.float64)
    dx, dy = np.repeat(offsets, len(offsets)), np.tile(offsets, len(offsets))
    inside = dx**2 + dy**2 <= radius**2
    columns = _pixels(float(place[0]) + dx[inside], view.size_px[0])
    rows = _pixels(float(place[1]) + dy[inside], view.size_px[1])
    own = ids.objects[rows, columns] == person
    own &= np.isin(ids.parts[rows, columns], [PART_NAMES.index(part) for part in parts])
    own &= np.abs(ids.depth_m[rows, columns] - depth) <= slack
    return bool(own.mean() >= _OWN_SHARE)


def _pixels(places: Array, size: int) -> Numbers:
    nearest: Array = np.minimum(np.maximum(np.rint(places), 0), size - 1)
    return nearest.astype(np.int64)


def _side_and_joint(name: str) -> tuple[str, str]:
    side, _, joint = name.partition("_")
    return {"left": "L", "right": "R"}.get(side, ""), joint


def is_in_view(in_frame: Mask) -> bool:
    """Half of the twelve main joints lie inside the picture."""
    return bool(in_frame[list(MAIN_JOINTS)].sum() >= 6)


_STORED_AS: Final[dict[str, Any]] = {
    "landmarks_px": np.float32, "landmarks_m": np.float32, "center_of_mass_px": np.float32,
    "center_of_mass_m": np.float32, "box_px": np.float32, "bystanders_px": np.float32,
    "bystanders_box_px": np.float32, "hold_outline_m": np.float32,
}  # fmt: skip


def save(truth: Truth, path: Path) -> None:
    """Write the truth as a compressed npz."""
    values = {field.name: np.asarray(getattr(truth, field.name)) for field in fields(Truth)}
    stored = {name: value.astype(_STORED_AS.get(name, value.dtype)) for name, value in values.items()}
    np.savez_compressed(path, allow_pickle=False, **stored)


def load(path: Path) -> Truth:
    """Read what `save` wrote. Raises OSError or KeyError for another file."""
    with np.load(path, allow_pickle=False) as stored:
        found: dict[str, Any] = {field.name: stored[field.name] for field in fields(Truth)}
    for name in _STORED_AS:
        found[name] = found[name].astype(np.float64)
    for name in ("fps", "height_m", "overhang_deg", "focal_px"):
        found[name] = float(found[name])
    return Truth(**found)
