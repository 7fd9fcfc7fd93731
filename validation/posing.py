"""One frame of a motion as bones: trunk first, then each arm and leg by two-bone inverse kinematics."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.geometry import (
    FORWARD,
    RIGHT,
    UP,
    Array,
    across,
    between,
    carrying,
    cross,
    euler,
    shortest,
    turn,
    twist_deg,
    unit,
    vector,
)
from validation.motion import Motion, chest_rotation, hip_m, pelvis_rotation
from validation.rig import OUTWARD, SIDES, Body, Pose, Side
from validation.scenes import Limb

_SPINE: Final = ("spine05", "spine04", "spine03", "spine02", "spine01")
_NECK: Final = {"neck01": 0.20, "neck02": 0.42, "neck03": 0.65, "head": 1.0, "eye.L": 1.0, "eye.R": 1.0}
_FINGER_BENDS_DEG: Final = (22.0, 48.0, 38.0)
_REFINEMENTS: Final = 3


@dataclass(frozen=True)
class _Bent:
    """A two-bone limb: middle joint, end, and the normal of the plane in which it bends."""

    joint: Array
    end: Array
    normal: Array


@dataclass(frozen=True)
class _Limb:
    """An arm or a leg at rest: how its two bones and its end are called, how long they are, where it bends.

    `twists`: how much of the end's twist each half of the lower bone takes.
    """

    upper: str
    lower: str
    end: str
    rest: tuple[Array, Array]
    hinge: Array
    lengths: tuple[float, float]
    twists: tuple[float, float]


@dataclass(frozen=True)
class _Goal:
    """Where a limb begins, the trunk's rotation there, where it bends to; place and rotation of its end."""

    begin: Array
    trunk: Array
    pole: Array
    end: Array
    turned: Array


