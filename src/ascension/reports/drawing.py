"""Charts as a few shapes, drawn alike into a page and a PDF."""

from dataclasses import dataclass
from typing import Final, Literal

from ascension.climbing.limbs import Limb
from ascension.errors.reports import PictureUnreadable

Role = Literal[
    "left_hand", "right_hand", "left_foot", "right_foot", "center", "ink", "faint", "ground", "accent",
    "paper",
]  # fmt: skip
Anchor = Literal["start", "middle", "end"]

COLORS: Final[dict[Role, tuple[str, str]]] = {
    "left_hand": ("#0067a5", "#5db4e8"),
    "right_hand": ("#b84700", "#f08a4b"),
    "left_foot": ("#00796b", "#4dc4ad"),
    "right_foot": ("#8a6100", "#e3b341"),
    "center": ("#c2185b", "#ff5c9d"),
    "ink": ("#1d2733", "#e8edf2"),
    "faint": ("#5b6875", "#9aa7b4"),
    "ground": ("#e6eaee", "#2a333d"),
    "accent": ("#2f6f3e", "#79c98a"),
    "paper": ("#ffffff", "#14191f"),
}
"""For a light and for a dark page. Left and right, hands and feet differ in lightness as well as in hue."""


def role_of(limb: Limb) -> Role:
    roles: dict[Limb, Role] = {
        Limb.LEFT_HAND: "left_hand",
        Limb.RIGHT_HAND: "right_hand",
        Limb.LEFT_FOOT: "left_foot",
        Limb.RIGHT_FOOT: "right_foot",
    }
    return roles[limb]


@dataclass(frozen=True)
class Box:
    """A rectangle; `outlined`: without filling; `at_s`: the moment of the video that it stands for."""

    x: float
    y: float
    width: float
    height: float
    role: Role
    outlined: bool = False
    pale: bool = False
    at_s: float | None = None


@dataclass(frozen=True)
class Dot:
    """A circle with a rim in the color of the paper, so that it shows on any picture."""

    x: float
    y: float
    radius: float
    role: Role


@dataclass(frozen=True)
class Path:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    role: Role
    width: float = 2.0
    dashed: bool = False


@dataclass(frozen=True)
class Label:
    """A text; y is its base line; `at_s` as in Box."""

    x: float
    y: float
    text: str
    role: Role = "ink"
    size: float = 12.0
    anchor: Anchor = "start"
    at_s: float | None = None


@dataclass(frozen=True)
class Picture:
    """A picture over the whole rectangle: JPEG, PNG, WebP or AVIF."""

    x: float
    y: float
    width: float
    height: float
    data: bytes


Shape = Box | Dot | Path | Label | Picture


@dataclass(frozen=True)
class Drawing:
    """Shapes on a rectangle, y down; `title` says in words what is to be seen."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]


def picture_type(data: bytes) -> str:
    """The media type of a picture by its first bytes. Raises PictureUnreadable for all else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    raise PictureUnreadable
