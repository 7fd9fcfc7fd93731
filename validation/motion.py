"""From a scene's actions to where trunk, hands, feet and eyes are in every frame.

The trunk follows cubic pieces between knots of place and velocity, so that a flight or a
fall is an exact parabola.
Hands and feet hang on anchors: a hold, a place on the floor, or a place beside the moving trunk.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal

import numpy as np
from scipy.interpolate import CubicHermiteSpline
from scipy.ndimage import gaussian_filter1d

from validation.geometry import FORWARD, UP, Array, Mask, ease, euler, interpolated, turn, unit, vector
from validation.rig import SIDES, Body, Side
from validation.scenes import Limb

LIMBS: Final[tuple[Limb, ...]] = ("LH", "RH", "LF", "RF")
GRAVITY_M_PER_S2: Final = 9.81

_FINEST_PULL: Final = 60
_LEG_REACH: Final = 0.965
_PULL_S: Final = 1.6 / 30
_FEWEST_PULL_FRAMES: Final = 1.6


class Phase(IntEnum):
    """What the person does in a frame."""

    ON_FLOOR = 1
    ON_WALL = 2
    IN_FLIGHT = 3
    FALLING = 4


@dataclass(frozen=True)
class Anchor:
    """Where a limb goes. `trunk`: `place` is meters right, forward and up of the pelvis, not of the world."""

    kind: Literal["hold", "floor", "trunk"]
    place: Array
    hold: str = ""


@dataclass(frozen=True)
class Transfer:
    """A limb leaves its anchor at `begin_s` and is on the next at `end_s`; `out_m`: how far out it swings."""

    begin_s: float
    end_s: float
    to: Anchor
    out_m: float = 0.10


@dataclass(frozen=True)
class Event:
    """Something that a scene has its climber do. `limb` and `hold` are empty where none is meant."""

    kind: str
    begin_s: float
    end_s: float
    limb: Limb | Literal[""] = ""
    hold: str = ""


@dataclass
class Score:
    """What one person does, in seconds: knots of the trunk, transfers of each limb, phases, gazes, events.

    A knot is place and velocity of x, y, z (m) and lean, roll, yaw (rad) of the trunk.
    """

    anchors: dict[Limb, Anchor]
    knots: list[tuple[float, Array, Array]]
    transfers: dict[Limb, list[Transfer]] = field(default_factory=lambda: {limb: [] for limb in LIMBS})
    phases: list[tuple[float, Phase]] = field(default_factory=list[tuple[float, Phase]])
    gazes: list[tuple[float, Array]] = field(default_factory=list[tuple[float, Array]])
    facings: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)])
    events: list[Event] = field(default_factory=list[Event])
    faults: list[Event] = field(default_factory=list[Event])
    arm_reach: float = 0.955
    """Share of an arm's length at which a hand pulls the trunk along; a raised shoulder reaches beyond 1."""

    def knot(self, time_s: float, place: Array, velocity: Array | None = None) -> None:
        """Knots must be given in order; one that is not later than the last replaces it."""
        while self.knots and self.knots[-1][0] >= time_s - 1e-6:
            self.knots.pop()
        self.knots.append((time_s, place.copy(), np.zeros(6) if velocity is None else velocity))


@dataclass(frozen=True)
class LimbTrack:
    """One limb through the frames. Shares are 0-1; neither on the wall nor on the floor is in the air."""

    place_m: Array
    on_wall: Array
    on_floor: Array
    hold: list[str]


@dataclass(frozen=True)
class Motion:
    """One person through the frames: trunk (n, 6) as in Score, facing (n,), what the eyes look at.

    Events and faults are the score's.
    """

    trunk: Array
    facing_deg: Array
    gaze_m: Array
    limbs: dict[Limb, LimbTrack]
    phase: Array
    events: list[Event]
    faults: list[Event]


def chest_rotation(trunk: Array, facing_deg: float) -> Array:
    """World rotation of the chest from lean, roll and yaw."""
    lean, roll, yaw = trunk[3:6]
    return turn(UP, facing_deg) @ euler("ZXY", [yaw, -lean, -roll])


