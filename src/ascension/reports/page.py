"""The report as one HTML file: no request to anywhere, light and dark, made to be printed too.

The one exception is the video: it is played from the same folder where it is not in the file. A report with
a video has a script that seeks it; without the script the same links open the video at that moment.
"""

import base64
import hashlib
from importlib import resources
from typing import Final

from ascension.reports.content import AT_COLUMN, Advised, Clip, Part, Report, Table
from ascension.reports.drawing import COLORS, Drawing
from ascension.reports.elements import Markup, element, joined
from ascension.reports.svg import address_of, moment, svg_of

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page_of(report: Report) -> bytes:
    """UTF-8. All texts are escaped; raises PictureUnreadable for a picture that browsers do not show."""
    label, language = report.texts.label, report.texts.language
    title = report.texts.titled(label["title"], report.title)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(report.clip)),
        element("title", title),
        element("style", Markup(style())),
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
        element("main", *_main(report), class_="moments"),
        element("footer", element("p", label["made_by"], class_="faint")),
        *([element("script", Markup(_beside("page.js")))] if report.clip else []),
    )
    return f"<!doctype html>\n{element('html', head, body, lang=language).text}\n".encode()


def _policy(clip: Clip | None) -> str:
    """Nothing is loaded but what is in the file; a clip may come from the same folder."""
    if clip is None:
        return _POLICY
    allowed = base64.b64encode(hashlib.sha256(_beside("page.js").encode()).digest()).decode()
    media = "'self' file:" if clip.data is None else "data:"
    return f"{_POLICY}; script-src 'sha256-{allowed}'; media-src {media}"


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
        timeline = _figure(report.timeline, label["timeline_note"], "wide", report.clip)
        found += [element("h2", label["timeline"]), timeline]
    for part in report.parts:
        found += _tables(report, part)
    if report.warnings:
        items = (element("li", text, lang=language) for text, language in report.warnings)
        found += [element("h2", label["warnings"]), element("ul", *items)]
    if report.texts.language != "en":
        found.append(element("p", label["english"], class_="faint"))
    clip = [_clip(report, report.clip)] if report.clip else []
    return [*clip, element("div", *found)]


def _clip(report: Report, clip: Clip) -> Markup:
    label = report.texts.label
    source = address_of(clip)
    if clip.data is not None:
        source = f"data:video/mp4;base64,{base64.b64encode(clip.data).decode()}"
    video = element("video", src=source, controls="", muted="", playsinline="", preload="metadata")
    missing = element("p", label["missing_clip"].format(name=clip.name), class_="missing faint", hidden="")
    return element(
        "figure", video, missing, element("figcaption", label["clip"], class_="faint"), class_="clip"
    )


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


def _listed(report: Report, title: str, advice: tuple[Advised, ...]) -> Markup:
    label = report.texts.label
    items: list[Markup] = []
    for one in advice:
        text = one.text
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
                *_seen_at(report, one),
                element("p", text.why, class_="faint"),
                *practice,
                element("p", text.basis, class_="faint"),
            )
        )
    return joined(element("h3", title), element("ol", *items, class_="advice"))


def _seen_at(report: Report, advised: Advised) -> list[Markup]:
    """Links to the moments that an advice is about."""
    if report.clip is None or not advised.at_s:
        return []
    links = [moment(report.clip, at_s, report.texts.clock(at_s)) for at_s in advised.at_s]
    return [element("p", report.texts.titled(report.texts.label["see"], ""), *links, class_="see")]


def _tables(report: Report, part: Part) -> list[Markup]:
    label, clip = report.texts.label, report.clip
    return [
        element("h2", f"{label['moves_of']} – {part.title}"),
        _table(part.moves, clip),
        element("h2", f"{label['measures']} – {part.title}"),
        _table(part.measures, clip),
        *(
            [element("h3", label["unmeasured"]), _table(part.unmeasured, clip)]
            if part.unmeasured.rows
            else []
        ),
    ]


def _table(table: Table, clip: Clip | None) -> Markup:
    def cell(row: int, column: int, text: str) -> Markup:
        if column in table.wide:
            return element("td", text, class_="text")
        if column == AT_COLUMN and table.at_s:
            return element("td", moment(clip, table.at_s[row], text))
        return element("td", text)

    head = element("tr", *(element("th", name, scope="col") for name in table.heads))
    rows = (
        element("tr", *(cell(at, column, text) for column, text in enumerate(row)))
        for at, row in enumerate(table.rows)
    )
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *rows)),
        class_="wide sentences" if table.wide else "wide",
        tabindex="0",
    )


def _figure(drawing: Drawing, note: str, kind: str, clip: Clip | None = None) -> Markup:
    return element(
        "figure",
        element("div", svg_of(drawing, clip), class_=kind),
        element("figcaption", note, class_="faint"),
        style="margin:0",
    )


def style() -> str:
    """The rules of every page, with the colors of the drawings."""
    light = " ".join(f"--{role.replace('_', '-')}: {pair[0]};" for role, pair in COLORS.items())
    dark = " ".join(f"--{role.replace('_', '-')}: {pair[1]};" for role, pair in COLORS.items())
    rules = [".line { fill: none; stroke-linejoin: round; } .pale { opacity: .35; }"]
    rules.append(".mark { stroke: #fff; stroke-width: 2; }")
    for role in COLORS:
        color = f"var(--{role.replace('_', '-')})"
        rules.append(f".fill.{role}, .mark.{role} {{ fill: {color}; }} .line.{role} {{ stroke: {color}; }}")
    style = _beside("page.css").replace("/* light */", light).replace("/* dark */", dark)
    return style.replace("/* roles */", "\n".join(rules))


def _beside(name: str) -> str:
    return (resources.files("ascension.reports") / name).read_text(encoding="utf-8")
