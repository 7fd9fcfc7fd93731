"""When an end rests, and from when to when it moves."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.ends import SPEED_OVER_S, Ends
from ascension.climbing.record import Interval
from ascension.climbing.series import (
    first_after,
    first_from,
    known,
    lengths,
    middle,
    runs,
    velocities,
)

RESTS_BELOW_TORSO_PER_S: Final = 0.35
MOVES_ABOVE_TORSO_PER_S: Final = 0.6

_SHORTEST_REST_S: Final = 0.12
_SHORTEST_CUT_OFF_S: Final = 0.04
"""Of a rest that began before the clip, or goes on after it: a frame or two are no rest yet."""
_PLACE_S: Final = 0.3
"""The place before and after a move is the median over this long."""
_SAME_PLACE_TORSO: Final = 0.12
_SAME_PLACE_UNSEEN_TORSO: Final = 0.35
"""Hidden ends wander: their place is the network's guess."""
_AWAY_TORSO: Final = 0.15
_SLOW_REACH_TORSO: Final = 0.3
_SLOW_REACH_SHARE: Final = 0.5
_MOSTLY: Final = 0.8
_CREEPS_BELOW_TORSO_PER_S: Final = 1.0
_CREPT_TORSO: Final = 0.25
"""So far a half-hidden end seems to creep while it rests. A real move over so short a way is faster."""
_CLEAR: Final = 0.5
_BACK_WITHIN_S: Final = 1.2
"""Landmarks that are not clear for a moment jump and come back within this time; on the way they may rest."""
_JUMPED_REST_S: Final = 0.5
_DRAWN_ALONG_TORSO: Final = 0.45
_GUESSED_AWAY_TORSO: Final = 0.7
_FADES_S: Final = 0.1

_BELL_SHARE: Final = 0.2
_BELL_AHEAD: Final = 0.345
"""A reach is bell-shaped (minimum jerk, Flash & Hogan 1985): its speed is 16 t^2 (1 - t)^2 of its peak at the
share t of its time. It passes a fifth of the peak at t = 0.128 and the peak at 0.5, so it began 0.128 / 0.372
= 0.345 of the time between the two before. A fifth of the peak stands out from the noise, 5 % do not."""
_SETTLED_SHARE: Final = 0.05
_NOISE_TORSO_PER_S: Final = 0.1
_SETTLES_WITHIN_S: Final = 0.1
"""Hands correct their course at the end of a reach: the bell's tail is longer than its start."""
_LOBE_SHARE: Final = 0.7
_LONGEST_AHEAD_S: Final = 0.2


@dataclass(frozen=True)
class Dwell:
    """An end at rest in frames [start, end), at the median place, in the motion's unit."""

    end_number: int
    start: int
    end: int
    x: float
    y: float


def dwells_of(ends: Ends, end_number: int, torso: float) -> tuple[Dwell, ...]:
    """The rests of one end, in order of time. Between two of them the end moves, or nothing is known.

    An end rests below 0.35 torso lengths a second and moves above 0.6; what moves and comes back without
    having been away counts as rest. Then each move is widened to where its own bell of speed begins and ends.
    """
    places = ends.places[:, end_number] / torso
    found: list[Dwell] = []
    for start, end in runs(known(places)):
        time_s, seen = ends.time_s[start:end], ends.seen[start:end, end_number]
        steady = _steadied(places[start:end], time_s, seen)
        speed = lengths(velocities(steady, time_s, SPEED_OVER_S))
        line = _Line(time_s, steady, speed, seen, ends.clarity[start:end, end_number])
        for first, last in line.rests():
            place = middle(places[start + first : start + last]) * torso
            found.append(Dwell(end_number, start + first, start + last, float(place[0]), float(place[1])))
    return tuple(found)