def pelvis_rotation(trunk: Array, facing_deg: float, feet_m: Array) -> Array:
    """The pelvis follows the chest in part, and drops on the side of the lower foot."""
    drop = float(np.clip(14 * (feet_m[0, 2] - feet_m[1, 2]), -10, 10))
    lean, _, yaw = trunk[3:6]
    return turn(UP, facing_deg) @ euler("ZXY", [0.4 * yaw, -0.3 * lean, 0.0]) @ turn(FORWARD, 0.6 * drop)


def play(score: Score, body: Body, time_s: Array, normal: Array) -> Motion:
    """All frames of a score. Where a limb on a hold would not reach, the trunk is pulled to it."""
    times = np.array([knot[0] for knot in score.knots])
    places = np.array([knot[1] for knot in score.knots])
    velocities = np.array([knot[2] for knot in score.knots])
    trunk: Array = CubicHermiteSpline(times, places, velocities)(np.clip(time_s, times[0], times[-1]))
    trunk[:, 0] += 0.008 * np.sin(2.1 * time_s)
    trunk[:, 2] += 0.006 * np.sin(3.3 * time_s + 1)
    starts_s, facings_deg = np.array(score.facings, np.float64).T
    facing_deg = interpolated(time_s, starts_s, facings_deg)
    limbs: dict[Limb, LimbTrack] = {
        limb: _track(score, limb, trunk, facing_deg, time_s, normal) for limb in LIMBS
    }
    starts = np.array([begin for begin, _ in score.phases])
    kinds = np.array([int(phase) for _, phase in score.phases])
    phase = kinds[np.clip(np.searchsorted(starts, time_s, side="right") - 1, 0, None)]
    step_s = float(time_s[1] - time_s[0])
    pull = _pulls(trunk, facing_deg, limbs, body, normal, score.arm_reach, phase == Phase.IN_FLIGHT)
    smooth = max(_PULL_S / step_s, _FEWEST_PULL_FRAMES)
    trunk = trunk + gaussian_filter1d(pull, smooth, axis=0, mode="nearest")
    limbs = {limb: _track(score, limb, trunk, facing_deg, time_s, normal) for limb in LIMBS}
    gaze = _gaze(score, limbs, time_s)
    gaze = gaussian_filter1d(gaze, 0.15 / step_s, axis=0, mode="nearest")
    return Motion(trunk, facing_deg, gaze, limbs, phase, score.events, score.faults)


def _track(
    score: Score, limb: Limb, trunk: Array, facing_deg: Array, time_s: Array, normal: Array
) -> LimbTrack:
    """Blend from anchor to anchor; on the way a limb swings out of the wall and a little up."""
    frames = len(time_s)
    place = _anchored(score.anchors[limb], trunk, facing_deg)
    on_wall = np.full(frames, float(score.anchors[limb].kind == "hold"))
    on_floor = np.full(frames, float(score.anchors[limb].kind == "floor"))
    hold = [score.anchors[limb].hold] * frames
    lift = 0.05 if limb[1] == "H" else 0.06
    for transfer in score.transfers[limb]:
        share = (time_s - transfer.begin_s) / max(transfer.end_s - transfer.begin_s, 1e-6)
        moved = ease(share)[:, None]
        bump = np.sin(np.pi * np.clip(share, 0, 1))[:, None]
        swing = normal * transfer.out_m * bump**1.2 + UP * lift * (transfer.out_m / 0.1) * bump
        place = place + (_anchored(transfer.to, trunk, facing_deg) - place) * moved + swing
        on_wall += (float(transfer.to.kind == "hold") - on_wall) * moved[:, 0]
        on_floor += (float(transfer.to.kind == "floor") - on_floor) * moved[:, 0]
        free = (0.15 * bump[:, 0]) if transfer.to.kind == "hold" else 0.0
        on_wall -= np.minimum(on_wall, free)
        hold = [
            before if now <= 0 else (transfer.to.hold if now >= 1 else "")
            for before, now in zip(hold, share.tolist(), strict=True)
        ]
    return LimbTrack(place, on_wall, on_floor, hold)


