"""The body: a mesh on 104 bones, its shape, its landmarks and its center of mass.

The body stands at rest with the arms held down and out, looks along +y and has its left at -x.
A pose is one world rotation per bone, relative to rest, and the place of the root bone.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_NAMES
from validation.geometry import RIGHT, Array, across, unit, vector
from validation.scenes import BodyShape

BODIES: Final = Path(__file__).parent / "bodies"
Side = Literal["L", "R"]
SIDES: Final[tuple[Side, Side]] = ("L", "R")
OUTWARD: Final[dict[Side, float]] = {"L": -1.0, "R": 1.0}
"""Sign of x towards the outside of each side."""

Faces = NDArray[np.int64]

_LIMB_PARTS: Final = ("upper_arm", "forearm", "hand", "thigh", "shank", "foot")
PART_NAMES: Final = ("head", "trunk", *(f"{side}_{part}" for side in SIDES for part in _LIMB_PARTS))
_PART_OF_BONE: Final = {
    "upperarm": "upper_arm", "lowerarm": "forearm", "wrist": "hand", "finger": "hand", "metacarpal": "hand",
    "upperleg": "thigh", "lowerleg": "shank", "foot": "foot", "toe": "foot",
}  # fmt: skip
_ARM_BONES: Final = ("shoulder", "upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_SCALED: Final = ("upperarm", "lowerarm", "upperleg", "lowerleg")
_NEXT_BONE: Final = {
    "upperarm": "lowerarm01", "lowerarm": "wrist", "upperleg": "lowerleg01", "lowerleg": "foot",
}  # fmt: skip


@dataclass(frozen=True)
class Pose:
    """Bones of one body in the world: rotations (bones, 3, 3) from rest, heads (bones, 3) in meters."""

    rotations: Array
    heads: Array


@dataclass(frozen=True)
class Limbs:
    """Lengths in meters of one side at rest, and how its hand points."""

    upper_arm: float
    forearm: float
    hand: float
    thigh: float
    shank: float
    fingers: Array
    palm: Array

    @property
    def arm(self) -> float:
        """From the shoulder to where the fingers hold."""
        return self.upper_arm + self.forearm + 0.9 * self.hand

    @property
    def leg(self) -> float:
        return self.thigh + self.shank


class Body:
    """A mesh with bones. All arrays are at rest, in meters."""

    def __init__(self, shape: BodyShape) -> None:
        stored = _load("topology")
        self.bones: list[str] = [str(name) for name in stored["bones"]]
        self.index = {name: number for number, name in enumerate(self.bones)}
        self.parents = [int(parent) for parent in stored["parents"]]
        self.faces: dict[str, Faces] = {
            part: stored[f"faces_{part}"].astype(np.int64) for part in ("skin", "clothes", "hair")
        }
        self.points = [str(name) for name in stored["point_names"]]
        vertices = _load(shape.base)["vertices"].astype(np.float64)
        self._weights = _sparse(stored, "weight", "bones", (len(vertices), len(self.bones)))
        self._point_weights = _sparse(stored, "point", "vertices", (len(self.points), len(vertices)))
        self.vertices, self.heads = self._shaped(
            vertices, _load(shape.base)["heads"].astype(np.float64), shape
        )
        self.height_m = shape.height_m
        self.limbs = {side: self._limbs(side) for side in SIDES}
        self.part_of_vertex = self._parts()
        arms = [bone.startswith(_ARM_BONES) for bone in self.bones]
        self.arm_weight: Array = self._weights @ np.array(arms, np.float64)
        self.rest_points: Array = self._point_weights @ self.vertices

    def head(self, bone: str) -> Array:
        """Where a bone begins, at rest."""
        found: Array = self.heads[self.index[bone]]
        return found

    def named(self, side: Side, *beginnings: str) -> list[int]:
        """Numbers of one side's bones whose names begin so."""
        return [
            number
            for name, number in self.index.items()
            if name.endswith(f".{side}") and name.startswith(beginnings)
        ]

    def pose(self, rotations: Array, root: Array) -> Pose:
        """Hang the bones on each other, the root bone at `root`."""
        return Pose(rotations, _chain(self.parents, self.heads, rotations, root))

    def head_of(self, bone: str, rotations: Array, root: Array) -> Array:
        """Where one bone begins, the root bone at `root`."""
        place, number = root, self.index[bone]
        while (parent := self.parents[number]) >= 0:
            place = place + rotations[parent] @ (self.heads[number] - self.heads[parent])
            number = parent
        return place

    def skin(self, pose: Pose, offsets: Array | None = None) -> tuple[Array, Array]:
        """Vertices (n, 3) of the posed mesh, and of the same mesh with `offsets` (n, 3) added at rest."""
        shift = pose.heads - np.einsum("bij,bj->bi", pose.rotations, self.heads)
        blend = self._weights @ np.concatenate([pose.rotations, shift[:, :, None]], 2).reshape(-1, 12)
        turned, moved = blend.reshape(-1, 3, 4)[:, :, :3], blend.reshape(-1, 3, 4)[:, :, 3]
        skin = np.einsum("vij,vj->vi", turned, self.vertices) + moved
        if offsets is None:
            return skin, skin
        return skin, skin + np.einsum("vij,vj->vi", turned, offsets)

    def landmarks(self, pose: Pose, skin: Array) -> Array:
        """(33, 3): joints are the bones' own, points of face and feet lie on the skin."""
        named = dict(zip(self.points, self._point_weights @ skin, strict=True))
        head = pose.rotations[self.index["head"]]
        found = {"nose": named["nose"]}
        for side, word in zip(SIDES, ("left", "right"), strict=True):
            outward = head @ (RIGHT * OUTWARD[side])
            eye = named[f"{word}_eye"]
            found |= {
                f"{word}_eye": eye,
                f"{word}_eye_inner": eye - 0.015 * outward,
                f"{word}_eye_outer": eye + 0.015 * outward,
                f"{word}_ear": named[f"{word}_ear"],
                f"mouth_{word}": named["nose"] + 0.025 * outward + head @ vector(0, -0.02, -0.045),
                f"{word}_heel": named[f"{word}_heel"],
                f"{word}_foot_index": named[f"{word}_big_toe"],
            }
            for joint, bone in _JOINT_BONES.items():
                found[f"{word}_{joint}"] = pose.heads[self.index[f"{bone}.{side}"]]
        return np.array([found[name] for name in LANDMARK_NAMES])

    def center_of_mass(self, skin: Array) -> Array:
        """Centroid of the skin's volume at uniform density: differs from a living body by the lungs' air."""
        first, second, third = (skin[self.faces["skin"][:, corner]] for corner in range(3))
        volumes = np.einsum("ij,ij->i", first, np.cross(second, third))
        return ((first + second + third) / 4 * volumes[:, None]).sum(0) / volumes.sum()

    def _limbs(self, side: Side) -> Limbs:
        def length(first: str, second: str) -> float:
            return float(np.linalg.norm(self.head(f"{second}.{side}") - self.head(f"{first}.{side}")))

        fingers = unit(self.head(f"finger3-1.{side}") - self.head(f"wrist.{side}"))
        bent = self.head(f"finger3-3.{side}") - self.head(f"finger3-2.{side}")
        return Limbs(
            upper_arm=length("upperarm01", "lowerarm01"),
            forearm=length("lowerarm01", "wrist"),
            hand=length("wrist", "finger3-2"),
            thigh=length("upperleg01", "lowerleg01"),
            shank=length("lowerleg01", "foot"),
            fingers=fingers,
            palm=across(bent, fingers),
        )

    def _parts(self) -> NDArray[np.int64]:
        """(vertices,) index into PART_NAMES of the bone that moves each vertex most."""
        return np.array([_part_of(bone) for bone in self.bones])[
            np.asarray(self._weights.argmax(axis=1)).ravel()
        ]

    def _shaped(self, vertices: Array, heads: Array, shape: BodyShape) -> tuple[Array, Array]:
        """Mesh and bones with longer or shorter limbs, more or less girth, at the asked height."""
        stretch = np.array([_stretch(self, heads, bone, shape) for bone in self.bones])
        placed = _chain(self.parents, heads, stretch, heads[0])
        shift = placed - np.einsum("bij,bj->bi", stretch, heads)
        blend = (self._weights @ np.concatenate([stretch, shift[:, :, None]], 2).reshape(-1, 12)).reshape(
            -1, 3, 4
        )
        shaped = np.einsum("vij,vj->vi", blend[:, :, :3], vertices) + blend[:, :, 3]
        skin = shaped[np.unique(self.faces["skin"])]
        factor = shape.height_m / float(np.ptp(skin[:, 2]))
        return shaped * factor, placed * factor


