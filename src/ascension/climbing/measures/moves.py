"""Reaches: how smooth, how long, how far, how fast: B06, B07, B08, B16, B17, B27, B32."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.smoothness import FEWEST_SAMPLES, ldlj, normalized_jerk, sparc
from ascension.climbing.limbs import HANDS
from ascension.climbing.measures.material import (
    FULL_SHARE,
    Found,
    Material,
    NotMeasurableError,
    Track,
    gate,
    known_pairs,
    known_time,
    of_moves,
    reaches,
)
from ascension.climbing.record import Evidence, Interval, Move, MoveKind

_FEWEST_FOR_A_TREND: Final = 4
_DYNAMIC_FPS: Final = 50.0
"""Below it, the speed of a dynamic move is cut off at its peak."""


def reach_sparc(material: Material) -> Found:
    return _over_reaches(material, lambda track, run: sparc(track.speed[run], material.step_s))


def reach_ldlj(material: Material) -> Found:
    return _over_reaches(material, lambda track, run: ldlj(track.speed[run], material.step_s))


def hip_sparc(material: Material) -> Found:
    return _over_moves(material, lambda run: sparc(material.hips.speed[run], material.step_s))


def hip_ldlj(material: Material) -> Found:
    return _over_moves(material, lambda run: ldlj(material.hips.speed[run], material.step_s))


def hip_jerk(material: Material) -> Found:
    return _over_moves(material, lambda run: normalized_jerk(material.hips.places[run], material.step_s))


def preparation_time(material: Material) -> Found:
    return _phase(material, lambda move: (move.preparation_start, move.reach_start))


def reaching_time(material: Material) -> Found:
    return _phase(material, lambda move: (move.reach_start, move.reach_end))


def stabilization_time(material: Material) -> Found:
    return _phase(material, lambda move: (move.reach_end, move.settled))


def reach_count(material: Material) -> Found:
    moves = material.hand_moves
    return Found(len(moves), known_time(material, HANDS) * of_moves(moves), reaches(moves))


def reach_distance(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    return Found(float(np.mean([move.distance for move in moves])), certainty, reaches(moves))


def reach_time(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    times_s = [material.between_s(move.reach_start, move.reach_end) for move in moves]
    return Found(float(np.mean(times_s)), certainty, reaches(moves))


def dynamic_count(material: Material) -> Found:
    return _kind_count(material, ("dynamic", "deadpoint", "dyno"))


def deadpoint_count(material: Material) -> Found:
    return _kind_count(material, ("deadpoint",))


def dyno_count(material: Material) -> Found:
    return _kind_count(material, ("dyno",))


def tempo_decay(material: Material) -> Found:
    moves = sorted(material.hand_moves, key=lambda move: move.reach_start)
    certainty = of_moves(moves)
    if len(moves) < _FEWEST_FOR_A_TREND:
        raise NotMeasurableError(
            "too_few_moves_for_trend",
            Evidence("needed", _FEWEST_FOR_A_TREND, "n"),
            Evidence("found", len(moves), "n"),
        )
    times_s = [material.between_s(move.preparation_start, move.settled) for move in moves]
    slopes = [
        (times_s[later] - times_s[earlier]) / (later - earlier)
        for earlier in range(len(moves))
        for later in range(earlier + 1, len(moves))
    ]
    frames = tuple(Interval(move.preparation_start, move.settled) for move in moves)
    return Found(float(np.median(slopes)), certainty, frames)


def _over_reaches(material: Material, smoothness: Callable[[Track, slice], float]) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    values: list[float] = []
    for move in moves:
        track = material.end(move.limb)
        run = _run(material, move.reach_start, move.reach_end)
        if _usable(track, run):
            values.append(smoothness(track, run))
    return _median(values, moves, certainty, reaches(moves))


def _over_moves(material: Material, smoothness: Callable[[slice], float]) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    runs = [_run(material, move.preparation_start, move.settled) for move in moves]
    values = [smoothness(run) for run in runs if _usable(material.hips, run)]
    frames = tuple(Interval(move.preparation_start, move.settled) for move in moves)
    return _median(values, moves, certainty, frames)


def _run(material: Material, start: int, end: int) -> slice:
    """Frames of the clip as frames of the attempt, with the one in which the movement has ended."""
    first = material.attempt.start
    return slice(max(start - first, 0), min(end - first + 1, len(material.time_s)))


def _usable(track: Track, run: slice) -> bool:
    seen = track.seen[run]
    return len(seen) >= FEWEST_SAMPLES and bool(seen.mean() >= FULL_SHARE)


def _median(
    values: Sequence[float], moves: Sequence[Move], certainty: float, frames: tuple[Interval, ...]
) -> Found:
    known: FloatArray = np.array([value for value in values if np.isfinite(value)])
    passed = gate(len(known) / len(moves), "moves_seldom_seen")
    return Found(float(np.median(known)), certainty * passed, frames)


def _phase(material: Material, bounds: Callable[[Move], tuple[int, int]]) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    phases = [bounds(move) for move in moves]
    times_s = [material.between_s(start, end) if end > start else 0.0 for start, end in phases]
    frames = tuple(Interval(start, end) for start, end in phases if end > start)
    return Found(float(np.median(times_s)), certainty, frames or material.whole)


def _kind_count(material: Material, kinds: tuple[MoveKind, ...]) -> Found:
    """Moves of these kinds; those of two ends at once, as in a dyno, are one."""
    certainty = known_pairs(material) * of_moves(material.moves, "no_move")
    certainty *= min(1 / (material.step_s * _DYNAMIC_FPS), 1.0)
    spans: list[Interval] = []
    for move in sorted(material.moves, key=lambda move: move.reach_start):
        if move.kind not in kinds:
            continue
        if spans and move.reach_start < spans[-1].end:
            spans[-1] = Interval(spans[-1].start, max(spans[-1].end, move.reach_end))
        else:
            spans.append(Interval(move.reach_start, move.reach_end))
    return Found(len(spans), certainty, tuple(spans) or material.whole)