def _anchored(anchor: Anchor, trunk: Array, facing_deg: Array) -> Array:
    if anchor.kind != "trunk":
        return np.tile(anchor.place, (len(trunk), 1))
    turns = np.array([turn(UP, angle) for angle in facing_deg])
    return trunk[:, :3] + turns @ anchor.place


def _gaze(score: Score, limbs: dict[Limb, LimbTrack], time_s: Array) -> Array:
    """Between the hands, unless the score says where to."""
    gaze = (limbs["LH"].place_m + limbs["RH"].place_m) / 2
    for begin, target in score.gazes:
        gaze[time_s >= begin] = target
    return gaze


def _pulls(
    trunk: Array,
    facing_deg: Array,
    limbs: dict[Limb, LimbTrack],
    body: Body,
    normal: Array,
    arm_reach: float,
    in_flight: Mask,
) -> Array:
    """(n, 6) how far the trunk must move until contacts are within reach and the body is off the wall.

    In flight there is nothing to pull at.
    """
    pulled = trunk.copy()
    for frame in np.flatnonzero(~in_flight).tolist():
        for _ in range(_FINEST_PULL):
            chest = chest_rotation(pulled[frame], float(facing_deg[frame]))
            moves = [
                *_reach_corrections(frame, pulled[frame], chest, limbs, body, normal, arm_reach),
                *_wall_corrections(pulled[frame], chest, body, normal),
            ]
            if not moves:
                break
            for move in moves:
                pulled[frame, :3] += move
    return pulled - trunk


def _reach_corrections(
    frame: int,
    trunk: Array,
    chest: Array,
    limbs: dict[Limb, LimbTrack],
    body: Body,
    normal: Array,
    arm_reach: float,
) -> list[Array]:
    found: list[Array] = []
    for side in SIDES:
        shoulder = trunk[:3] + chest @ shoulder_m(body, side)
        hip = trunk[:3] + hip_m(body, side)
        hand, foot = limbs["LH" if side == "L" else "RH"], limbs["LF" if side == "L" else "RF"]
        ankle = ankle_m(foot.place_m[frame], normal, float(foot.on_wall[frame]))
        for begin, end, reach, held in (
            (shoulder, hand.place_m[frame], body.limbs[side].arm * arm_reach, hand.hold[frame] != ""),
            (hip, ankle, body.limbs[side].leg * _LEG_REACH, foot.on_wall[frame] + foot.on_floor[frame] > 0.9),
        ):
            way = end - begin
            length = float(np.linalg.norm(way))
            if held and length > reach + 1e-3:
                found.append(way / length * (length - reach) * 0.5)
    return found


def _wall_corrections(trunk: Array, chest: Array, body: Body, normal: Array) -> list[Array]:
    """The chest's front and the belly stay out of the wall."""
    size = body.height_m / 1.75
    found: list[Array] = []
    for height, forward, clear in ((0.72, 0.10, 0.27), (0.45, 0.06, 0.25), (0.0, 0.0, 0.20)):
        point = trunk[:3] + chest @ vector(0, forward, height) * size
        missing = clear * size - float(point @ normal)
        if missing > 1e-3:
            found.append(normal * missing * 0.5)
    return found


def shoulder_m(body: Body, side: Side) -> Array:
    """From the root bone to the shoulder, at rest."""
    return body.head(f"upperarm01.{side}") - body.head("root")


def hip_m(body: Body, side: Side) -> Array:
    """From the root bone to the hip, at rest."""
    return body.head(f"upperleg01.{side}") - body.head("root")


def ankle_m(toes: Array, normal: Array, on_wall: float) -> Array:
    """About where the ankle is when the toes are there; the pose itself finds the exact place."""
    away = unit(normal * on_wall - FORWARD * (1 - on_wall))
    return toes + 0.17 * away + vector(0, 0, 0.05)
