"""The plan as a picture: what is asked for, the workers and the queue of every rule, hour by hour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from ascension.capacity.plan import Plan

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN_HOURS: Final = 7 * 24
COLORS: Final = ("#c2410c", "#1d4ed8", "#047857")
BLOCKS: Final = " ▁▂▃▄▅▆▇█"
WIDTH, LEFT, RIGHT, PANEL, GAP, TOP = 960, 64, 20, 150, 52, 64


@dataclass(frozen=True)
class _Line:
    name: str
    color: str
    values: Sequence[float]
    filled: bool = False


def sparkline(values: Sequence[float], highest: float) -> str:
    """One character a value; a blank is zero, a full block the highest."""
    return "".join(BLOCKS[_height(value, highest)] for value in values)


def _height(value: float, highest: float) -> int:
    if value <= 0 or highest <= 0:
        return 0
    return max(1, min(round(value / highest * (len(BLOCKS) - 1)), len(BLOCKS) - 1))


def svg_of(plan: Plan) -> bytes:
    """A drawing of at most the first week, on white."""
    hours = min(plan.days * 24, SHOWN_HOURS)
    rules = [
        (column.name, COLORS[index % len(COLORS)], column.hourly[:hours])
        for index, column in enumerate(plan.columns)
    ]
    asked = [hour.asked_for for hour in plan.columns[0].hourly[:hours]]
    panels: list[tuple[str, list[_Line]]] = [
        ("Clips asked for in an hour", [_Line("", "#64748b", asked, filled=True)]),
        (
            "Workers that can work",
            [_Line(name, color, [one.workers for one in hourly]) for name, color, hourly in rules],
        ),
        (
            "Clips that wait",
            [_Line(name, color, [one.queued for one in hourly]) for name, color, hourly in rules],
        ),
    ]
    height = TOP + len(panels) * (PANEL + GAP)
    root = Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=str(WIDTH),
        height=str(height),
        role="img",
    )
    root.set("font-family", "system-ui, sans-serif")
    SubElement(root, "title").text = "Capacity plan"
    SubElement(root, "rect", width="100%", height="100%", fill="#ffffff")
    _legend(root, [(name, color) for name, color, _ in rules])
    for index, (title, lines) in enumerate(panels):
        _panel(root, TOP + index * (PANEL + GAP), title, lines, hours)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def html_of(plan: Plan) -> bytes:
    """The drawing in a page of its own."""
    drawing = svg_of(plan).partition(b"?>\n")[2]
    head = b'<!doctype html><html lang="en"><meta charset="utf-8"><title>Capacity plan</title>'
    look = b"<style>body{margin:1rem;background:#fff}svg{max-width:100%;height:auto}</style>"
    return head + look + drawing + b"</html>\n"


def _legend(root: Element, rules: Sequence[tuple[str, str]]) -> None:
    x = LEFT
    for name, color in rules:
        SubElement(root, "rect", x=str(x), y="18", width="22", height="4", fill=color)
        _text(root, x + 30, 25, name, size=15)
        x += 60 + 9 * len(name)


def _panel(root: Element, top: float, title: str, lines: Sequence[_Line], hours: int) -> None:
    highest = nice_ceiling(max(max(line.values) for line in lines))
    _text(root, LEFT, top - 10, title, size=14, weight="600")
    for share in (0, 0.5, 1):
        y = top + PANEL * (1 - share)
        SubElement(root, "line", x1=str(LEFT), x2=str(WIDTH - RIGHT), y1=f"{y}", y2=f"{y}", stroke="#e2e8f0")
        _text(root, LEFT - 8, y + 4, f"{highest * share:,g}", anchor="end")
    for day in range(math.ceil(hours / 24)):
        x = _x(day * 24, hours)
        SubElement(
            root, "line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{top}", y2=f"{top + PANEL}", stroke="#e2e8f0"
        )
        _text(root, _x(day * 24 + 12, hours), top + PANEL + 17, DAYS[day % 7], anchor="middle")
    for line in lines:
        _draw(root, top, line, highest, hours)


def _draw(root: Element, top: float, line: _Line, highest: float, hours: int) -> None:
    points = [
        f"{_x(hour + 0.5, hours):.1f},{top + PANEL * (1 - value / highest):.1f}"
        for hour, value in enumerate(line.values)
    ]
    if line.filled:
        base = top + PANEL
        corners = (f"{_x(0.5, hours):.1f},{base}", *points, f"{_x(hours - 0.5, hours):.1f},{base}")
        SubElement(root, "polygon", points=" ".join(corners), fill=line.color, opacity="0.35")
    drawn = SubElement(root, "polyline", points=" ".join(points), fill="none", stroke=line.color)
    drawn.set("stroke-width", "2")
    drawn.set("stroke-linejoin", "round")


def nice_ceiling(value: float) -> float:
    """The next 1, 2, 4, 6 or 8 times a power of ten, at least 1."""
    if value <= 1:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def _x(hour: float, hours: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * hour / hours


def _text(
    root: Element,
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    anchor: str = "start",
    weight: str = "400",
) -> None:
    found = SubElement(root, "text", x=f"{x:.1f}", y=f"{y:.1f}", fill="#334155")
    found.set("font-size", str(size))
    found.set("text-anchor", anchor)
    found.set("font-weight", weight)
    found.text = words
