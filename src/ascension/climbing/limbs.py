"""The four ends of the body that touch the wall."""

from enum import StrEnum
from typing import Final

from ascension.biomechanics.conventions import Landmark


class Limb(StrEnum):
    """Left and right are the climber's own."""

    LEFT_HAND = "left_hand"
    RIGHT_HAND = "right_hand"
    LEFT_FOOT = "left_foot"
    RIGHT_FOOT = "right_foot"

    @property
    def is_hand(self) -> bool:
        return self in HANDS


LIMBS: Final = tuple(Limb)
HANDS: Final = (Limb.LEFT_HAND, Limb.RIGHT_HAND)
FEET: Final = (Limb.LEFT_FOOT, Limb.RIGHT_FOOT)

END_LANDMARKS: Final = {
    Limb.LEFT_HAND: (Landmark.LEFT_WRIST, Landmark.LEFT_PINKY, Landmark.LEFT_INDEX),
    Limb.RIGHT_HAND: (Landmark.RIGHT_WRIST, Landmark.RIGHT_PINKY, Landmark.RIGHT_INDEX),
    Limb.LEFT_FOOT: (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX),
    Limb.RIGHT_FOOT: (Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX),
}
"""What an end's place is the mean of."""
