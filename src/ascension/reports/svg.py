"""A drawing as inline SVG, and links to moments of the video."""

import base64
from urllib.parse import quote

from ascension.reports.content import Clip
from ascension.reports.drawing import Box, Dot, Drawing, Label, Path, Picture, Shape, picture_type
from ascension.reports.elements import Markup, element, joined


def address_of(clip: Clip) -> str:
    """Of the video itself: a file beside the page, or the element in it."""
    return quote(clip.name, safe="") if clip.data is None else "#clip"


def moment(clip: Clip | None, at_s: float, shown: Markup | str, **attributes: str) -> Markup:
    """A link to a moment of the video, where there is one."""
    if clip is None:
        return joined(shown)
    address = address_of(clip) + (f"#t={at_s:.2f}" if clip.data is None else "")
    return element("a", shown, href=address, data_at=f"{at_s:.2f}", class_="moment", **attributes)


def svg_of(drawing: Drawing, clip: Clip | None) -> Markup:
    """The drawing in the colors of the page; what stands for a moment of the clip leads there."""
    return element(
        "svg",
        element("title", drawing.title),
        *(_shape_at(shape, clip) for shape in drawing.shapes),
        viewBox=f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
        role="img",
    )


def _shape_at(shape: Shape, clip: Clip | None) -> Markup:
    if isinstance(shape, Box | Label) and shape.at_s is not None:
        # for a pointer only: with the keyboard the same moments are reached in the tables, in fewer steps
        return moment(clip, shape.at_s, _shape(shape), tabindex="-1")
    return _shape(shape)


def _shape(shape: Shape) -> Markup:
    match shape:
        case Box():
            kind = f"{'line' if shape.outlined else 'fill'} {shape.role}{' pale' if shape.pale else ''}"
            return element(
                "rect",
                x=shape.x,
                y=shape.y,
                width=max(shape.width, 0.5),
                height=shape.height,
                rx=3,
                class_=kind,
            )
        case Dot():
            return element("circle", cx=shape.x, cy=shape.y, r=shape.radius, class_=f"mark {shape.role}")
        case Path():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            dashes = f"{3 * shape.width:.1f} {2 * shape.width:.1f}" if shape.dashed else "none"
            return element(
                "polyline",
                points=points,
                stroke_width=shape.width,
                stroke_dasharray=dashes,
                class_=f"line {shape.role}",
            )
        case Label():
            return element(
                "text",
                shape.text,
                x=shape.x,
                y=shape.y,
                font_size=shape.size,
                text_anchor=shape.anchor,
                class_=f"fill {shape.role}",
            )
        case Picture():
            source = f"data:{picture_type(shape.data)};base64,{base64.b64encode(shape.data).decode()}"
            return element("image", x=shape.x, y=shape.y, width=shape.width, height=shape.height, href=source)
