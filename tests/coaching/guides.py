"""The tables of the guides, from the code: `python -m tests.coaching.guides` prints them."""

import sys

from ascension.climbing.habits.rules import RULES
from ascension.coaching.rules import ADVISED, EVENTS, MEASURES
from ascension.coaching.score import AXES, PARTS, WEAK, WEIGHTS
from ascension.coaching.wording import catalog


def advice_rows() -> list[str]:
    """One row for each finding."""
    english = catalog("en")
    rows = [
        _row(kind, rule.sort, ADVISED[kind].severity, ADVISED[kind].drill, rule.strength, rule.source)
        for kind, rule in RULES.items()
    ]
    rows += [_row(one.code, one.kind, one.severity, "", "seen", "an event") for one in EVENTS.values()]
    rows += [
        _row(
            one.code,
            one.kind,
            one.severity,
            one.drill,
            one.basis,
            f"`{one.measure}` from {one.at_least:g} on"
            + (f", {one.reaches} reaches or more" if one.reaches else ""),
        )
        for one in MEASURES
    ]
    assert len(rows) == len(english.finding)
    return rows


def score_rows() -> list[str]:
    """One row for each measure of an axis."""
    return [
        f"| {axis}{' (weakly visible)' if axis in WEAK else ''} | {WEIGHTS[axis]:.2f} | `{part.measure}`"
        f"{f' / `{part.per}`' if part.per else ''} | {part.weight:.2f} | {part.worst:g} | {part.best:g} |"
        for axis in AXES
        for part in PARTS[axis]
    ]


def _row(code: str, sort: str, severity: float, drill: str, strength: str, source: str) -> str:
    title = catalog("en").finding[code].title
    practiced = catalog("en").drill[drill].title if drill else "-"
    return f"| `{code}` | {title} | {sort} | {severity:.2f} | {practiced} | {strength} | {source} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(["", *advice_rows(), "", *score_rows(), ""]))