def _steadied(places: FloatArray, time_s: FloatArray, seen: BoolArray) -> FloatArray:
    """A hidden end stays where it was seen until it clearly leaves, and is where it is seen next once it has
    clearly arrived: the guess of a hidden hand is drawn along by the trunk. The frames just before and after
    it is hidden count as hidden.
    """
    sure = _shrunk(seen, time_s)
    steady = places.copy()
    speed = lengths(velocities(places, time_s, SPEED_OVER_S))
    for start, end in runs(~sure):
        before = _place_around(places, time_s, sure, start - 1, -_PLACE_S)
        after = _place_around(places, time_s, sure, end, _PLACE_S)
        guess = places[start:end]
        stays = before is None or after is None or np.hypot(*(after - before)) < _SAME_PLACE_UNSEEN_TORSO
        known = before if before is not None else after
        if known is None:
            continue
        if stays and lengths(guess - known).max() < _GUESSED_AWAY_TORSO:
            share = np.linspace(0, 1, end - start)[:, None]
            first, last = known, known if after is None else after
            steady[start:end] = first + share * (last - first)
            continue
        if before is not None:
            steady[start:end] = _held(guess, speed[start:end], before, after)
        if after is not None:
            steady[start:end] = _held(steady[start:end][::-1], speed[start:end][::-1], after, before)[::-1]
    return steady


def _held(guess: FloatArray, speed: FloatArray, place: FloatArray, other: FloatArray | None) -> FloatArray:
    """Hidden places (n, 2) that follow a known one: there until the last rest near it, then what is guessed,
    with the drift until then taken out little by little. A rest nearer to the `other` known place is there.
    """
    away = lengths(guess - place)
    near = away < _DRAWN_ALONG_TORSO
    if other is not None:
        near &= away < lengths(guess - other)
    resting = np.flatnonzero(near & (speed < MOVES_ABOVE_TORSO_PER_S))
    if not len(resting):
        return guess
    last = int(resting[-1])
    drift, share = place - guess[last], np.linspace(1, 0, len(guess) - last)[:, None]
    return np.concatenate([np.tile(place, (last, 1)), guess[last:] + share * drift])


def _shrunk(seen: BoolArray, time_s: FloatArray) -> BoolArray:
    sure = seen.copy()
    for start, end in runs(~seen):
        first = first_from(time_s, float(time_s[start]) - _FADES_S)
        last = first_after(time_s, float(time_s[end - 1]) + _FADES_S)
        sure[first:last] = False
    return sure


def _place_around(
    places: FloatArray, time_s: FloatArray, sure: BoolArray, frame: int, over_s: float
) -> FloatArray | None:
    """Median place of the frames for which the end is surely seen, from `frame` over a time; None: never."""
    if not 0 <= frame < len(places):
        return None
    low, high = sorted((time_s[frame], time_s[frame] + over_s))
    chosen = sure & (time_s >= low) & (time_s <= high)
    return middle(places[chosen]) if chosen.any() else None


def without(dwells: tuple[Dwell, ...], breaks: tuple[Interval, ...], ends: Ends) -> tuple[Dwell, ...]:
    """The rests of one end; one that spans a break is two, without the frames of the break."""
    found: list[Dwell] = []
    for dwell in dwells:
        resting = np.zeros(len(ends.time_s), np.bool_)
        resting[dwell.start : dwell.end] = True
        for off in breaks:
            if dwell.start < off.start and off.end < dwell.end:
                resting[off.start : off.end] = False
        for start, end in runs(resting):
            x, y = middle(ends.places[start:end, dwell.end_number])
            found.append(Dwell(dwell.end_number, start, end, float(x), float(y)))
    return tuple(found)


