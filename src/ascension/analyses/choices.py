"""What the user may tell us about a clip: who climbs, and what in it has a known size.

Places are pixels of the displayed frame, origin top left, y down; times count from the start of the clip.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

MAX_SIDE_PX = 16_384
MAX_TIME_S = 3600

TimeS = Annotated[FiniteFloat, Field(ge=0, le=MAX_TIME_S)]
PlacePx = tuple[
    Annotated[FiniteFloat, Field(ge=-MAX_SIDE_PX, le=MAX_SIDE_PX)],
    Annotated[FiniteFloat, Field(ge=-MAX_SIDE_PX, le=MAX_SIDE_PX)],
]
LengthM = Annotated[FiniteFloat, Field(ge=0.05, le=50)]


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClimberBox(_Choice):
    """The climber is the person in this box at this time."""

    at_s: TimeS
    left_px: Annotated[FiniteFloat, Field(ge=-MAX_SIDE_PX, le=MAX_SIDE_PX)]
    top_px: Annotated[FiniteFloat, Field(ge=-MAX_SIDE_PX, le=MAX_SIDE_PX)]
    width_px: Annotated[FiniteFloat, Field(ge=8, le=MAX_SIDE_PX)]
    height_px: Annotated[FiniteFloat, Field(ge=8, le=MAX_SIDE_PX)]


class KnownDistance(_Choice):
    """Two points on the wall, as they stand in the frame at `at_s`, are this far apart."""

    at_s: TimeS
    from_px: PlacePx
    to_px: PlacePx
    distance_m: LengthM


class KnownRectangle(_Choice):
    """The corners of a rectangle on the wall at `at_s`, clockwise from its top left, and its size."""

    at_s: TimeS
    corners_px: tuple[PlacePx, PlacePx, PlacePx, PlacePx]
    width_m: LengthM
    height_m: LengthM


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
    body_height_m: Annotated[FiniteFloat, Field(ge=0.8, le=2.5)] | None = None
    known_distance: KnownDistance | None = None
    known_rectangle: KnownRectangle | None = None
