"""The columns of every table of docs/validation.md: one dictionary a table, from figures to cells."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ascension.climbing.measures.definitions import Definition
from validation.climbs import ClimbFigures
from validation.comparison import Comparison, Side
from validation.evaluation import Figures, Spread, WallFigures
from validation.faults import FaultFigures, Named
from validation.measures import Pair, offset_of, shares_of
from validation.pairs import PairFigures
from validation.plans import PlanFigures
from validation.proof import Proof, Reached, Reading


def number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _spread(spread: Spread | None, digits: int = 1) -> str:
    """Mean / 95th percentile."""
    return "-" if spread is None else f"{spread.mean:.{digits}f} / {spread.p95:.{digits}f}"


def _count(figures: Figures, count: int) -> str:
    return str(count) if figures.climber_frames else "-"


def _false(figures: Figures) -> str:
    return "-" if figures.climber_frames else f"{figures.false_frames} of {figures.frames}"


def _peaks(figures: Figures) -> str:
    """Hips, then the wrist that is further off."""
    errors = dict(figures.peak_speed_error_pct)
    hips = errors.pop("hips", None)
    return "-" if hips is None else f"{hips:+.1f} / {max(errors.values(), key=abs):+.1f}"


LANDMARKS: Final[dict[str, Callable[[Figures], str]]] = {
    "scene": lambda f: f.scene,
    "found %": lambda f: number(f.detection_pct),
    "false frames": _false,
    "wrong person": lambda f: _count(f, f.wrong_person_frames),
    "12 joints %": lambda f: _spread(f.main_joints_pct),
    "visible %": lambda f: _spread(f.main_joints_visible_pct),
    "hidden %": lambda f: _spread(f.main_joints_hidden_pct),
    "swaps": lambda f: _count(f, f.swapped_frames),
    "sides flagged %": lambda f: number(f.sides_flagged_pct),
    "center of mass %": lambda f: _spread(f.center_of_mass_pct),
    "hidden ends unseen %": lambda f: number(f.hidden_ends_unseen_pct, 0),
    "visible ends unseen %": lambda f: number(f.visible_ends_unseen_pct, 0),
    "jitter (true) %": lambda f: f"{number(f.jitter_pct, 2)} ({number(f.true_jitter_pct, 2)})",
    "peak speed %": _peaks,
    "wall px": lambda f: "-" if f.wall is None or f.wall.error_px is None else _median(f.wall.error_px),
    "wall cm": lambda f: "-" if f.wall is None or f.wall.error_cm is None else _median(f.wall.error_cm),
    "wall frames %": lambda f: "-" if f.wall is None else number(f.wall.frames_pct, 0),
    "scale (stated) %": lambda f: "-" if f.wall is None else _scale(f.wall),
    "scale holds": lambda f: {True: "yes", False: "no", None: "-"}[f.wall and f.wall.scale_is_within],
}


def _scale(wall: WallFigures) -> str:
    """Error, and in brackets how large the result says that it can be."""
    if wall.scale_error_pct is None:
        return "-"
    return f"{wall.scale_error_pct:+.1f} ({number(wall.scale_stated_pct, 0)})"


def _median(spread: Spread) -> str:
    """Median / 95th percentile."""
    return f"{spread.median:.2f} / {spread.p95:.2f}"


def _worst_s(values: Sequence[float]) -> str:
    """Median / largest."""
    return f"{np.median(values):.2f} / {max(values):.2f}" if values else "-"


def _pair(first: float | None, second: float | None, digits: int = 1) -> str:
    return f"{number(first, digits)} / {number(second, digits)}"


def _joints(side: Side) -> str:
    return f"{number(side.joints_pct)} ({_pair(side.visible_pct, side.hidden_pct)})"


BESIDE: Final[dict[str, Callable[[Comparison], str]]] = {
    "scene": lambda c: c.scene,
    "common frames": lambda c: str(c.common_frames) if c.ours.found_pct is not None else "-",
    "12 joints (visible / hidden) %": lambda c: _joints(c.ours) if c.common_frames else "-",
    "MediaPipe": lambda c: _joints(c.peer) if c.common_frames else "-",
    "with misses %": lambda c: _pair(c.ours.with_misses_pct, c.peer.with_misses_pct),
    "found %": lambda c: _pair(c.ours.found_pct, c.peer.found_pct),
    "jitter %": lambda c: _pair(c.ours.jitter_pct, c.peer.jitter_pct, 2),
    "wrong or false frames": lambda c: f"{c.ours.wrong_frames} / {c.peer.wrong_frames}",
    "MediaPipe is better at": lambda c: ", ".join(c.lost()) or "-",
}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def summary(rows: list[Figures]) -> dict[str, float | None]:
    """The whole set in a few numbers: scenes count alike, however long they are."""
    return {
        "detection_pct": _mean([row.detection_pct for row in rows]),
        "false_frames": float(sum(row.false_frames for row in rows)),
        "wrong_person_frames": float(sum(row.wrong_person_frames for row in rows)),
        "main_joints_mean_pct": _mean([row.main_joints_pct and row.main_joints_pct.mean for row in rows]),
        "main_joints_visible_mean_pct": _mean(
            [row.main_joints_visible_pct and row.main_joints_visible_pct.mean for row in rows]
        ),
        "main_joints_hidden_mean_pct": _mean(
            [row.main_joints_hidden_pct and row.main_joints_hidden_pct.mean for row in rows]
        ),
        "sides_flagged_pct": _mean([row.sides_flagged_pct for row in rows]),
        "swapped_frames": float(sum(row.swapped_frames for row in rows)),
        "center_of_mass_mean_pct": _mean(
            [row.center_of_mass_pct and row.center_of_mass_pct.mean for row in rows]
        ),
        "hidden_ends_unseen_pct": _mean([row.hidden_ends_unseen_pct for row in rows]),
        "visible_ends_unseen_pct": _mean([row.visible_ends_unseen_pct for row in rows]),
        "jitter_pct": _mean([row.jitter_pct for row in rows]),
        "wall_median_px": _mean(
            [row.wall and row.wall.error_px and row.wall.error_px.median for row in rows]
        ),
    }


def _yes(fact: bool | None) -> str:
    return {True: "yes", False: "**no**", None: "-"}[fact]


def _limit(reached: Reached) -> str:
    limit = reached.target.limit
    of_what = "mean" if reached.target.by_mean else "median"
    return "-" if limit is None else f"{of_what} {'>=' if reached.target.is_least else '<='} {limit:g}"


def _worst(reached: Reached) -> str:
    return "-" if reached.worst is None else f"{reached.worst[0]:.1f} ({reached.worst[1]})"


TARGETS: Final[dict[str, Callable[[Reached], str]]] = {
    "what": lambda r: r.target.what,
    "scenes": lambda r: f"{r.scenes} {r.target.group}",
    "target": _limit,
    "median": lambda r: number(r.median),
    "mean": lambda r: number(r.mean),
    "worst": _worst,
    "met": lambda r: _yes(r.is_met),
}


def _events(climb: ClimbFigures) -> str:
    """Those that were found, then those missed and made up."""
    words = [*climb.events_right, *(f"missed: {kind}" for kind in climb.events_missed)]
    return ", ".join([*words, *(f"made up: {kind}" for kind in climb.events_wrong)]) or "-"


CLIMBS: Final[dict[str, Callable[[ClimbFigures], str]]] = {
    "scene": lambda c: c.scene,
    "contacts %": lambda c: number(c.balanced_pct),
    "where visible %": lambda c: number(c.visible_pct),
    "said unseen %": lambda c: number(c.unseen_pct),
    "floor %": lambda c: number(c.floor_pct),
    "IoU %": lambda c: number(c.iou_pct),
    "right hold %": lambda c: number(c.right_hold_pct),
    "holds found %": lambda c: number(c.hold_recall_pct),
    "moves F1 %": lambda c: number(c.moves_f1_pct),
    "right / true / found": lambda c: f"{c.moves_right} / {c.moves_true} / {c.moves_found}",
    "events": _events,
}


PLANS: Final[dict[str, Callable[[PlanFigures], str]]] = {
    "scene": lambda p: p.scene,
    "planned": lambda p: str(p.planned),
    "told right": lambda p: str(p.right),
    "made up": lambda p: str(p.made_up),
    "off s": lambda p: _worst_s(p.off_s),
    "differs": lambda p: "; ".join(p.differs) or "-",
}


def _shares(name: str) -> Callable[[Proof], str]:
    """Ours, and the true one in brackets."""

    def cell(proof: Proof) -> str:
        ours, true = shares_of(name, proof.reading.pairs if proof.reading else ())
        return f"{number(ours, 0)} ({number(true, 0)})"

    return cell


def _reading(cell: Callable[[Reading], str]) -> Callable[[Proof], str]:
    return lambda proof: "-" if proof.reading is None else cell(proof.reading)


LENGTHS: Final[dict[str, Callable[[Proof], str]]] = {
    "scene": lambda p: p.scene,
    "center of mass %": lambda p: _spread(p.figures.center_of_mass_pct),
    "reaches": _reading(lambda r: str(len(r.climb.reaches_m))),
    "length off %": _reading(lambda r: number(r.climb.reach_error_pct)),
    "length off cm": _reading(
        lambda r: "-" if r.climb.reach_error_cm is None else f"{r.climb.reach_error_cm:+.1f}"
    ),
    "straight arms (true) %": _shares("straight_arm_share"),
    "immobility (true) %": _shares("immobility_share"),
}


def _named(one: Named) -> str:
    return f"{one.code} {one.begin_s:.1f}-{one.end_s:.1f}"


FAULTS: Final[dict[str, Callable[[FaultFigures], str]]] = {
    "scene": lambda f: f.scene,
    "planted": lambda f: f.planted or "nothing",
    "at s": lambda f: "-" if f.planted is None else f"{f.begin_s:.1f}-{f.end_s:.1f}",
    "named as": lambda f: "-" if f.named is None else _named(f.named),
    "off by s": lambda f: number(f.off_s, 2),
    "after it began s": lambda f: "-" if f.after_s is None else f"{f.after_s:+.2f}",
    "other faults": lambda f: ", ".join(map(_named, f.others)) or "-",
    "praised for": lambda f: ", ".join(map(_named, f.praise)) or "-",
    "right": lambda f: _yes(f.is_right),
}


def _told(pair: PairFigures) -> str:
    """What is planned and told, with how far the cost is off; then what is missed and made up."""
    words = [f"{words} (off {number(off_s, 2)})" for words, off_s in pair.found]
    words += [f"**missed** {words}" for words in pair.missed]
    return "; ".join([*words, *(f"**made up** {words}" for words in pair.made_up)]) or "-"


def _longer(pair: PairFigures) -> str:
    return "-" if pair.longer_s is None else f"{pair.longer_s[0]:+.2f} ({pair.longer_s[1]:+.2f})"


PAIRS: Final[dict[str, Callable[[PairFigures], str]]] = {
    "first, second": lambda p: f"{p.first}, {p.second}",
    "wall px": lambda p: p.refused or ("-" if p.wall_px is None else _median(p.wall_px)),
    "wall cm": lambda p: "-" if p.wall_cm is None else _median(p.wall_cm),
    "holds": lambda p: f"{p.holds[1]} of {p.holds[0]}" + (f", {p.holds[2]} wrong" if p.holds[2] else ""),
    "aligned s": lambda p: _worst_s(p.aligned_s),
    "sections s": lambda p: f"{_worst_s(p.sections_s)} ({p.sections[0]} of {p.sections[1]})",
    "longer (true) s": _longer,
    "planned / told / made up": lambda p: f"{len(p.planned)} / {len(p.found)} / {len(p.made_up)}",
    "differences": _told,
}


def measures_of(pairs: Sequence[Pair]) -> dict[str, Callable[[Definition], str]]:
    """The columns of a table with one row a measure."""

    def figure(name: str, form: str) -> Callable[[Definition], str]:
        def cell(definition: Definition) -> str:
            value = getattr(offset_of(definition.name, pairs), name)
            return "-" if value is None else format(value, form)

        return cell

    return {
        "id": lambda d: d.id,
        "measure": lambda d: f"`{d.name}`",
        "unit": lambda d: d.unit,
        "both": figure("both", "d"),
        "ours only": figure("ours_only", "d"),
        "truth only": figure("true_only", "d"),
        "true median": figure("true_median", ".3g"),
        "median off": figure("median_off", "+.3g"),
        "mean off": figure("mean_off", ".3g"),
    }
