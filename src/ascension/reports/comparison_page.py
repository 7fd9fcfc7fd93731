"""A comparison as one HTML file: who was quicker where, what differs, and the measures of both."""

from collections.abc import Iterable
from typing import Final

from ascension.comparisons.schemas import ComparisonResult, SectionRead, SideRead
from ascension.reports.comparison_words import KINDS, QUICKER, REASONS, WHO, about, costs, signed, to_hold
from ascension.reports.drawing import Box, Drawing, Label, Role, Shape
from ascension.reports.elements import Markup, element
from ascension.reports.page import style
from ascension.reports.svg import svg_of

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_NAMES: Final = 110.0
_BARS: Final = 640.0
_BAR: Final = 12.0
_ROW: Final = 36.0
_NUMBERS: Final = 90.0


def comparison_page(found: ComparisonResult, names: tuple[str, str]) -> bytes:
    """UTF-8; all texts are escaped, and nothing is asked of any network."""
    title = f"{names[0]} | {names[1]}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", title),
        element("style", Markup(style())),
    )
    body = element(
        "body",
        element("header", element("p", "Comparison", class_="faint"), element("h1", title)),
        element("main", *_main(found, names)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en').text}\n".encode()


def _main(found: ComparisonResult, names: tuple[str, str]) -> list[Markup]:
    line = found.headline
    note = "Blue: the first. Orange: the second. Pale: at rest. From one hold that both grip to the next."
    rows = [
        (
            *("-" if span is None else f"{span.start_s:.1f} s" for span in (one.first, one.second)),
            f"{WHO[one.who]}: {KINDS[one.kind]}",
            about(one),
            costs(one, found.unit),
            f"{one.confidence:.2f}",
        )
        for one in found.differences
    ]
    return [
        element(
            "p",
            f"To the last hold of both: {line.first_s:.1f} s and {line.second_s:.1f} s"
            f" ({signed(line.difference_s)} s), {QUICKER[line.quicker]}.",
        ),
        element("p", f"First: {names[0]}, {_side(found.first)}.", class_="faint"),
        element("p", f"Second: {names[1]}, {_side(found.second)}.", class_="faint"),
        element("h2", "From hold to hold"),
        element("div", svg_of(_strips(found.sections), None), class_="wide"),
        element("p", note, class_="faint"),
        element("h2", "Differences"),
        _table(("First", "Second", "What", "About", "Costs the second", "Confidence"), rows)
        if rows
        else element("p", "None."),
        element("p", "Costs of two lines may lie in the same time: they do not add up.", class_="faint"),
        element("h2", "Measures of what both climbed"),
        _table(("Measure", "First", "Second", "Unit", "Difference"), _measures(found)),
    ]


def _side(side: SideRead) -> str:
    ended = "" if side.outcome == "unknown" else f", {side.outcome.replace('_', ' ')}"
    return f"{side.span.start_s:.1f} s to {side.span.end_s:.1f} s{ended}"


def _measures(found: ComparisonResult) -> Iterable[tuple[str, ...]]:
    for row in found.measures:
        first, second = ("-" if value is None else f"{value:.4g}" for value in (row.first, row.second))
        told = REASONS[row.reason] if row.reason else f"{row.difference:+.4g}"
        yield row.name.replace("_", " "), first, second, row.unit, told


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Markup:
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    body = (element("tr", *(element("td", text) for text in row)) for row in rows)
    table = element("table", element("thead", head), element("tbody", *body))
    return element("div", table, class_="wide", tabindex="0")


def _strips(sections: list[SectionRead]) -> Drawing:
    """Two bars a section, as long as it took, the part at rest pale."""
    longest_s = max((max(one.first_s, one.second_s) for one in sections), default=1.0) or 1.0
    shapes: list[Shape] = []
    for index, one in enumerate(sections):
        top = index * _ROW
        shapes.append(Label(0.0, top + _BAR + 5, f"to {to_hold(one.to_hold)}"))
        bars: tuple[tuple[Role, float, float | None], ...] = (
            ("left_hand", one.first_s, one.first_still_s),
            ("right_hand", one.second_s, one.second_still_s),
        )
        for place, (role, lasts_s, still_s) in enumerate(bars):
            y, width = top + place * (_BAR + 2), _BARS * lasts_s / longest_s
            still = min(_BARS * (still_s or 0.0) / longest_s, width)
            shapes.append(Box(_NAMES, y, width - still, _BAR, role))
            shapes.append(Box(_NAMES + width - still, y, still, _BAR, role, pale=True))
            shapes.append(Label(_NAMES + width + 6, y + _BAR - 1, f"{lasts_s:.1f} s", size=11.0))
    title = "How long each took from hold to hold"
    return Drawing(_NAMES + _BARS + _NUMBERS, max(len(sections), 1) * _ROW, title, tuple(shapes))
