"""What the user tells about a clip on the command line: numbers with commas, in the order the help names."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer
from pydantic import BaseModel, ValidationError
from typer.models import OptionInfo

from ascension.accounts.climber import BodyChoice
from ascension.analyses.choices import Choices, ClimberBox, KnownDistance, KnownRectangle
from ascension.biomechanics.conventions import Sex
from ascension.climbing.limbs import Limb
from ascension.climbing.record import Level

CLIMBER: Final = "S,LEFT,TOP,WIDTH,HEIGHT"
DISTANCE: Final = "S,X1,Y1,X2,Y2,METERS"
RECTANGLE: Final = "S,X1,Y1,X2,Y2,X3,Y3,X4,Y4,WIDTH_M,HEIGHT_M"
_BODY: Final = "The climber's body"
_CLIP: Final = "In the clip"
"""Groups of the help."""


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


def body_choice(
    arm_span_m: float | None,
    mass_kg: float | None,
    sex: Sex | None,
    level: Level | None,
    missing: Sequence[Limb],
    injured: Sequence[Limb],
) -> BodyChoice | None:
    """What was told of the body beside its height; None where nothing was."""
    try:
        told = BodyChoice(
            arm_span_m=arm_span_m,
            mass_kg=mass_kg,
            sex=sex,
            level=level,
            missing=frozenset(missing),
            injured=frozenset(injured),
        )
    except ValidationError as error:
        raise _refusal(error) from None
    return None if told == BodyChoice() else told


def _refusal(error: ValidationError) -> typer.BadParameter:
    first = error.errors(include_url=False)[0]
    where = f"{first['loc'][0]}: " if first["loc"] else ""
    return typer.BadParameter(where + first["msg"].removeprefix("Value error, "))


def _number(model: type[BaseModel], name: str, text: str, panel: str = _BODY) -> OptionInfo:
    """An option with the limits of a field."""
    allowed = model.model_json_schema()["properties"][name]["anyOf"][0]
    option: OptionInfo = typer.Option(
        min=allowed["minimum"], max=allowed["maximum"], help=text, rich_help_panel=panel
    )
    return option


HeightOption = Annotated[
    float | None, _number(Choices, "body_height_m", "The climber's height, for lengths in meters.")
]
ArmSpanOption = Annotated[
    float | None, _number(BodyChoice, "arm_span_m", "From fingertip to fingertip, for how far a reach was.")
]
MassOption = Annotated[
    float | None, _number(BodyChoice, "mass_kg", "The climber's mass, for work in joules.")
]
SexOption = Annotated[
    Sex | None,
    typer.Option(
        rich_help_panel=_BODY, help="Whose segment masses to use; default: between both, and less sure."
    ),
]
LevelOption = Annotated[
    Level | None,
    typer.Option(rich_help_panel=_BODY, help="How well the climber climbs, for what hands can carry."),
]
MissingOption = Annotated[
    list[Limb] | None,
    typer.Option(
        rich_help_panel=_BODY, help="A limb that is not there: nothing is asked of it. May be repeated."
    ),
]
InjuredOption = Annotated[
    list[Limb] | None,
    typer.Option(rich_help_panel=_BODY, help="A limb to be spared: it carries less. May be repeated."),
]
OverhangOption = Annotated[
    float | None,
    _number(
        Choices, "overhang_deg", "How far the wall leans over the climber, for loads; below 0: slab.", _CLIP
    ),
]
ClimberOption = Annotated[
    ClimberBox | None,
    typer.Option(
        parser=climber_box,
        metavar=CLIMBER,
        rich_help_panel=_CLIP,
        help="The climber is in this box at second S.",
    ),
]
DistanceOption = Annotated[
    KnownDistance | None,
    typer.Option(
        parser=known_distance,
        metavar=DISTANCE,
        rich_help_panel=_CLIP,
        help="Two points on the wall at second S, so far apart.",
    ),
]
RectangleOption = Annotated[
    KnownRectangle | None,
    typer.Option(
        parser=known_rectangle,
        metavar=RECTANGLE,
        rich_help_panel=_CLIP,
        help="A rectangle on the wall at second S, clockwise from its top left, and its size.",
    ),
]
