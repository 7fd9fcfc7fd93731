"""What the user tells about a clip on the command line: numbers with commas, in the order the help names."""

from typing import Annotated, Final

import typer
from pydantic import ValidationError

from ascension.analyses.choices import ClimberBox, KnownDistance, KnownRectangle

CLIMBER: Final = "S,LEFT,TOP,WIDTH,HEIGHT"
DISTANCE: Final = "S,X1,Y1,X2,Y2,METERS"
RECTANGLE: Final = "S,X1,Y1,X2,Y2,X3,Y3,X4,Y4,WIDTH_M,HEIGHT_M"


def climber_box(text: str) -> ClimberBox:
    """Second, then pixels of the frame that is shown then."""
    at_s, left_px, top_px, width_px, height_px = _numbers(text, CLIMBER)
    try:
        return ClimberBox(at_s=at_s, left_px=left_px, top_px=top_px, width_px=width_px, height_px=height_px)
    except ValidationError as error:
        raise _refusal(error) from None


def known_distance(text: str) -> KnownDistance:
    """Second, two points in pixels, meters between them."""
    at_s, x1, y1, x2, y2, distance_m = _numbers(text, DISTANCE)
    try:
        return KnownDistance(at_s=at_s, from_px=(x1, y1), to_px=(x2, y2), distance_m=distance_m)
    except ValidationError as error:
        raise _refusal(error) from None


def known_rectangle(text: str) -> KnownRectangle:
    """Second, four corners in pixels, clockwise from the top left, width and height in meters."""
    at_s, x1, y1, x2, y2, x3, y3, x4, y4, width_m, height_m = _numbers(text, RECTANGLE)
    corners_px = ((x1, y1), (x2, y2), (x3, y3), (x4, y4))
    try:
        return KnownRectangle(at_s=at_s, corners_px=corners_px, width_m=width_m, height_m=height_m)
    except ValidationError as error:
        raise _refusal(error) from None


def _numbers(text: str, expected: str) -> list[float]:
    words = text.split(",")
    if len(words) != len(expected.split(",")):
        raise typer.BadParameter(f"give {expected}, with commas and no blanks")
    try:
        return [float(word) for word in words]
    except ValueError:
        raise typer.BadParameter(f"{text!r} holds something that is no number; give {expected}") from None


def _refusal(error: ValidationError) -> typer.BadParameter:
    first = error.errors(include_url=False)[0]
    return typer.BadParameter(f"{first['loc'][0]}: {first['msg']}")


HeightOption = Annotated[
    float | None, typer.Option(min=0.8, max=2.5, help="The climber's height, for lengths in meters.")
]
ClimberOption = Annotated[
    ClimberBox | None,
    typer.Option(parser=climber_box, metavar=CLIMBER, help="The climber is in this box at second S."),
]
DistanceOption = Annotated[
    KnownDistance | None,
    typer.Option(
        parser=known_distance, metavar=DISTANCE, help="Two points on the wall at second S, so far apart."
    ),
]
RectangleOption = Annotated[
    KnownRectangle | None,
    typer.Option(
        parser=known_rectangle,
        metavar=RECTANGLE,
        help="A rectangle on the wall at second S, clockwise from its top left, and its size.",
    ),
]
