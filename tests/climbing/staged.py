"""Climbs of the renderer's body without pictures: what it does is planned, where its joints are is exact.

Faults are planted one at a time; contacts, moves and events are read from the motion as from any clip's.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.climbing.contacts import timeline_of
from ascension.climbing.events import events_of
from ascension.climbing.habits.reading import habits_of
from ascension.climbing.motion import Motion
from ascension.climbing.moves import moves_of
from ascension.climbing.record import Habits
from ascension.climbing.support import scene_of
from validation.climbing import PAUSE_S, Composer
from validation.motion import play
from validation.posing import Poser
from validation.rig import body_of
from validation.route import Route
from validation.scenes import Climber, CutFeet, Reach, Rest, Wall

FPS: Final = 20
_PX_PER_M: Final = 400.0


@dataclass(frozen=True)
class Sway:
    """The hips go aside and come back, and nothing is gained."""

    aside_m: float
    seconds: float = 1.4


Action = Reach | Rest | CutFeet | Sway


@dataclass(frozen=True)
class Staged:
    """A climb, and when each of its actions begins."""

    motion: Motion
    begins_s: tuple[float, ...]

    def habits(self) -> Habits:
        scene = scene_of(self.motion)
        timeline = timeline_of(scene)
        moves = moves_of(scene, timeline.contacts)
        return habits_of(self.motion, timeline.contacts, moves, events_of(scene, timeline, moves))


@cache
def staged(actions: tuple[Action, ...], overhang_deg: float = 5.0) -> Staged:
    """The body of the standard scenes doing `actions`; it ends half a second after the last."""
    climber, route = Climber(), Route(Wall(overhang_deg))
    composer = Composer(climber, body_of(climber.body), route)
    begins_s: list[float] = []
    for action in actions:
        begins_s.append(composer.now)
        _act(composer, action)
    composer.score.knot(composer.now + 60.0, composer.trunk)
    time_s = np.arange(round((composer.now + 0.5) * FPS)) / FPS
    motion = play(composer.score, composer.body, time_s, route.normal)
    poser = Poser(composer.body, route.normal, route.up)
    places: list[FloatArray] = []
    for frame in range(len(time_s)):
        pose = poser.pose(motion, frame)
        landmarks = composer.body.landmarks(pose, composer.body.skin(pose)[0])
        places.append(np.stack([landmarks @ route.right, landmarks @ route.up], axis=-1))
    return Staged(_motion(time_s, np.array(places), overhang_deg), tuple(begins_s))


def _act(composer: Composer, action: Action) -> None:
    match action:
        case Reach():
            composer.reach(action)
        case Rest():
            composer.now += action.seconds
        case CutFeet():
            composer.cut_feet()
        case Sway():
            aside = composer.trunk.copy()
            aside[0] += action.aside_m
            composer.score.knot(composer.now, composer.trunk)
            composer.score.knot(composer.now + action.seconds / 2, aside)
            composer.score.knot(composer.now + action.seconds, composer.trunk)
            composer.now += action.seconds + PAUSE_S


def _motion(time_s: FloatArray, places_m: FloatArray, overhang_deg: float) -> Motion:
    """Seen by a camera far away, straight in front of the wall."""
    frames = len(time_s)
    flip = np.array([_PX_PER_M, -_PX_PER_M])
    poses = PoseSequence(time_s, np.ones(frames, np.bool_), places_m * flip + 2000, np.ones((frames, 33)))
    shoulders = places_m[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    hips = places_m[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    return Motion(
        poses=poses,
        landmarks=places_m,
        center_of_mass=(center_of_mass_px(poses) - 2000) / flip,
        unit="m",
        torso=float(np.median(np.linalg.norm(shoulders - hips, axis=1))),
        overhang_deg=overhang_deg,
        error_pct=0.0,
    )