class Poser:
    """Poses one body on one wall, frame by frame."""

    def __init__(self, body: Body, wall_normal: Array, wall_up: Array) -> None:
        self.body, self.normal, self.up = body, wall_normal, wall_up
        self.toes = {
            side: body.rest_points[body.points.index(f"{word}_big_toe")] + vector(0, -0.015, -0.012)
            for side, word in (("L", "left"), ("R", "right"))
        }
        self.arms = {side: _arm(body, side) for side in SIDES}
        self.legs = {side: _leg(body, side) for side in SIDES}

    def pose(self, motion: Motion, frame: int) -> Pose:
        """The bones of a frame."""
        trunk, facing_deg = motion.trunk[frame], float(motion.facing_deg[frame])
        feet = np.array([motion.limbs["LF"].place_m[frame], motion.limbs["RF"].place_m[frame]])
        chest = chest_rotation(trunk, facing_deg)
        pelvis = pelvis_rotation(trunk, facing_deg, feet)
        rotations = np.tile(chest, (len(self.body.bones), 1, 1))
        for bone in ("root", "pelvis.L", "pelvis.R"):
            rotations[self.body.index[bone]] = pelvis
        for number, bone in enumerate(_SPINE):
            rotations[self.body.index[bone]] = between(pelvis, chest, (number + 0.6) / 4.6)
        root = trunk[:3]
        self._turn_head(rotations, root, chest, motion.gaze_m[frame])
        for side in SIDES:
            self._place_arm(rotations, root, chest, side, motion, frame)
            self._place_leg(rotations, root, pelvis, side, motion, frame)
        return self.body.pose(rotations, root)

    def _turn_head(self, rotations: Array, root: Array, chest: Array, gaze: Array) -> None:
        body = self.body
        eyes = body.head_of("head", rotations, root) + vector(0, 0.05, 0.06)
        wanted = chest.T @ unit(gaze - eyes)
        yaw = float(np.clip(np.arctan2(-wanted[0], max(wanted[1], 0.15)), -0.8, 0.8))
        pitch = float(np.clip(np.arcsin(np.clip(wanted[2], -1, 1)), -0.75, 0.6))
        head = chest @ euler("ZX", [0.85 * yaw, 0.85 * pitch])
        for bone, share in _NECK.items():
            rotations[body.index[bone]] = between(chest, head, share)

    def _place_arm(
        self, rotations: Array, root: Array, chest: Array, side: Side, motion: Motion, frame: int
    ) -> None:
        body, limbs = self.body, self.body.limbs[side]
        track = motion.limbs[_limb(side, "H")]
        goal, gripping = track.place_m[frame], float(track.on_wall[frame])
        self._raise_shoulder(rotations, root, chest, side, goal)
        shoulder = body.head_of(f"upperarm01.{side}", rotations, root)
        facing = turn(UP, float(motion.facing_deg[frame]))
        fingers, palm = self._hand_axes(goal - shoulder, side, gripping, facing)
        hand = carrying(limbs.fingers, limbs.palm, fingers, palm)
        wrist = goal - fingers * limbs.hand * 0.93 + self.normal * 0.025 * gripping
        held = vector(0.75 * OUTWARD[side], -0.30, -0.62)
        hanging = vector(0.35 * OUTWARD[side], -0.95, -0.25)
        pole = facing @ (held * gripping + hanging * (1 - gripping))
        self._place_limb(rotations, root, self.arms[side], _Goal(shoulder, chest, pole, wrist, hand))
        for bone in body.named(side, "wrist", "metacarpal", "finger"):
            rotations[bone] = hand
        self._bend_fingers(rotations, side, hand, cross(fingers, palm), gripping)

    def _raise_shoulder(self, rotations: Array, root: Array, chest: Array, side: Side, goal: Array) -> None:
        """The collar bone lifts with a raised arm."""
        body = self.body
        rest_shoulder = root + chest @ (body.head(f"upperarm01.{side}") - body.head("root"))
        raised_deg = np.rad2deg(np.arcsin(np.clip(unit(goal - rest_shoulder)[2], -1, 1)))
        lift_deg = float(np.clip(0.27 * (raised_deg + 10), 0, 24))
        lifted = chest @ turn(FORWARD, -OUTWARD[side] * lift_deg)
        rotations[body.index[f"clavicle.{side}"]] = lifted
        rotations[body.index[f"shoulder01.{side}"]] = between(chest, lifted, 0.7)

    def _hand_axes(self, reach: Array, side: Side, gripping: float, facing: Array) -> tuple[Array, Array]:
        """Where fingers and palm point: on the wall up and at the wall, free along the arm and inward."""
        along = unit(reach)
        flat = unit(along - self.normal * (along @ self.normal))
        holding = unit(0.55 * flat + 0.6 * self.up - 0.12 * self.normal)
        fingers = unit(holding * gripping + along * (1 - gripping))
        inward = facing @ vector(-OUTWARD[side], 0.25, 0)
        palm = across(-self.normal * gripping + inward * (1 - gripping), fingers)
        return fingers, palm

    def _bend_fingers(self, rotations: Array, side: Side, hand: Array, hinge: Array, gripping: float) -> None:
        for finger in "2345":
            bend_deg = 0.0
            for joint, share_deg in enumerate(_FINGER_BENDS_DEG, 1):
                bend_deg += share_deg * (0.35 + 0.65 * gripping)
                rotations[self.body.index[f"finger{finger}-{joint}.{side}"]] = turn(hinge, bend_deg) @ hand

    def _place_leg(
        self, rotations: Array, root: Array, pelvis: Array, side: Side, motion: Motion, frame: int
    ) -> None:
        body = self.body
        track = motion.limbs[_limb(side, "F")]
        facing = turn(UP, float(motion.facing_deg[frame]))
        wall, floor = float(track.on_wall[frame]), float(track.on_floor[frame])
        foot = self._foot(facing, side, wall, floor)
        ankle = track.place_m[frame] - foot @ (self.toes[side] - body.head(f"foot.{side}"))
        hip = root + pelvis @ hip_m(body, side)
        on_wall, below = vector(1.0 * OUTWARD[side], 0.28, 0.35), vector(0.16 * OUTWARD[side], 1.0, 0.1)
        pole = (pelvis @ on_wall) * wall + (facing @ below) * (1 - wall)
        self._place_limb(rotations, root, self.legs[side], _Goal(hip, pelvis, pole, ankle, foot))
        for bone in body.named(side, "foot", "toe"):
            rotations[bone] = foot

    def _place_limb(self, rotations: Array, root: Array, limb: _Limb, goal: _Goal) -> None:
        """Two bones to the goal; what the skin's halves of a bone add is corrected by aiming again."""
        target = goal.end.copy()
        for _ in range(_REFINEMENTS):
            bent = _bend(goal.begin, target, limb.lengths, goal.pole)
            upper = carrying(limb.rest[0], limb.hinge, bent.joint - goal.begin, bent.normal)
            lower = carrying(limb.rest[1], limb.hinge, bent.end - bent.joint, bent.normal)
            swung = shortest(goal.trunk @ limb.rest[0], bent.joint - goal.begin) @ goal.trunk
            self._spread(rotations, limb.upper, swung, upper, (0.6, 1.0))
            self._spread(rotations, limb.lower, lower, goal.turned, limb.twists, about=bent.end - bent.joint)
            target = target + goal.end - self.body.head_of(limb.end, rotations, root)

    def _foot(self, facing: Array, side: Side, wall: float, floor: float) -> Array:
        """Toes on the wall, flat on the floor, hanging in the air."""
        on_wall = turn(UP, -16 * OUTWARD[side]) @ turn(RIGHT, 6)
        flat = facing @ turn(UP, -8 * OUTWARD[side])
        hanging = flat @ turn(RIGHT, -32)
        if wall + floor < 1e-6:
            return hanging
        below = between(hanging, flat, floor / max(1 - wall, 1e-6)) if wall < 1 else flat
        return between(below, on_wall, wall)

    def _spread(
        self,
        rotations: Array,
        bones: str,
        first: Array,
        last: Array,
        shares: tuple[float, float],
        about: Array | None = None,
    ) -> None:
        """Share a limb's twist over its two bones, as skin does."""
        for number, share in enumerate(shares, 1):
            bone = self.body.index[bones.format(number)]
            if about is None:
                rotations[bone] = between(first, last, share)
            else:
                rotations[bone] = turn(about, share * twist_deg(last @ first.T, about)) @ first