_JOINT_BONES: Final = {
    "shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist", "pinky": "finger5-1",
    "index": "finger2-1", "thumb": "finger1-2", "hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot",
}  # fmt: skip


@cache
def body_of(shape: BodyShape) -> Body:
    """The same body is built once."""
    return Body(shape)


def _load(name: str) -> dict[str, NDArray[Any]]:
    with np.load(BODIES / f"{name}.npz") as stored:
        return {key: stored[key] for key in stored.files}


def _sparse(stored: dict[str, NDArray[Any]], name: str, columns: str, shape: tuple[int, int]) -> Any:
    parts = (stored[f"{name}_data"].astype(np.float64), stored[f"{name}_{columns}"], stored[f"{name}_starts"])
    return sp.csr_matrix(parts, shape=shape)


def _chain(parents: list[int], rest: Array, rotations: Array, root: Array) -> Array:
    steps = np.einsum("bij,bj->bi", rotations[parents], rest - rest[parents])
    heads = np.empty_like(rest)
    for bone, parent in enumerate(parents):
        heads[bone] = root if parent < 0 else heads[parent] + steps[bone]
    return heads


def _part_of(bone: str) -> int:
    if bone.startswith(("neck", "head", "eye")):
        return PART_NAMES.index("head")
    for beginning, part in _PART_OF_BONE.items():
        if bone.startswith(beginning):
            return PART_NAMES.index(f"{bone[-1]}_{part}")
    return PART_NAMES.index("trunk")


def _stretch(body: Body, heads: Array, bone: str, shape: BodyShape) -> Array:
    """(3, 3): limbs longer along the bone and thicker across, the trunk thicker but not taller."""
    kind = next((kind for kind in _SCALED if bone.startswith(kind)), None)
    if kind is not None:
        first, last = f"{kind}01.{bone[-1]}", f"{_NEXT_BONE[kind]}.{bone[-1]}"
        along = unit(heads[body.index[last]] - heads[body.index[first]])
        length = shape.arm if "arm" in kind else shape.leg
        return np.outer(along, along) * (length - shape.girth) + np.eye(3) * shape.girth
    if bone.startswith(("root", "pelvis", "spine", "clavicle", "shoulder")):
        return np.diag([1 + 0.6 * (shape.girth - 1), shape.girth, 1.0])
    return np.eye(3)
