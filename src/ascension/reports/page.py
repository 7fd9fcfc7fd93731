"""The report as one HTML file: no script, no request to anywhere, light and dark, made to be printed too."""

import base64
from typing import Final

from ascension.coaching.wording import Text
from ascension.reports.content import Part, Report, Table
from ascension.reports.drawing import (
    COLORS,
    Box,
    Dot,
    Drawing,
    Label,
    Path,
    Picture,
    Shape,
    picture_type,
)
from ascension.reports.elements import Markup, element, joined

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE: Final = """
:root { color-scheme: light dark; VARIABLES_LIGHT }
@media (prefers-color-scheme: dark) { :root { VARIABLES_DARK } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem;
  color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p, ol, ul, dl { margin: .3rem 0; }
.faint { color: var(--faint); font-size: .88rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem;
  margin: 1.2rem 0; }
.figures div { border-left: 3px solid var(--accent); padding-left: .7rem; }
.figures dt { color: var(--faint); font-size: .82rem; }
.figures dd { margin: 0; font-weight: 600; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.5rem; }
.advice { list-style: none; padding: 0; }
.advice li { border: 1px solid var(--ground); border-radius: .5rem; padding: .7rem .9rem; margin: .6rem 0;
  break-inside: avoid; }
.advice strong { display: block; }
.kind { color: var(--faint); font-size: .8rem; }
svg { display: block; width: 100%; height: auto; }
.wall svg { max-height: 46rem; width: auto; max-width: 100%; margin: 0 auto; }
.wide { overflow-x: auto; }
.wide svg { min-width: 34rem; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .28rem .6rem .28rem 0; border-bottom: 1px solid var(--ground);
  vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
td { white-space: nowrap; }
td.text { white-space: normal; min-width: 11rem; }
ROLES
@media print { :root { VARIABLES_LIGHT } body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } tr, figure, .figures { break-inside: avoid; }
  thead { display: table-header-group; } .wall svg { max-height: 18cm; }
  td, td.text { white-space: normal; min-width: 0; }
  .wide { overflow: visible; } .wide svg { min-width: 0; } }
"""


def page_of(report: Report) -> bytes:
    """UTF-8. All texts are escaped; raises PictureUnreadable for a picture that browsers do not show."""
    label, language = report.texts.label, report.texts.language
    title = report.texts.titled(label["title"], report.title)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", title),
        element("style", Markup(_style())),
    )
    body = element(
        "body",
        element(
            "header",
            element("p", label["title"], class_="faint"),
            element("h1", report.title),
            element(
                "dl",
                *(
                    element("div", element("dt", name), element("dd", value))
                    for name, value in report.figures
                ),
                class_="figures",
            ),
        ),
        element("main", *_main(report)),
        element("footer", element("p", label["made_by"], class_="faint")),
    )
    return f"<!doctype html>\n{element('html', head, body, lang=language).text}\n".encode()


def _main(report: Report) -> list[Markup]:
    label = report.texts.label
    found: list[Markup] = []
    if report.nothing:
        found.append(element("p", report.nothing))
    found += [_advice(report, part) for part in report.parts]
    if report.parts:
        wall = _figure(report.wall, label["wall_note"], "wall") if report.wall else None
        found += [element("h2", label["wall"]), wall or element("p", label["no_wall"], class_="faint")]
    if report.timeline:
        found += [element("h2", label["timeline"]), _figure(report.timeline, label["timeline_note"], "wide")]
    for part in report.parts:
        found += _tables(report, part)
    if report.warnings:
        items = (element("li", text, lang="en") for text in report.warnings)
        found += [element("h2", label["warnings"]), element("ul", *items)]
    if report.texts.language != "en":
        found.append(element("p", label["english"], class_="faint"))
    return found


def _advice(report: Report, part: Part) -> Markup:
    label = report.texts.label
    advice: list[Markup] = [_listed(report, label["advice"], part.top)] if part.top else []
    if part.further:
        title = label["further"] if part.top else label["advice"]
        advice.append(_listed(report, title, part.further))
    if not advice:
        advice = [element("h3", label["advice"]), element("p", label["no_advice"], class_="faint")]
    if part.blanks:
        items = (element("li", text) for text in part.blanks)
        advice += [element("h3", label["not_judged"]), element("ul", *items, class_="faint")]
    axes = element("div", element("h3", label["axes"]), _figure(part.axes, part.axes_note, "axes"))
    return element(
        "section",
        element("h2", report.texts.titled(part.title, part.lead)),
        element("p", part.reason, class_="faint", lang="en"),
        element("div", axes, element("div", *advice), class_="sides"),
    )


def _listed(report: Report, title: str, texts: tuple[Text, ...]) -> Markup:
    label = report.texts.label
    items: list[Markup] = []
    for text in texts:
        practice = (
            [element("p", report.texts.titled(label["drill"], f"{text.drill_title}. {text.drill}"))]
            if text.drill
            else []
        )
        items.append(
            element(
                "li",
                element("span", text.kind, class_="kind"),
                element("strong", text.title),
                element("p", text.sentence),
                element("p", text.why, class_="faint"),
                *practice,
                element("p", text.basis, class_="faint"),
            )
        )
    return joined(element("h3", title), element("ol", *items, class_="advice"))


def _tables(report: Report, part: Part) -> list[Markup]:
    label = report.texts.label
    return [
        element("h2", f"{label['moves_of']} – {part.title}"),
        _table(part.moves),
        element("h2", f"{label['measures']} – {part.title}"),
        _table(part.measures),
    ]


def _table(table: Table) -> Markup:
    def row(cells: tuple[str, ...]) -> Markup:
        return element(
            "tr",
            *(
                element("td", cell, class_="text") if at in table.wide else element("td", cell)
                for at, cell in enumerate(cells)
            ),
        )

    head = element("tr", *(element("th", name, scope="col") for name in table.heads))
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *map(row, table.rows))),
        class_="wide",
        tabindex="0",
    )


def _figure(drawing: Drawing, note: str, kind: str) -> Markup:
    return element(
        "figure",
        element("div", svg_of(drawing), class_=kind),
        element("figcaption", note, class_="faint"),
        style="margin:0",
    )


def svg_of(drawing: Drawing) -> Markup:
    """The drawing as inline SVG, in the colors of the page."""
    return element(
        "svg",
        element("title", drawing.title),
        *map(_shape, drawing.shapes),
        viewBox=f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
        role="img",
    )


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


def _style() -> str:
    light = " ".join(f"--{role.replace('_', '-')}: {pair[0]};" for role, pair in COLORS.items())
    dark = " ".join(f"--{role.replace('_', '-')}: {pair[1]};" for role, pair in COLORS.items())
    rules = [".line { fill: none; stroke-linejoin: round; } .pale { opacity: .35; }"]
    rules.append(".mark { stroke: #fff; stroke-width: 2; }")
    for role in COLORS:
        color = f"var(--{role.replace('_', '-')})"
        rules.append(f".fill.{role}, .mark.{role} {{ fill: {color}; }} .line.{role} {{ stroke: {color}; }}")
    style = _STYLE.replace("VARIABLES_LIGHT", light).replace("VARIABLES_DARK", dark)
    return style.replace("ROLES", "\n".join(rules))
