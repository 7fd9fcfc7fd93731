"""What is known of every frame of a rendered clip, and its file. Its fields: validation/README.md."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_NAMES, MAIN_JOINTS
from validation.camera import View
from validation.geometry import Array, Mask, Numbers
from validation.renderer import Ids, Skins
from validation.rig import PART_NAMES, Body

LABEL_STEP: Final = 4
"""Label pictures are stored at every fourth pixel."""

_DISC_M: Final = 0.025
_UNCOVERED_SHARE: Final = 0.3
_SURFACE_SHARE: Final = 0.125
_SAME_SURFACE_M: Final = 0.02
_AROUND_M: Final = {
    "shoulder": 0.11, "elbow": 0.065, "wrist": 0.05, "pinky": 0.03, "index": 0.03, "thumb": 0.03,
    "hip": 0.15, "knee": 0.08, "ankle": 0.075, "heel": 0.045, "foot_index": 0.04,
}  # fmt: skip
"""The surface around a landmark reaches so far from it, at a height of 1.75 m."""
_AROUND_FACE_M: Final = 0.03


def _side_and_joint(name: str) -> tuple[str, str]:
    side, _, joint = name.partition("_")
    return {"left": "L", "right": "R"}.get(side, ""), joint


def _parts_that_meet(name: str) -> Numbers:
    side, joint = _side_and_joint(name)
    meeting = {
        "shoulder": ("trunk", "upper_arm"), "elbow": ("upper_arm", "forearm"), "wrist": ("forearm", "hand"),
        "pinky": ("hand",), "index": ("hand",), "thumb": ("hand",), "hip": ("trunk", "thigh"),
        "knee": ("thigh", "shank"), "ankle": ("shank", "foot"), "heel": ("foot",), "foot_index": ("foot",),
    }  # fmt: skip
    parts = [part if part == "trunk" else f"{side}_{part}" for part in meeting.get(joint, ())] or ["head"]
    return np.array([PART_NAMES.index(part) for part in parts])


_OWN_PARTS: Final = [_parts_that_meet(name) for name in LANDMARK_NAMES]


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


def sight(body: Body, landmarks_m: Array, skins: Skins, view: View, ids: Ids, person: int) -> Sighting:
    """Where a person's landmarks are in the picture and which are seen, as an eye would say.

    A landmark is seen if nothing else lies over it: within 2.5 cm of it in the picture, at least 30 % of the
    pixels show a limb that meets at it; and if its own limb does not cover it as a whole: at least an eighth
    of the skin or cloth around it (of a round limb, half can face the camera at best) is in front. So a hand
    behind the own trunk, a pole or out of the frame is hidden, and an ankle behind the knee; an ankle below
    the hem of a shank that points at the camera is seen.
    """
    places, depth = view.project(landmarks_m)
    width, height = view.size_px
    inside = (places >= 0).all(1) & (places[:, 0] < width) & (places[:, 1] < height)
    in_front = _in_front(skins, view, ids, person, body.height_m / 1.75)
    radius_px = np.maximum(_DISC_M * body.height_m / 1.75 * view.focal_px / depth, 1.5)
    seen = np.array([
        inside[number]
        and _uncovered_share(places[number], float(radius_px[number]), own, ids, person) >= _UNCOVERED_SHARE
        and _surface_share(around, own, in_front) >= _SURFACE_SHARE
        for number, (own, around) in enumerate(zip(_OWN_PARTS, _surfaces(body), strict=True))
    ])  # fmt: skip
    rows, columns = np.nonzero(ids.objects == person)
    box = np.full(4, np.nan)
    if len(rows):
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float64)
    return Sighting(places, seen, inside, box)


def _uncovered_share(place: Array, radius_px: float, own: Numbers, ids: Ids, person: int) -> float:
    """Of the disc around a landmark: how much shows its own limb, however near."""
    reach = int(np.ceil(radius_px))
    offsets: Array = np.arange(-reach, reach + 1).astype(np.float64)
    dx, dy = np.repeat(offsets, len(offsets)), np.tile(offsets, len(offsets))
    inside = dx**2 + dy**2 <= radius_px**2
    columns = _pixels(float(place[0]) + dx[inside], ids.objects.shape[1])
    rows = _pixels(float(place[1]) + dy[inside], ids.objects.shape[0])
    shown = (ids.objects[rows, columns] == person) & np.isin(ids.parts[rows, columns], own)
    return float(shown.mean())


def _surface_share(around: list[Numbers], own: Numbers, in_front: Numbers) -> float:
    """Of the skin around a landmark, or of the cloth over it: how much is in front."""
    return max(float(np.isin(in_front[:, vertices], own).any(axis=0).mean()) for vertices in around)


def _in_front(skins: Skins, view: View, ids: Ids, person: int, size: float) -> Numbers:
    """(2, vertices) of the bare and the clothed body: which part is seen there, -1 where none."""
    found = np.full((2, len(skins.bare)), -1)
    height, width = ids.objects.shape
    for row, vertices in enumerate((skins.bare, skins.clothed)):
        places, depth = view.project(vertices)
        x, y = np.floor(places).T
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        columns, rows = _pixels(x, width), _pixels(y, height)
        seen = inside & (ids.objects[rows, columns] == person)
        seen &= np.abs(ids.depth_m[rows, columns] - depth) <= _SAME_SURFACE_M * size
        found[row, seen] = ids.parts[rows, columns][seen]
    return found


@cache
def _surfaces(body: Body) -> list[list[Numbers]]:
    """Of each landmark: the vertices around it at rest, of the skin and, where there is one, of the cloth."""
    upright = body.pose(np.tile(np.eye(3), (len(body.bones), 1, 1)), body.heads[0])
    landmarks = body.landmarks(upright, body.vertices)
    kinds = [np.unique(body.faces[kind]) for kind in ("skin", "clothes")]
    found: list[list[Numbers]] = []
    for place, name, own in zip(landmarks, LANDMARK_NAMES, _OWN_PARTS, strict=True):
        radius_m = _AROUND_M.get(_side_and_joint(name)[1], _AROUND_FACE_M) * body.height_m / 1.75
        near = np.linalg.norm(body.vertices - place, axis=1) <= radius_m
        near &= np.isin(body.part_of_vertex, own)
        found.append([vertices for kind in kinds if len(vertices := kind[near[kind]])])
    return found


def _pixels(places: Array, size: int) -> Numbers:
    nearest: Array = np.minimum(np.maximum(np.rint(places), 0), size - 1)
    return nearest.astype(np.int64)


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
