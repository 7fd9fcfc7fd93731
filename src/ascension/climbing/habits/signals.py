"""Per frame of one attempt: what is on the wall, how still the hips, how bent the arms, how long the legs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import VISIBLE, Landmark
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import BoolArray, FloatArray, IntArray
from ascension.biomechanics.smoothness import low_pass
from ascension.climbing.ends import Ends, ends_of
from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.record import Attempt, Contact, Event, Move
from ascension.climbing.series import bridged, known, runs, velocities

OFF, ON, UNSEEN, FLOOR = 0, 1, 2, 3

STILL_BELOW_TORSO_PER_S: Final = 0.15
"""Hips; the share of immobility (B04) uses the same."""
MOVING_ABOVE_TORSO_PER_S: Final = 0.30
HIP_PATH_HZ: Final = 3.0
"""Noise of 5 mm makes a path at 30 frames a second half a torso length a second too long."""
LEG_TORSO: Final = 1.70
"""Hip to ankle of a straight leg: (0.245 + 0.246) / 0.288 of the height (Drillis & Contini in Winter)."""

_SPEED_OVER_S: Final = 0.1
_BRIDGED_S: Final = 0.3
_LEAST_SEGMENT_TORSO: Final = 0.2
"""An arm that points at the camera has no angle worth the name."""


@dataclass(frozen=True)
class Signals:
    """One attempt of one motion, with what is known of it. Arrays have the motion's frames."""

    motion: Motion
    contacts: tuple[Contact, ...]
    moves: tuple[Move, ...]
    events: tuple[Event, ...]
    start: int
    end: int

    @classmethod
    def of(
        cls,
        motion: Motion,
        contacts: tuple[Contact, ...],
        moves: tuple[Move, ...],
        events: tuple[Event, ...],
        attempt: Attempt | None,
    ) -> "Signals":
        """What lies in the attempt, or in the whole clip. Moves by the start of their reach."""
        start, end = (attempt.start, attempt.end) if attempt else (0, motion.frame_count)
        inside = sorted(
            (move for move in moves if start <= move.reach_start < end), key=lambda move: move.reach_start
        )
        within = tuple(event for event in events if event.start < end and event.end > start)
        return cls(motion, contacts, tuple(inside), within, start, end)

    @property
    def time_s(self) -> FloatArray:
        return self.motion.time_s

    def seconds(self, start: int, end: int) -> float:
        """How long the frames [start, end) last."""
        last = min(end, self.motion.frame_count - 1)
        return float(self.time_s[last] - self.time_s[min(start, last)])

    def frame_at(self, time_s: float) -> int:
        """The first frame at or after a time."""
        return int(np.searchsorted(self.time_s, time_s - 1e-9))

    @cached_property
    def inside(self) -> BoolArray:
        """(frames,) in the attempt, before any fall and before the top is held."""
        frames = np.arange(self.motion.frame_count)
        over = min(
            (event.start for event in self.events if event.kind in {"fall", "top"}), default=len(frames)
        )
        found: BoolArray = (frames >= self.start) & (frames < min(self.end, over))
        return found

    def is_last(self, frame: int) -> bool:
        """The clip, the attempt or the way up ends here, and not with a fall: what came next is not known."""
        inside = np.flatnonzero(self.inside)
        fell = self.during(frozenset({"fall"}), frame, frame + 2)
        return bool(len(inside)) and frame >= int(inside[-1]) and not fell

    @cached_property
    def states(self) -> IntArray:
        """(frames, 4) OFF, ON (hold or bare wall), UNSEEN or FLOOR, in the order of LIMBS."""
        found = np.full((self.motion.frame_count, len(LIMBS)), OFF, np.int64)
        codes = {"hold": ON, "smear": ON, "unseen": UNSEEN, "floor": FLOOR}
        for contact in self.contacts:
            found[contact.start : contact.end, LIMBS.index(contact.limb)] = codes[contact.kind]
        found[~self.motion.known] = UNSEEN
        return found

    @cached_property
    def on_wall(self) -> BoolArray:
        """(frames,) in the attempt with a hand on the wall and no foot on the floor."""
        hands, feet = self.states[:, :2], self.states[:, 2:]
        return self.inside & (hands == ON).any(axis=1) & ~(feet == FLOOR).any(axis=1)

    @cached_property
    def hips(self) -> FloatArray:
        """(frames, 2) middle of the hips in torso lengths, without what is faster than 3 Hz."""
        places = self.motion.landmarks[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
        filled = bridged(places / self.motion.torso, self.time_s, _BRIDGED_S)
        smooth = np.full_like(filled, np.nan)
        for start, end in runs(known(filled)):
            smooth[start:end] = _smoothed(filled[start:end], self.time_s[start:end])
        return smooth

    @cached_property
    def hip_velocity_torso_per_s(self) -> FloatArray:
        """(frames, 2)"""
        return velocities(self.hips, self.time_s, _SPEED_OVER_S)

    @cached_property
    def hip_speed_torso_per_s(self) -> FloatArray:
        """(frames,)"""
        return np.linalg.norm(self.hip_velocity_torso_per_s, axis=1)

    @cached_property
    def pauses(self) -> list[tuple[int, int]]:
        """Frames on the wall in which the hips rest, from below 0.15 torso/s until above 0.30.

        A move to another hold ends a pause; a hand that is shaken and comes back does not.
        """
        speed = np.where(np.isfinite(self.hip_speed_torso_per_s), self.hip_speed_torso_per_s, np.inf)
        still = np.zeros(len(speed), np.bool_)
        nearly = self.on_wall.copy()
        nearly[speed >= MOVING_ABOVE_TORSO_PER_S] = False
        for move in self.moves:
            if move.from_hold is None or move.from_hold != move.to_hold:
                nearly[move.reach_start : move.reach_end] = False
        for start, end in runs(nearly):
            slow = np.flatnonzero(speed[start:end] < STILL_BELOW_TORSO_PER_S)
            if len(slow):
                still[start + slow[0] : start + slow[-1] + 1] = True
        return runs(still)

    @cached_property
    def elbows_deg(self) -> FloatArray:
        """(frames, 2) of arms that carry: hand on the wall, above the elbow. NaN: it does not, or unseen."""
        angles = joint_angles_deg(self.motion.poses)[:, :2]
        found = np.full_like(angles, np.nan)
        for side, (shoulder, elbow, wrist) in enumerate(_ARMS):
            places = self.motion.landmarks[:, [shoulder, elbow, wrist]] / self.motion.torso
            segments = np.linalg.norm(np.diff(places, axis=1), axis=2)
            told = (segments >= _LEAST_SEGMENT_TORSO).all(axis=1) & (places[:, 2, 1] > places[:, 1, 1])
            carries = told & (self.states[:, side] == ON)
            found[carries, side] = angles[carries, side]
        return found

    @cached_property
    def legs_torso(self) -> FloatArray:
        """(frames, 2) hip to ankle; NaN: one of both is not seen."""
        found = np.full((self.motion.frame_count, 2), np.nan)
        seen = self.motion.known[:, None] & (self.motion.poses.visibility >= VISIBLE)
        for side, (hip, ankle) in enumerate(_LEGS):
            both = seen[:, hip] & seen[:, ankle]
            way = self.motion.landmarks[:, hip] - self.motion.landmarks[:, ankle]
            found[both, side] = np.linalg.norm(way[both], axis=1) / self.motion.torso
        return found

    @cached_property
    def ends(self) -> Ends:
        return ends_of(self.motion)

    def hand_moves(self) -> tuple[Move, ...]:
        """Reaches of the hands that are no dyno, in order of time."""
        return tuple(move for move in self.moves if move.limb in HANDS and move.kind != "dyno")

    def foot_moves(self) -> tuple[Move, ...]:
        """Moves of the feet, in order of time."""
        return tuple(move for move in self.moves if move.limb in FEET)

    def seen(self, move: Move) -> float:
        """Share of a reach's frames in which the end is seen."""
        inside = self.ends.seen[move.reach_start : move.reach_end, LIMBS.index(move.limb)]
        return float(inside.mean()) if len(inside) else 0.0

    def during(self, kinds: frozenset[str], start: int, end: int) -> bool:
        """An event of one of these kinds lies in part in frames [start, end)."""
        return any(event.kind in kinds and event.start < end and event.end > start for event in self.events)

    def sure_of(self, limbs: tuple[Limb, ...], start: int, end: int) -> float:
        """Mean confidence of the contacts of these limbs in frames [start, end); 0 without any."""
        found = [
            contact.confidence
            for contact in self.contacts
            if contact.limb in limbs and contact.start < end and contact.end > start
        ]
        return float(np.mean(found)) if found else 0.0


_ARMS: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
)
_LEGS: Final = ((Landmark.LEFT_HIP, Landmark.LEFT_ANKLE), (Landmark.RIGHT_HIP, Landmark.RIGHT_ANKLE))


def _smoothed(places: FloatArray, time_s: FloatArray) -> FloatArray:
    """(n, 2) low-passed on an even grid of times, given back at the frames' own."""
    if len(places) < 3:
        return places
    grid_s, step_s = even_grid(time_s)
    even = np.stack([np.interp(grid_s, time_s, places[:, axis]) for axis in (0, 1)], axis=1)
    calm = low_pass(even, step_s, HIP_PATH_HZ)
    return np.stack([np.interp(time_s, grid_s, calm[:, axis]) for axis in (0, 1)], axis=1)


def even_grid(time_s: FloatArray) -> tuple[FloatArray, float]:
    """As many times (n,), n > 1, over the same span, evenly apart, and how far apart."""
    step_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    return time_s[0] + step_s * np.arange(len(time_s), dtype=np.float64), step_s
