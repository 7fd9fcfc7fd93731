"""The report as a PDF of A4 pages.

This module alone calls `reportlab`, whose types leave parts open.
"""

# pyright: reportUnknownMemberType=false

import io
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path as FilePath
from typing import Final

import reportlab
from PIL import Image
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from ascension.errors.reports import PictureUnreadable
from ascension.reports.content import Advised, Part, Report, Table
from ascension.reports.drawing import COLORS, Box, Dot, Drawing, Label, Path, Picture, Role, picture_type

_FONT: Final = "Vera"
_BOLD: Final = "VeraBd"
_MARGIN: Final = 16 * mm
_FRAME_PADDING: Final = 6.0
"""Of the library's page frame, on each side."""
_WIDTH: Final = A4[0] - 2 * _MARGIN - 2 * _FRAME_PADDING
_TALLEST: Final = 190 * mm
_ROOM_FOR_TABLE: Final = 35 * mm
"""A title never stands alone at the end of a page."""
_CELL_GAP: Final = 7.0
"""Between columns."""
_LARGEST: Final = 0.75
"""Texts in charts are made for screens, which show them smaller."""
_PALE: Final = 0.35
_DOTS_PER_POINT: Final = 2
_ANCHORS: Final = {"start": 0.0, "middle": 0.5, "end": 1.0}


def document_of(report: Report) -> bytes:
    """The same report gives the same bytes. Raises PictureUnreadable for a picture that is none.

    Known limit: the font knows Latin letters; others in a file's name become empty boxes.
    """
    _register_fonts()
    file = io.BytesIO()
    label = report.texts.label
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=report.texts.titled(label["title"], report.title),
        author="Ascension",
        lang=report.texts.language,
        invariant=1,
    )
    document.build(list(_story(report)), onFirstPage=_footer, onLaterPages=_footer)
    return file.getvalue()


def _register_fonts() -> None:
    fonts = FilePath(reportlab.__file__).parent / "fonts"
    for name in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))


def _footer(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(_FONT, 7)
    canvas.setFillColor(_color("faint"))
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(document.page))


def _story(report: Report) -> Iterator[Flowable]:
    label = report.texts.label
    yield _text(label["title"], "faint")
    yield _text(report.title, "title")
    yield Spacer(0, 3 * mm)
    yield _figures(report)
    if report.nothing:
        yield _text(report.nothing)
    for part in report.parts:
        yield from _advice(report, part)
    if report.parts:
        yield _titled(label["wall"], *_charted(report.wall, label["wall_note"], label["no_wall"]))
    if report.timeline:
        yield _titled(label["timeline"], *_charted(report.timeline, label["timeline_note"], ""))
    for part in report.parts:
        tables = (("moves_of", part.moves), ("measures", part.measures), ("unmeasured", part.unmeasured))
        for name, table in tables:
            if table.rows:
                yield CondPageBreak(_ROOM_FOR_TABLE)
                yield _text(f"{label[name]} – {part.title}", "head")
                yield _grid(table)
    if report.warnings:
        yield _titled(label["warnings"], *(_text(f"• {text}") for text, _ in report.warnings))
    if report.texts.language != "en":
        yield _text(label["english"], "faint")
    yield Spacer(0, 4 * mm)
    yield _text(label["made_by"], "faint")


def _advice(report: Report, part: Part) -> Iterator[Flowable]:
    label = report.texts.label
    yield _text(report.texts.titled(part.title, part.lead), "head")
    yield _text(part.reason, "faint")
    yield _titled(label["axes"], *_charted(part.axes, part.axes_note, ""), style="subhead")
    further = label["further"] if part.top else label["advice"]
    for title, texts in ((label["advice"], part.top), (further, part.further)):
        for at, advised in enumerate(texts):
            lines = _lines(report, advised)
            yield _titled(title, *lines, style="subhead") if at == 0 else KeepTogether(lines)
            yield Spacer(0, 2 * mm)
    if not part.top and not part.further:
        yield _titled(label["advice"], _text(label["no_advice"], "faint"), style="subhead")
    if part.blanks:
        yield _titled(
            label["not_judged"], *(_text(f"• {one}", "faint") for one in part.blanks), style="subhead"
        )


def _lines(report: Report, advised: Advised) -> list[Flowable]:
    text = advised.text
    found: list[Flowable] = [_text(f"{text.title} ({text.kind})", "strong"), _text(text.sentence)]
    if len(advised.at_s) > 1:  # the sentence names the first
        moments = ", ".join(report.texts.clock(at_s) for at_s in advised.at_s)
        found.append(_text(report.texts.titled(report.texts.label["see"], moments)))
    found.append(_text(text.why, "faint"))
    if text.drill:
        drill = f"{text.drill_title}. {text.drill}"
        found.append(_text(report.texts.titled(report.texts.label["drill"], drill)))
    found.append(_text(text.basis, "faint"))
    return found


def _figures(report: Report) -> Flowable:
    cells = [[_text(name, "faint"), _text(value, "strong")] for name, value in report.figures]
    rows = [cells[at : at + 4] for at in range(0, len(cells), 4)]
    filled = [row + [[] for _ in range(4 - len(row))] for row in rows]
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    return Grid(filled, colWidths=[_WIDTH / 4] * 4, style=style, hAlign="LEFT")


def _charted(drawing: Drawing | None, note: str, missing: str) -> list[Flowable]:
    if drawing is None:
        return [_text(missing, "faint")]
    return [Chart(drawing), _text(note, "faint")]