@dataclass(frozen=True)
class _Line:
    """One end over a stretch without gaps; places (n, 2) in torso lengths."""

    time_s: FloatArray
    places: FloatArray
    speed: FloatArray
    seen: BoolArray
    clarity: FloatArray

    def rests(self) -> list[tuple[int, int]]:
        rough = self._to_the_edges(self._joined(self._parted(runs(self._slow()))))
        rough = self._to_the_edges(self._joined([rest for rest in rough if self._lasts(rest)]))
        return [rest for rest in self._exact(rough) if rest[1] > rest[0] and self._is_no_glimpse(rest)]

    def _slow(self) -> BoolArray:
        """Below the lower threshold until the upper one is passed."""
        state = np.zeros(len(self.speed), np.int8)
        state[self.speed < RESTS_BELOW_TORSO_PER_S] = 1
        state[self.speed > MOVES_ABOVE_TORSO_PER_S] = -1
        last = np.where(state != 0, np.arange(len(state)), 0)
        return state[np.maximum.accumulate(last)] > 0

    def _parted(self, rests: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """A slow reach is no rest: what ends elsewhere than it began moved where it was fastest."""
        found: list[tuple[int, int]] = []
        for start, end in rests:
            way = self._place((start, end), last=True) - self._place((start, end), last=False)
            speed = self.speed[start:end]
            if np.hypot(*way) < _SLOW_REACH_TORSO or self.seen[start:end].mean() < _MOSTLY:
                found.append((start, end))
                continue
            slow = speed < _SLOW_REACH_SHARE * float(speed.max())
            found += [(start + first, start + last) for first, last in runs(slow)]
        return found

    def _lasts(self, rest: tuple[int, int]) -> bool:
        start, end = rest
        if start == 0 or end == len(self.time_s):
            return self._is_no_glimpse(rest)
        return bool(self.time_s[end - 1] - self.time_s[start] >= _SHORTEST_REST_S)

    def _is_no_glimpse(self, rest: tuple[int, int]) -> bool:
        """It is inside of the stretch, or is all of it, or is long enough though it is cut off."""
        start, end = rest
        if (start == 0) == (end == len(self.time_s)):
            return True
        return bool(self.time_s[end - 1] - self.time_s[start] >= _SHORTEST_CUT_OFF_S)

    def _joined(self, rests: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Rests between which the end did not go anywhere are one."""
        found = rests[:1]
        for rest in rests[1:]:
            if len(found) > 1 and self._jumped(found[-2], found[-1], rest):
                found.pop()
                found[-1] = (found[-1][0], rest[1])
            elif self._stayed(found[-1], rest):
                found[-1] = (found[-1][0], rest[1])
            else:
                found.append(rest)
        return found

    def _jumped(self, before: tuple[int, int], there: tuple[int, int], after: tuple[int, int]) -> bool:
        """What is not clear rests briefly elsewhere and is back: the network lost it, it did not go."""
        way, rest = self.time_s[[before[1] - 1, after[0]]], self.time_s[[there[0], there[1] - 1]]
        return bool(rest[1] - rest[0] < _JUMPED_REST_S) and self._back(before, after, float(way[1] - way[0]))

    def _back(self, before: tuple[int, int], after: tuple[int, int], took_s: float) -> bool:
        """An end that was not clear all the way is soon where it was. A hidden place is a guess."""
        if not (self.seen[slice(*before)].any() and self.seen[slice(*after)].any()):
            return False
        moved = float(np.hypot(*(self._place(after, last=False) - self._place(before, last=True))))
        guessed = min(self.clarity[slice(*rest)].mean() for rest in (before, after)) < _CLEAR
        near = _SAME_PLACE_UNSEEN_TORSO if guessed else _AWAY_TORSO
        return took_s < _BACK_WITHIN_S and moved < near and self.clarity[before[1] : after[0]].min() < _CLEAR

    def _stayed(self, before: tuple[int, int], after: tuple[int, int]) -> bool:
        left, right = self._place(before, last=True), self._place(after, last=False)
        between = slice(before[1], after[0])
        near = np.minimum(
            lengths(self.places[between] - left),
            lengths(self.places[between] - right),
        )
        if not self.seen[between].any():
            return bool(float(np.hypot(*(right - left))) < _SAME_PLACE_UNSEEN_TORSO)
        moved, away = float(np.hypot(*(right - left))), near.max()
        if self._back(before, after, float(self.time_s[after[0]] - self.time_s[before[1] - 1])):
            return True
        if self.speed[between].max() < _CREEPS_BELOW_TORSO_PER_S:
            return bool(moved < _CREPT_TORSO and away < _CREPT_TORSO)
        return bool(moved < _SAME_PLACE_TORSO and away < _AWAY_TORSO)

    def _to_the_edges(self, rests: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """What comes before the first rest and after the last is rest too where the end is near its place."""
        if not rests:
            return rests
        found = list(rests)
        start, end = found[0]
        if self._near(slice(0, start), self._place(found[0], last=False)):
            found[0] = (0, end)
        start, end = found[-1]
        if self._near(slice(end, len(self.places)), self._place(found[-1], last=True)):
            found[-1] = (start, len(self.places))
        return found

    def _near(self, frames: slice, place: FloatArray) -> bool:
        """The end stays around a place; the less clear it is the more its place trembles."""
        if not self.seen.any():
            near = _SAME_PLACE_UNSEEN_TORSO
        else:
            near = _AWAY_TORSO if (self.clarity[frames] >= _CLEAR).all() else _CREPT_TORSO
        return bool((lengths(self.places[frames] - place) < near).all())

    def _place(self, rest: tuple[int, int], *, last: bool) -> FloatArray:
        start, end = rest
        if last:
            start = max(start, first_from(self.time_s, float(self.time_s[end - 1]) - _PLACE_S))
        else:
            end = min(end, first_after(self.time_s, float(self.time_s[start]) + _PLACE_S))
        return middle(self.places[start:end])

    def _exact(self, rests: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Every move between two rests takes from them what its bell of speed says."""
        starts = [rest[0] for rest in rests]
        ends = [rest[1] for rest in rests]
        for number, (start, end) in enumerate(rests):
            if end < len(self.time_s):
                until = rests[number + 1][0] if number + 1 < len(rests) else len(self.time_s)
                ends[number] = self._leaves(end, until, start)
            if start > 0:
                since = rests[number - 1][1] if number else 0
                starts[number] = self._arrives(since, start, end)
        return list(zip(starts, ends, strict=True))

    def _leaves(self, start: int, end: int, earliest: int) -> int:
        """First frame of a move that passes the threshold at `start` and is over by `end`."""
        time_s = _bell_start(self.time_s, self.speed, start, end)
        return min(max(first_from(self.time_s, time_s), earliest), start)

    def _arrives(self, start: int, end: int, latest: int) -> int:
        """First frame after a move: the same, backwards."""
        count = len(self.time_s)
        time_s = -_bell_start(-self.time_s[::-1], self.speed[::-1], count - end, count - start)
        frame = min(max(first_from(self.time_s, time_s), end), latest)
        peak = float(self.speed[start:end].max()) if end > start else 0.0
        settled = max(_SETTLED_SHARE * peak, _NOISE_TORSO_PER_S)
        latest = min(latest, first_from(self.time_s, time_s + _SETTLES_WITHIN_S))
        while frame < latest and self.speed[frame] > settled:
            frame += 1
        return frame


def _bell_start(time_s: FloatArray, speed: FloatArray, start: int, end: int) -> float:
    """When the first bell of speed within frames [start, end) began."""
    if end <= start:
        return float(time_s[min(start, len(time_s) - 1)])
    inside = speed[start:end]
    peak = start + _first_lobe(inside, _LOBE_SHARE * float(inside.max()))
    share = _BELL_SHARE * float(speed[peak])
    below = np.flatnonzero(speed[:peak] < share)
    if not len(below):
        return float(time_s[0])
    last = int(below[-1])
    part = (share - speed[last]) / (speed[last + 1] - speed[last])
    crossed_s = time_s[last] + part * (time_s[last + 1] - time_s[last])
    return float(crossed_s - min(_BELL_AHEAD * (time_s[peak] - crossed_s), _LONGEST_AHEAD_S))


def _first_lobe(speed: FloatArray, least: float) -> int:
    """Index of the first maximum that is at least so high."""
    padded = np.concatenate([[-np.inf], speed, [-np.inf]])
    peaks = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]) & (speed >= least)
    return int(np.argmax(peaks)) if peaks.any() else int(np.argmax(speed))
