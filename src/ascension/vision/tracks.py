"""What an overlay shows: where the body is in every frame, what it touches, and what is written beside it."""

from dataclasses import dataclass

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence


@dataclass(frozen=True)
class Ring:
    """An end of the body that touches something in frames [start, end).

    landmarks: its place is their mean; dashed: it is hidden, nobody knows; faint: it is not sure
    """

    start: int
    end: int
    landmarks: tuple[Landmark, ...]
    label: str
    dashed: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Banner:
    """Words at the top of frames [start, end)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Tracks:
    """Arrays and captions have one row per frame of the clip; all words come from whoever makes this.

    center_of_mass_px: (frames, 2); joint_angles_deg: (frames, 8); NaN: not drawn
    frame_to_wall:     (frames, 3, 3), NaN where a frame has no place on the wall; None: the way of the center
                       of mass is drawn where it was in the picture, whatever the camera did since
    captions:          the lines at the bottom of each frame
    """

    poses: PoseSequence
    center_of_mass_px: FloatArray
    joint_angles_deg: FloatArray
    frame_to_wall: FloatArray | None = None
    rings: tuple[Ring, ...] = ()
    banners: tuple[Banner, ...] = ()
    captions: tuple[tuple[str, ...], ...] = ()
