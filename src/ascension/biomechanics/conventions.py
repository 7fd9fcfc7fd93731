"""The one place for frames of reference, landmark order, joint angles and their signs.

Coordinates are pixels of the *displayed* frame (rotation tag applied): origin at the top left corner, x to
the right, y down. Angles are never taken from frame-normalized coordinates: on a 9:16 picture those are wrong
by up to 30 degrees. "Left" and "right" are the climber's own, not the picture's.
The same rules in prose, for readers of results: docs/guides/conventions.md.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

Sex = Literal["female", "male"]
"""Whose table of segment masses holds; where it is not told, the mean of both."""


class Landmark(IntEnum):
    """The 33 body landmarks in the order of every array and file (the BlazePose order)."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


LANDMARK_COUNT: Final = len(Landmark)
LANDMARK_NAMES: Final = tuple(landmark.name.lower() for landmark in Landmark)

MAIN_JOINTS: Final = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW,
    Landmark.RIGHT_ELBOW,
    Landmark.LEFT_WRIST,
    Landmark.RIGHT_WRIST,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
)
"""The twelve joints by which pose errors are reported."""

TRUNK_AND_LEGS: Final = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
]
"""What tells one body from another, in pairs of left and right. A list: it indexes landmarks as it is."""

VISIBLE: Final = 0.5
"""A landmark with a confidence below this is "not seen": its place is a guess of the model."""


@dataclass(frozen=True)
class JointAngle:
    """The angle at `joint` between the directions to `proximal` and to `distal`."""

    name: str
    proximal: Landmark
    joint: Landmark
    distal: Landmark


JOINT_ANGLES: Final = (
    JointAngle("left_elbow", Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    JointAngle("right_elbow", Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    JointAngle("left_shoulder", Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    JointAngle("right_shoulder", Landmark.RIGHT_HIP, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    JointAngle("left_hip", Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    JointAngle("right_hip", Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    JointAngle("left_knee", Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    JointAngle("right_knee", Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
)
"""Every joint angle of a result, in file order. All eight share one convention:

unsigned, 0 to 180 degrees; 180 = the two segments in one line (straight elbow, straight knee, arm overhead,
hip open); 0 = folded onto each other (arm along the trunk). It is the angle as it looks in the picture: a
bend towards or away from the camera is not in it.
"""

ANGLE_NAMES: Final = tuple(angle.name for angle in JOINT_ANGLES)