def _limb(side: Side, kind: str) -> Limb:
    names: dict[str, Limb] = {"LH": "LH", "RH": "RH", "LF": "LF", "RF": "RF"}
    return names[side + kind]


def _arm(body: Body, side: Side) -> _Limb:
    rest = _rest_of(body, side, "upperarm01", "lowerarm01", "wrist")
    lengths = (body.limbs[side].upper_arm, body.limbs[side].forearm)
    bones = (f"upperarm0{{}}.{side}", f"lowerarm0{{}}.{side}", f"wrist.{side}")
    return _Limb(*bones, rest, cross(rest[0], rest[1]), lengths, (0.3, 0.7))


def _leg(body: Body, side: Side) -> _Limb:
    rest = _rest_of(body, side, "upperleg01", "lowerleg01", "foot")
    whole = rest[0] + rest[1]
    lengths = (body.limbs[side].thigh, body.limbs[side].shank)
    bones = (f"upperleg0{{}}.{side}", f"lowerleg0{{}}.{side}", f"foot.{side}")
    return _Limb(*bones, rest, cross(across(FORWARD, whole), whole), lengths, (0.0, 0.4))


def _rest_of(body: Body, side: Side, *bones: str) -> tuple[Array, Array]:
    first, second, third = (body.head(f"{bone}.{side}") for bone in bones)
    return second - first, third - second


def _bend(begin: Array, end: Array, lengths: tuple[float, float], pole: Array) -> _Bent:
    """Two bones from `begin` towards `end`, bent towards `pole`; an end too far away is not reached."""
    way = end - begin
    length = min(float(np.linalg.norm(way)), sum(lengths) * 0.998)
    along, side = unit(way), across(pole, way)
    foot = (lengths[0] ** 2 - lengths[1] ** 2 + length**2) / (2 * length)
    height = float(np.sqrt(max(lengths[0] ** 2 - foot**2, 1e-8)))
    return _Bent(begin + along * foot + side * height, begin + along * length, cross(side, along))
