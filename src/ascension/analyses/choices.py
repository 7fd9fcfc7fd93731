"""What the user may tell us about a clip: who climbs, and what in it has a known size.

Places are pixels of the displayed frame, origin top left, y down; times count from the start of the clip.
Numbers are JSON numbers: true and "1.74" are refused, though both could be read as one.
"""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.climber import BodyChoice, ClimberProfile, HeightM, Number
from ascension.errors.jobs import MarkOutsidePicture

MAX_SIDE_PX = 16_384
MAX_TIME_S = 3600
OUTSIDE_SHARE: Final = 0.1
"""So much of the picture's longer side a mark may lie outside: a body or a panel that the edge cuts off."""

TimeS = Annotated[Number, Field(ge=0, le=MAX_TIME_S)]
CoordinatePx = Annotated[Number, Field(ge=-MAX_SIDE_PX, le=MAX_SIDE_PX)]
ExtentPx = Annotated[Number, Field(ge=8, le=MAX_SIDE_PX)]
PlacePx = tuple[CoordinatePx, CoordinatePx]
LengthM = Annotated[Number, Field(ge=0.05, le=50)]


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClimberBox(_Choice):
    """The climber is the person in this box at this time."""

    at_s: TimeS
    left_px: CoordinatePx
    top_px: CoordinatePx
    width_px: ExtentPx
    height_px: ExtentPx

    def places_px(self) -> Iterator[PlacePx]:
        """Two opposite corners."""
        yield self.left_px, self.top_px
        yield self.left_px + self.width_px, self.top_px + self.height_px


class KnownDistance(_Choice):
    """Two points on the wall, as they stand in the frame at `at_s`, are this far apart."""

    at_s: TimeS
    from_px: PlacePx
    to_px: PlacePx
    distance_m: LengthM

    def places_px(self) -> Iterator[PlacePx]:
        """Both ends."""
        yield from (self.from_px, self.to_px)


class KnownRectangle(_Choice):
    """The corners of a rectangle on the wall at `at_s`, clockwise from its top left, and its size."""

    at_s: TimeS
    corners_px: tuple[PlacePx, PlacePx, PlacePx, PlacePx]
    width_m: LengthM
    height_m: LengthM

    def places_px(self) -> Iterator[PlacePx]:
        """All four corners."""
        yield from self.corners_px


class Choices(_Choice):
    """Everything is optional: left out, the climber is who leaves the floor, lengths are in torso lengths."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "climber": {
                        "at_s": 2.4,
                        "left_px": 210,
                        "top_px": 330,
                        "width_px": 180,
                        "height_px": 420,
                    },
                    "body_height_m": 1.74,
                }
            ]
        }
    )

    climber: ClimberBox | None = None
    body_height_m: HeightM | None = None
    body: BodyChoice | None = None
    overhang_deg: Annotated[Number, Field(ge=-60, le=90)] | None = None
    """How far the wall leans over the climber; 0 = vertical, below 0 = slab."""
    known_distance: KnownDistance | None = None
    known_rectangle: KnownRectangle | None = None

    def completed_by(self, profile: ClimberProfile) -> "Choices":
        """With the profile's body where nothing was said here; null says that it is not known."""
        is_told = "body_height_m" in self.model_fields_set
        body = (self.body or BodyChoice()).completed_by(profile)
        return self.model_copy(
            update={
                "body_height_m": self.body_height_m if is_told else profile.height_m,
                "body": None if body == BodyChoice() else body,
            }
        )

    def check_within(self, width_px: int, height_px: int) -> None:
        """Raises MarkOutsidePicture for what was marked farther outside a picture than OUTSIDE_SHARE."""
        slack_px = OUTSIDE_SHARE * max(width_px, height_px)
        for mark in (self.climber, self.known_distance, self.known_rectangle):
            for x, y in mark.places_px() if mark is not None else ():
                is_beside = not -slack_px <= x <= width_px + slack_px
                if is_beside or not -slack_px <= y <= height_px + slack_px:
                    raise MarkOutsidePicture(
                        f"You marked the place ({x:g}, {y:g}), and the picture has {width_px} x {height_px} "
                        "pixels. Mark it again inside the picture."
                    )
