"""A stick climber whose joints are set to the degree, in torso lengths; contacts and moves by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.climbing.habits.reading import habits_of
from ascension.climbing.limbs import END_LANDMARKS, FEET, LIMBS, Limb
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.record import (
    Attempt,
    Contact,
    Event,
    EventKind,
    Habit,
    HabitKind,
    Habits,
    Move,
    MoveKind,
)

Place = tuple[float, float]
Path = Callable[[FloatArray], FloatArray]
PX: Final = 100.0
UPPER_ARM: Final = 0.65
FOREARM: Final = 0.55
_ARM_UP_DEG: Final = 30.0
_SIDES: Final = (("LEFT", -1.0), ("RIGHT", 1.0))


@dataclass(frozen=True)
class Stick:
    """Hips follow `hips` (time -> (n, 2)); arms are bent to `elbow_deg`; `legs`: hip to ankle, straight down.

    ends: places of ends that go their own way; hidden: ends that are not seen; unit_length: of a torso
    """

    lasts_s: float = 6.0
    fps: float = 30.0
    elbow_deg: float = 180.0
    legs: float = 1.2
    hips: Path | None = None
    ends: dict[Limb, Path] = field(default_factory=dict[Limb, Path])
    hidden: tuple[Limb, ...] = ()
    overhang_deg: float | None = None
    registered: bool = True
    unit: Unit = "torso"
    unit_length: float = 1.0
    mirrored: bool = False
    noise: float = 0.0

    @property
    def time_s(self) -> FloatArray:
        return np.arange(round(self.lasts_s * self.fps)) / self.fps

    def frame(self, time_s: float) -> int:
        return round(time_s * self.fps)

    def motion(self) -> Motion:
        time_s = self.time_s
        hips = np.zeros((len(time_s), 2)) if self.hips is None else self.hips(time_s)
        places = np.tile(hips[:, None], (1, LANDMARK_COUNT, 1))
        for side, outward in _SIDES:
            self._arm(places, side, outward, hips)
            self._leg(places, side, outward, hips)
        for limb, path in self.ends.items():
            for landmark in END_LANDMARKS[limb]:
                places[:, landmark] = path(time_s)
        if self.noise:
            places += np.random.default_rng(5).normal(0, self.noise, places.shape)
        visibility = np.ones(places.shape[:2])
        for limb in self.hidden:
            visibility[:, np.array(END_LANDMARKS[limb])] = 0.1
        if self.mirrored:
            places, visibility = _mirrored(places, visibility)
        center = places[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1) + np.array([0.0, 0.3])
        return Motion(
            poses=PoseSequence(time_s, np.ones(len(time_s), np.bool_), places * (PX, -PX) + 1000, visibility),
            landmarks=places * self.unit_length,
            center_of_mass=center * self.unit_length,
            unit=self.unit,
            torso=self.unit_length,
            overhang_deg=self.overhang_deg,
            registered=self.registered,
        )

    def _arm(self, places: FloatArray, side: str, outward: float, hips: FloatArray) -> None:
        shoulder = hips + np.array([0.35 * outward, 1.0])
        angles = np.radians([_ARM_UP_DEG, _ARM_UP_DEG + 180 - self.elbow_deg])
        upper, lower = np.stack([outward * np.cos(angles), np.sin(angles)], axis=1)
        places[:, Landmark[f"{side}_SHOULDER"]] = shoulder
        places[:, Landmark[f"{side}_ELBOW"]] = shoulder + UPPER_ARM * upper
        for name in ("WRIST", "PINKY", "INDEX", "THUMB"):
            places[:, Landmark[f"{side}_{name}"]] = shoulder + UPPER_ARM * upper + FOREARM * lower

    def _leg(self, places: FloatArray, side: str, outward: float, hips: FloatArray) -> None:
        hip = hips + np.array([0.2 * outward, 0.0])
        places[:, Landmark[f"{side}_HIP"]] = hip
        places[:, Landmark[f"{side}_KNEE"]] = hip + np.array([0.2 * outward, -self.legs / 2])
        for name in ("ANKLE", "HEEL", "FOOT_INDEX"):
            places[:, Landmark[f"{side}_{name}"]] = hip + np.array([0.0, -self.legs])

    def contact(
        self, limb: Limb, start_s: float = 0.0, end_s: float | None = None, *, hold: int | None = None
    ) -> Contact:
        end = self.frame(self.lasts_s if end_s is None else end_s)
        number = LIMBS.index(limb)
        return Contact(
            limb, self.frame(start_s), end, "hold", number if hold is None else hold, 0.0, 0.0, 0.9
        )

    def standing(self, *without: Limb) -> tuple[Contact, ...]:
        """All ends on the wall all the time, but for some."""
        return tuple(self.contact(limb) for limb in LIMBS if limb not in without)

    def move(
        self, limb: Limb, start_s: float, end_s: float, kind: MoveKind = "static", distance: float = 1.0
    ) -> Move:
        start, end = self.frame(start_s), self.frame(end_s)
        settled = min(end + self.frame(0.2), len(self.time_s))
        return Move(
            limb, kind, 90, 91, max(start - 5, 0), start, end, settled, distance * self.unit_length, 0.9
        )

    def event(self, kind: EventKind, start_s: float, end_s: float, *limbs: Limb) -> Event:
        return Event(kind, self.frame(start_s), self.frame(end_s), limbs or FEET, 0.9)

    def habits(
        self,
        contacts: tuple[Contact, ...] | None = None,
        moves: tuple[Move, ...] = (),
        events: tuple[Event, ...] = (),
        attempt: Attempt | None = None,
    ) -> Habits:
        held = self.standing() if contacts is None else contacts
        return habits_of(self.motion(), held, moves, events, attempt)


def kinds(habits: Habits) -> list[HabitKind]:
    return [habit.kind for habit in habits.found]


def only(habits: Habits, kind: HabitKind) -> Habit:
    """The one habit of this kind."""
    (found,) = [habit for habit in habits.found if habit.kind == kind]
    return found


def shown(habit: Habit) -> dict[str, float]:
    return {evidence.name: evidence.value for evidence in habit.evidence}


def at(x: float, y: float) -> Path:
    """It stays there."""
    return lambda time_s: np.tile((x, y), (len(time_s), 1))


def eased(share: FloatArray) -> FloatArray:
    """Minimum jerk from 0 to 1."""
    inside = np.clip(share, 0, 1)
    return 10 * inside**3 - 15 * inside**4 + 6 * inside**5


def there_and_back(begin_s: float, end_s: float, far: Place, start: Place = (0.0, 0.0)) -> Path:
    """By `far` away from a place and back, evenly."""

    def moved(time_s: FloatArray) -> FloatArray:
        half = (begin_s + end_s) / 2
        share = eased((time_s - begin_s) / (half - begin_s)) - eased((time_s - half) / (end_s - half))
        return np.array(start) + np.outer(share, far)

    return moved


def _mirrored(places: FloatArray, visibility: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = [
        Landmark[name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")]
        for name in (landmark.name for landmark in Landmark)
    ]
    return places[:, order] * (-1.0, 1.0), visibility[:, order]
