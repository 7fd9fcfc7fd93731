"""Made-up climbs of which everything is known: told in seconds and meters, played at any frame rate."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from ascension.biomechanics.balance import center_of_mass
from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence
from ascension.climbing.body import Body
from ascension.climbing.ends import ends_of
from ascension.climbing.limbs import END_LANDMARKS, HANDS, Limb
from ascension.climbing.measures.definitions import DEFINITIONS, measure
from ascension.climbing.measures.material import Material
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.record import (
    Attempt,
    Contact,
    ContactKind,
    Event,
    EventKind,
    Measure,
    Move,
    MoveKind,
    Outcome,
    UsedHold,
)

Path = Callable[[FloatArray], FloatArray]
"""Times (n,) in seconds to places (n, 2) in meters."""

TORSO_M = 0.5
PX_PER_M = 200.0
OFFSETS_M = {
    "SHOULDER": (0.2, 0.5),
    "ELBOW": (0.25, 0.75),
    "WRIST": (0.25, 1.0),
    "PINKY": (0.25, 1.05),
    "INDEX": (0.25, 1.05),
    "THUMB": (0.25, 1.05),
    "HIP": (0.12, 0.0),
    "KNEE": (0.2, -0.42),
    "ANKLE": (0.2, -0.84),
    "HEEL": (0.2, -0.88),
    "FOOT_INDEX": (0.2, -0.88),
}
"""From the middle of the hips, seen from behind: x is outwards, y up. The torso is 0.5 m."""


@dataclass(frozen=True)
class Told:
    """A contact in seconds."""

    limb: Limb
    start_s: float
    end_s: float
    place: tuple[float, float] = (0.0, 0.0)
    hold: int | None = 0
    kind: ContactKind = "hold"
    confidence: float = 1.0


@dataclass(frozen=True)
class Reach:
    """A move in seconds: preparation, reach, stabilization follow each other."""

    limb: Limb
    start_s: float
    end_s: float
    prepared_s: float = 0.5
    settles_s: float = 0.5
    kind: MoveKind = "static"
    distance: float = 0.6
    confidence: float = 1.0
    from_hold: int | None = 0
    to_hold: int | None = 1


@dataclass(frozen=True)
class Happened:
    """An event in seconds."""

    kind: EventKind
    start_s: float
    end_s: float
    limbs: tuple[Limb, ...] = ()


@dataclass(frozen=True)
class Story:
    """A climb. Landmarks stay at OFFSETS_M from the hips unless `ends` or `landmarks` say where they are.

    elbow_deg, shoulder_deg: times to angles of both arms; noise_m: white noise on every landmark
    """

    lasts_s: float
    hips: Path = field(default=lambda time_s: np.zeros((len(time_s), 2)))
    ends: dict[Limb, Path] = field(default_factory=dict[Limb, Path])
    landmarks: dict[Landmark, Path] = field(default_factory=dict[Landmark, Path])
    elbow_deg: Callable[[FloatArray], FloatArray] | None = None
    shoulder_deg: Callable[[FloatArray], FloatArray] | None = None
    hidden: dict[Landmark, tuple[float, float]] = field(default_factory=dict[Landmark, tuple[float, float]])
    contacts: tuple[Told, ...] = ()
    moves: tuple[Reach, ...] = ()
    events: tuple[Happened, ...] = ()
    holds: tuple[UsedHold, ...] = ()
    attempt_s: tuple[float, float] | None = None
    outcome: Outcome = "unknown"
    overhang_deg: float | None = None
    noise_m: float = 0.0
    body: Body = field(default_factory=Body)
    unit: Unit = "m"
    registered: bool = True
    error_pct: float | None = None
    parallax_pct: float | None = None


def material(story: Story, fps: float = 30.0) -> Material:
    """The story as frames."""
    motion = motion_of(story, fps)
    first_s, last_s = story.attempt_s or (0.0, story.lasts_s)
    return Material(
        motion=motion,
        body=story.body,
        ends=ends_of(motion),
        attempt=Attempt(_frame(first_s, fps), _frame(last_s, fps), story.outcome, ""),
        contacts=tuple(_contact(told, fps) for told in story.contacts),
        holds=story.holds,
        moves=tuple(_move(reach, fps) for reach in story.moves),
        events=tuple(_event(happened, fps) for happened in story.events),
    )


def motion_of(story: Story, fps: float = 30.0) -> Motion:
    time_s = np.arange(round(story.lasts_s * fps)) / fps
    landmarks = _landmarks(story, time_s)
    if story.noise_m:
        landmarks = landmarks + np.random.default_rng(0).normal(0, story.noise_m, landmarks.shape)
    visibility = np.ones((len(time_s), LANDMARK_COUNT))
    for landmark, (start_s, end_s) in story.hidden.items():
        visibility[(time_s >= start_s) & (time_s < end_s), landmark] = 0.1
    person: BoolArray = np.ones(len(time_s), np.bool_)
    poses = PoseSequence(time_s, person, landmarks * (PX_PER_M, -PX_PER_M), visibility)
    return Motion(
        poses=poses,
        landmarks=landmarks,
        center_of_mass=center_of_mass(landmarks),
        unit=story.unit,
        torso=TORSO_M,
        overhang_deg=story.overhang_deg,
        registered=story.registered,
        error_pct=story.error_pct,
        parallax_pct=story.parallax_pct,
    )


def value(story: Story, name: str, fps: float = 30.0) -> float:
    """The value of one measure; an assertion says the reason where there is none."""
    found = measured(material(story, fps), name)
    assert found.value is not None, found.reason
    assert found.reason == ""
    assert found.frames
    return found.value


def reason(story: Story, name: str) -> tuple[str, dict[str, float]]:
    """Why a measure has no value: the code and its numbers."""
    found = measured(material(story), name)
    assert found.value is None
    assert found.confidence == 0
    assert found.reason
    return found.reason, {one.name: one.value for one in found.reason_numbers}


def measured(of: Material, name: str) -> Measure:
    return measure(next(one for one in DEFINITIONS if one.name == name), of)


def line(start: tuple[float, float], end: tuple[float, float], lasts_s: float) -> Path:
    """From start to end at one speed."""
    return lambda time_s: np.array(start) + np.outer(time_s / lasts_s, np.subtract(end, start))


def still(place: tuple[float, float]) -> Path:
    return lambda time_s: np.tile(np.array(place, np.float64), (len(time_s), 1))


def jump(at_s: float, before: tuple[float, float], after: tuple[float, float]) -> Path:
    """From one place to another between two frames."""
    return lambda time_s: np.where((time_s < at_s)[:, None], np.array(before), np.array(after))


def steps(*stops: tuple[float, float, tuple[float, float], tuple[float, float]]) -> Path:
    """Minimum-jerk ways (start_s, end_s, from, to), one after the other, resting in between."""

    def path(time_s: FloatArray) -> FloatArray:
        places = np.tile(np.array(stops[0][2], np.float64), (len(time_s), 1))
        for start_s, end_s, begin, end in stops:
            share = np.clip((time_s - start_s) / (end_s - start_s), 0, 1)
            bell = 10 * share**3 - 15 * share**4 + 6 * share**5
            later = time_s >= start_s
            places[later] = (np.array(begin) + np.outer(bell, np.subtract(end, begin)))[later]
        return places

    return path


def hand_moves(*starts_s: float, lasts_s: float = 1.0) -> tuple[Reach, ...]:
    """Left, right, left, ..."""
    return tuple(Reach(HANDS[number % 2], start, start + lasts_s) for number, start in enumerate(starts_s))


def mirrored(of: Material) -> Material:
    """Left for right: the same climb in a mirror."""
    swapped = [_other_side(landmark) for landmark in Landmark]
    motion = of.motion
    poses = replace(
        motion.poses,
        landmarks_px=motion.poses.landmarks_px[:, swapped] * (-1, 1),
        visibility=motion.poses.visibility[:, swapped],
    )
    turned = replace(
        motion,
        poses=poses,
        landmarks=motion.landmarks[:, swapped] * (-1, 1),
        center_of_mass=motion.center_of_mass * (-1, 1),
    )
    return replace(
        of,
        motion=turned,
        ends=ends_of(turned),
        contacts=tuple(replace(one, limb=_other_limb(one.limb), x=-one.x) for one in of.contacts),
        moves=tuple(replace(one, limb=_other_limb(one.limb)) for one in of.moves),
        events=tuple(replace(one, limbs=tuple(map(_other_limb, one.limbs))) for one in of.events),
        holds=tuple(replace(one, x=-one.x) for one in of.holds),
    )


def enlarged(of: Material, times: float) -> Material:
    """The same climb of a body and on a wall `times` as large."""
    motion = of.motion
    larger = replace(
        motion,
        poses=replace(motion.poses, landmarks_px=motion.poses.landmarks_px * times),
        landmarks=motion.landmarks * times,
        center_of_mass=motion.center_of_mass * times,
        torso=motion.torso * times,
    )
    return replace(
        of,
        motion=larger,
        ends=ends_of(larger),
        contacts=tuple(replace(one, x=one.x * times, y=one.y * times) for one in of.contacts),
        moves=tuple(replace(one, distance=one.distance * times) for one in of.moves),
        holds=tuple(replace(one, x=one.x * times, y=one.y * times) for one in of.holds),
        top_y=None if of.top_y is None else of.top_y * times,
    )


def _landmarks(story: Story, time_s: FloatArray) -> FloatArray:
    hips = story.hips(time_s)
    places = np.tile(hips[:, None] + (0.0, 0.6), (1, LANDMARK_COUNT, 1))
    for name, (aside, up) in OFFSETS_M.items():
        places[:, Landmark[f"LEFT_{name}"]] = np.add(hips, (-aside, up))
        places[:, Landmark[f"RIGHT_{name}"]] = np.add(hips, (aside, up))
    for side, outwards in (("LEFT", -1.0), ("RIGHT", 1.0)):
        if story.shoulder_deg is not None:
            _bend(
                places,
                story.shoulder_deg(time_s),
                (f"{side}_HIP", f"{side}_SHOULDER", f"{side}_ELBOW"),
                outwards,
            )
        if story.elbow_deg is not None:
            _bend(
                places,
                story.elbow_deg(time_s),
                (f"{side}_SHOULDER", f"{side}_ELBOW", f"{side}_WRIST"),
                -outwards,
            )
            for finger in ("PINKY", "INDEX", "THUMB"):
                places[:, Landmark[f"{side}_{finger}"]] = places[:, Landmark[f"{side}_WRIST"]]
    for limb, path in story.ends.items():
        places[:, END_LANDMARKS[limb]] = path(time_s)[:, None]
    for landmark, path in story.landmarks.items():
        places[:, landmark] = path(time_s)
    return places


def _bend(places: FloatArray, angle_deg: FloatArray, names: tuple[str, str, str], turn: float) -> None:
    """Puts the third landmark 0.25 m from the second, at an angle to the first, clockwise for turn 1."""
    first, joint, third = (Landmark[name] for name in names)
    towards = places[:, first] - places[:, joint]
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    angle = turn * np.radians(angle_deg)
    x = towards[:, 0] * np.cos(angle) - towards[:, 1] * np.sin(angle)
    y = towards[:, 0] * np.sin(angle) + towards[:, 1] * np.cos(angle)
    places[:, third] = places[:, joint] + 0.25 * np.column_stack([x, y])


def _frame(time_s: float, fps: float) -> int:
    return round(time_s * fps)


def _contact(told: Told, fps: float) -> Contact:
    return Contact(
        limb=told.limb,
        start=_frame(told.start_s, fps),
        end=_frame(told.end_s, fps),
        kind=told.kind,
        hold=told.hold,
        x=told.place[0],
        y=told.place[1],
        confidence=told.confidence,
    )


def _move(reach: Reach, fps: float) -> Move:
    return Move(
        limb=reach.limb,
        kind=reach.kind,
        from_hold=reach.from_hold,
        to_hold=reach.to_hold,
        preparation_start=_frame(reach.start_s - reach.prepared_s, fps),
        reach_start=_frame(reach.start_s, fps),
        reach_end=_frame(reach.end_s, fps),
        settled=_frame(reach.end_s + reach.settles_s, fps),
        distance=reach.distance,
        confidence=reach.confidence,
    )


def _event(happened: Happened, fps: float) -> Event:
    return Event(
        happened.kind,
        _frame(happened.start_s, fps),
        _frame(happened.end_s, fps),
        happened.limbs,
        confidence=1.0,
    )


def _other_side(landmark: Landmark) -> Landmark:
    name = landmark.name
    if "LEFT" in name:
        return Landmark[name.replace("LEFT", "RIGHT")]
    return Landmark[name.replace("RIGHT", "LEFT")]


def _other_limb(limb: Limb) -> Limb:
    return Limb(limb.replace("left", "right") if "left" in limb else limb.replace("right", "left"))
