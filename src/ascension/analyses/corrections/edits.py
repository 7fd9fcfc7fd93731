"""What the user puts right in a finished analysis: contacts, holds, keypoints.

Places of contacts and holds are on the wall as in the result's `climb`: its unit, x right, y up. Places of
keypoints are pixels of the displayed frame, y down. Frames count from 0, [start, end).
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from ascension.accounts.climber import Number
from ascension.biomechanics.conventions import LANDMARK_NAMES
from ascension.climbing.limbs import Limb

MAX_FRAME = 1_000_000
MAX_CONTACTS = 200
MAX_HOLDS = 100
MAX_KEYPOINTS = 400

Frame = Annotated[int, Strict(), Field(ge=0, le=MAX_FRAME)]
WallCoordinate = Annotated[Number, Field(ge=-1000, le=1000)]
WallPlace = tuple[WallCoordinate, WallCoordinate]
PictureCoordinatePx = Annotated[Number, Field(ge=-32_768, le=32_768)]


def _landmark(name: str) -> str:
    if name not in LANDMARK_NAMES:
        raise ValueError("one of the 33 landmarks, for example left_wrist")
    return name


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContactEdit(_Edit):
    """This limb rests there in these frames, whatever was said before; "none": it touches nothing.

    A hold near the place is the one that is meant; where there is none, there is one now.
    """

    limb: Limb
    start_frame: Frame
    end_frame: Frame
    kind: Literal["hold", "smear", "floor", "none"]
    place: WallPlace | None = None

    @model_validator(mode="after")
    def _has_frames_and_place(self) -> Self:
        if self.start_frame >= self.end_frame:
            raise ValueError("end_frame comes after start_frame")
        if (self.place is None) != (self.kind == "none"):
            raise ValueError("a contact has a place, and none has none")
        return self


class HoldEdit(_Edit):
    """The hold at `at` is at `to`; null: there is no hold."""

    at: WallPlace
    to: WallPlace | None


class KeypointEdit(_Edit):
    """A landmark in one frame."""

    frame: Frame
    landmark: Annotated[str, Field(max_length=40), AfterValidator(_landmark)]
    x_px: PictureCoordinatePx
    y_px: PictureCoordinatePx


class Edits(_Edit):
    """One correction: keypoints count first, then holds, then contacts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contacts": [
                        {
                            "limb": "left_foot",
                            "start_frame": 40,
                            "end_frame": 95,
                            "kind": "hold",
                            "place": [0.42, 1.31],
                        }
                    ]
                }
            ]
        }
    )

    contacts: Annotated[tuple[ContactEdit, ...], Field(max_length=MAX_CONTACTS)] = ()
    holds: Annotated[tuple[HoldEdit, ...], Field(max_length=MAX_HOLDS)] = ()
    keypoints: Annotated[tuple[KeypointEdit, ...], Field(max_length=MAX_KEYPOINTS)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.contacts or self.holds or self.keypoints):
            raise ValueError("nothing is corrected")
        return self

    def last_frame(self) -> int:
        """The last frame that is named."""
        ends = [one.end_frame - 1 for one in self.contacts] + [one.frame for one in self.keypoints]
        return max(ends, default=0)
