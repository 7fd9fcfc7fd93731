"""Made-up climbers: told when which end goes where, played at any frame rate, with an exact answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ascension.biomechanics.balance import center_of_mass
from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.climbing.contacts import Timeline, timeline_of
from ascension.climbing.limbs import END_LANDMARKS, LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.support import Scene, scene_of

LEFT_HAND, RIGHT_HAND, LEFT_FOOT, RIGHT_FOOT = LIMBS
Place = tuple[float, float]

TORSO_M = 0.5
PX_PER_M = 200.0
TRUNK_M = {"SHOULDER": (0.2, 0.5), "HIP": (0.12, 0.0)}
"""From the middle of the hips; x is outwards, y up."""
HAND_M = ((0.0, -0.09), (0.0, -0.03), (0.0, -0.03))
FOOT_M = ((0.0, 0.1), (0.0, -0.1), (0.0, 0.0))
"""Landmarks of an end around the place that it touches, in the order of END_LANDMARKS."""


@dataclass(frozen=True)
class Way:
    """An end leaves its place and arrives at another, by minimum jerk. `with_hips`: `to` is from the hips."""

    limb: Limb
    leaves_s: float
    arrives_s: float
    to: Place
    with_hips: bool = False


@dataclass(frozen=True)
class Climber:
    """Starts on four holds; hips follow the ends unless told."""

    lasts_s: float = 5.0
    start: tuple[Place, Place, Place, Place] = ((-0.3, 2.2), (0.3, 2.2), (-0.25, 0.6), (0.25, 0.6))
    starts_with_hips: tuple[Limb, ...] = ()
    ways: tuple[Way, ...] = ()
    hips: Callable[[FloatArray], FloatArray] | None = None
    hidden: dict[Limb, tuple[float, float]] = field(default_factory=dict[Limb, tuple[float, float]])
    gone: tuple[float, float] | None = None
    noise_m: float = 0.0
    size: float = 1.0
    unit_per_m: float = 1.0


def eased(share: FloatArray) -> FloatArray:
    """Minimum jerk from 0 to 1."""
    inside = np.clip(share, 0, 1)
    return 10 * inside**3 - 15 * inside**4 + 6 * inside**5


def path(*stops: tuple[float, Place]) -> Callable[[FloatArray], FloatArray]:
    """Hips that go from stop to stop, at times in seconds, by minimum jerk."""

    def at(time_s: FloatArray) -> FloatArray:
        places = np.tile(np.array(stops[0][1], np.float64), (len(time_s), 1))
        for (begin_s, begin), (end_s, end) in pairwise(stops):
            share = eased((time_s - begin_s) / (end_s - begin_s))
            places += np.outer(share, np.subtract(end, begin))
        return places

    return at


def motion(climber: Climber, fps: float = 30.0) -> Motion:
    """The climber as a motion."""
    time_s = np.arange(max(round(climber.lasts_s * fps), 1)) / fps
    hips = np.tile((0.0, 1.3), (len(time_s), 1)) if climber.hips is None else climber.hips(time_s)
    places = np.tile(hips[:, None] + (0.0, 0.65), (1, LANDMARK_COUNT, 1))
    for side, outwards in (("LEFT", -1.0), ("RIGHT", 1.0)):
        for name, (aside, up) in TRUNK_M.items():
            places[:, Landmark[f"{side}_{name}"]] = np.add(hips, (outwards * aside, up))
    for number, limb in enumerate(LIMBS):
        end = _end(climber, number, time_s, hips)
        for landmark, offset in zip(END_LANDMARKS[limb], HAND_M if limb.is_hand else FOOT_M, strict=True):
            places[:, landmark] = end + offset
    _bend(places)
    if climber.noise_m:
        places += np.random.default_rng(7).normal(0, climber.noise_m, places.shape)
    places *= climber.size
    visibility = np.ones((len(time_s), LANDMARK_COUNT))
    for limb, (start_s, end_s) in climber.hidden.items():
        inside = (time_s >= start_s) & (time_s < end_s)
        visibility[np.ix_(inside, np.array(END_LANDMARKS[limb]))] = 0.1
    person = np.ones(len(time_s), np.bool_)
    if climber.gone is not None:
        person = (time_s < climber.gone[0]) | (time_s >= climber.gone[1])
        places[~person], visibility[~person] = np.nan, np.nan
    landmarks = places * climber.unit_per_m
    return Motion(
        poses=PoseSequence(time_s, person, places * (PX_PER_M, -PX_PER_M), visibility),
        landmarks=landmarks,
        center_of_mass=center_of_mass(landmarks),
        unit="m" if climber.unit_per_m == 1 else "torso",
        torso=TORSO_M * climber.size * climber.unit_per_m,
    )


def read(climber: Climber, fps: float = 30.0) -> tuple[Scene, Timeline]:
    """What is read of a climber."""
    scene = scene_of(motion(climber, fps))
    return scene, timeline_of(scene)


def spans(climber: Climber, limb: Limb, fps: float = 30.0, kind: str = "hold") -> list[tuple[float, float]]:
    """The contacts of a limb and kind in seconds: first frame, first frame after."""
    _, timeline = read(climber, fps)
    return [
        (contact.start / fps, contact.end / fps)
        for contact in timeline.contacts
        if contact.limb is limb and contact.kind == kind
    ]


def _end(climber: Climber, number: int, time_s: FloatArray, hips: FloatArray) -> FloatArray:
    limb = LIMBS[number]
    at = np.tile(np.array(climber.start[number], np.float64), (len(time_s), 1))
    if limb in climber.starts_with_hips:
        at += hips
    for way in climber.ways:
        if way.limb is limb:
            share = eased((time_s - way.leaves_s) / (way.arrives_s - way.leaves_s))[:, None]
            goal = np.add(way.to, hips) if way.with_hips else np.tile(way.to, (len(time_s), 1))
            at = at + share * (goal - at)
    return at


def _bend(places: FloatArray) -> None:
    """Elbows and knees halfway, the trunk's other landmarks where they are."""
    for side in ("LEFT", "RIGHT"):
        for joint, upper, lower in (("ELBOW", "SHOULDER", "WRIST"), ("KNEE", "HIP", "ANKLE")):
            ends = [places[:, Landmark[f"{side}_{name}"]] for name in (upper, lower)]
            places[:, Landmark[f"{side}_{joint}"]] = (ends[0] + ends[1]) / 2