def _titled(title: str, *below: Flowable, style: str = "head") -> Flowable:
    return KeepTogether([_text(title, style), *below])


def _grid(table: Table) -> Flowable:
    widths = _widths(table)
    rows = [[_text(cell, "cellhead") for cell in table.heads]]
    rows += [[_text(cell, "cell") for cell in row] for row in table.rows]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _color("ground")),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
    return Grid(rows, colWidths=widths, repeatRows=1, style=style, hAlign="LEFT")


def _widths(table: Table) -> list[float]:
    """Columns as wide as their longest text; the last one of sentences has what is left, or all share it."""
    columns = list(zip(table.heads, *table.rows, strict=True))
    needed = [
        max(_wide(head.split(), "cellhead") + _wide(cells, "cell")) + _CELL_GAP for head, *cells in columns
    ]
    if table.wide:
        last = table.wide[-1]
        return [*needed[:last], _WIDTH - sum(needed[:last]) - sum(needed[last + 1 :]), *needed[last + 1 :]]
    return [width + (_WIDTH - sum(needed)) / len(needed) for width in needed]


def _wide(texts: Sequence[str], style: str) -> list[float]:
    font = _STYLES[style]
    return [0.0, *(pdfmetrics.stringWidth(text, font.fontName, font.fontSize) for text in texts)]


def _text(text: str, style: str = "body") -> Paragraph:
    """A paragraph; what looks like markup in it is shown, not obeyed."""
    return Paragraph(escape(text, quote=False), _STYLES[style])


def _color(role: Role) -> Color:
    return HexColor(COLORS[role][0])


def _style(font: str, size: float, role: Role, before: float, after: float) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font} {size} {role}",
        fontName=font,
        fontSize=size,
        leading=size * 1.35,
        textColor=_color(role),
        spaceBefore=before,
        spaceAfter=after,
    )


_STYLES: Final = {
    "title": _style(_BOLD, 15, "ink", 0, 2),
    "head": _style(_BOLD, 11.5, "ink", 10, 3),
    "subhead": _style(_BOLD, 9.5, "ink", 6, 2),
    "strong": _style(_BOLD, 8.5, "ink", 0, 0),
    "body": _style(_FONT, 8.5, "ink", 0, 1),
    "faint": _style(_FONT, 7.5, "faint", 0, 1),
    "cell": _style(_FONT, 7, "ink", 0, 0),
    "cellhead": _style(_BOLD, 7, "faint", 0, 0),
}


class Chart(Flowable):
    """A drawing as wide as the page, or as high as fits."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._zoom = min(_WIDTH / drawing.width, _TALLEST / drawing.height, _LARGEST)
        self.width, self.height = drawing.width * self._zoom, drawing.height * self._zoom

    def draw(self) -> None:
        canvas = self.canv
        canvas.scale(self._zoom, self._zoom)
        for shape in self._drawing.shapes:
            canvas.saveState()
            match shape:
                case Box():
                    self._box(canvas, shape)
                case Dot():
                    canvas.setStrokeColor(_color("paper"))
                    canvas.setFillColor(_color(shape.role))
                    canvas.circle(shape.x, self._up(shape.y), shape.radius, stroke=1, fill=1)
                case Path():
                    self._path(canvas, shape)
                case Label():
                    canvas.setFont(_FONT, shape.size)
                    canvas.setFillColor(_color(shape.role))
                    width = pdfmetrics.stringWidth(shape.text, _FONT, shape.size)
                    canvas.drawString(shape.x - _ANCHORS[shape.anchor] * width, self._up(shape.y), shape.text)
                case Picture():
                    bottom = self._up(shape.y + shape.height)
                    picture = _picture(shape.data, shape.width * self._zoom)
                    canvas.drawImage(picture, shape.x, bottom, shape.width, shape.height)
            canvas.restoreState()

    def _up(self, y: float) -> float:
        """PDF counts upwards."""
        return self._drawing.height - y

    def _box(self, canvas: Canvas, box: Box) -> None:
        canvas.setStrokeColor(_color(box.role))
        canvas.setFillColor(_color(box.role))
        canvas.setFillAlpha(_PALE if box.pale else 1)
        bottom, width = self._up(box.y + box.height), max(box.width, 0.5)
        fill, line = (0, 1) if box.outlined else (1, 0)
        canvas.roundRect(box.x, bottom, width, box.height, min(3.0, width / 2), stroke=line, fill=fill)

    def _path(self, canvas: Canvas, path: Path) -> None:
        canvas.setStrokeColor(_color(path.role))
        canvas.setLineWidth(path.width)
        canvas.setLineJoin(1)
        if path.dashed:
            canvas.setDash([3 * path.width, 2 * path.width])
        line = canvas.beginPath()
        for at, (x, y) in enumerate(path.points):
            (line.lineTo if at else line.moveTo)(x, self._up(y))
        canvas.drawPath(line)


def _picture(data: bytes, width: float) -> ImageReader:
    """What PDF has no decoder for becomes JPEG; pixels that no printer shows are left out."""
    try:
        if picture_type(data) == "image/jpeg":
            return ImageReader(io.BytesIO(data))
        with Image.open(io.BytesIO(data)) as image:
            small = image.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:  # damage comes as either
        raise PictureUnreadable from error
    small.thumbnail((int(width * _DOTS_PER_POINT), small.height))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=85)
    return ImageReader(file)
