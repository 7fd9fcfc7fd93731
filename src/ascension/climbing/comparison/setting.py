"""What differences between two attempts are read from, and what one costs."""

from dataclasses import dataclass, replace
from typing import Final

from ascension.climbing.comparison.order import Alignment
from ascension.climbing.comparison.record import Difference, Section, SharedHold, Who
from ascension.climbing.comparison.sides import Side
from ascension.climbing.comparison.way import Way
from ascension.climbing.record import Interval

SIDES: Final[tuple[Who, Who]] = ("first", "second")


@dataclass(frozen=True)
class Setting:
    """Everything that differences are read from. certainty: of the walls' matching."""

    first: Side
    second: Side
    hands: Alignment
    feet: Alignment
    holds: tuple[SharedHold, ...]
    sections: tuple[Section, ...]
    way: Way
    certainty: float

    @property
    def torso(self) -> float:
        return self.first.tried.climb.motion.torso

    def side(self, who: Who) -> Side:
        return self.first if who == "first" else self.second

    def of(self, who: Who, section: Section) -> Interval:
        return section.first if who == "first" else section.second

    def section_at(self, who: Who, frame: int) -> Section | None:
        for section in self.sections:
            own = self.of(who, section)
            if own.start <= frame < own.end:
                return section
        return None

    def shared(self, who: Who, frame: int) -> bool:
        """Whether the frame lies in the part that both climbed."""
        start, end = (pair[SIDES.index(who)] for pair in self.way.shared)
        return start <= frame <= end

    def beside(self, who: Who, span: Interval) -> Interval | None:
        """The other's frames at the same places; None outside of what both climbed."""
        if not (self.shared(who, span.start) and self.shared(who, max(span.end - 1, span.start))):
            return None
        look = self.way.in_second if who == "first" else self.way.in_first
        start = look(span.start)
        return Interval(start, max(look(span.end, late=False), start))

    def where(self, who: Who, frame: int) -> Interval | None:
        """An empty interval of the other at the same place."""
        if not self.shared(who, frame):
            return None
        at = self.way.in_second(frame) if who == "first" else self.way.in_first(frame)
        return Interval(at, at)


def costed(setting: Setting, one: Difference) -> Difference:
    """With what the second spent more in its frames than the first in its own."""
    if one.first is None or one.second is None:
        return one
    cost_s = setting.second.between_s(one.second.start, one.second.end)
    cost_s -= setting.first.between_s(one.first.start, one.first.end)
    return replace(one, cost_s=cost_s, cost_path=path_cost(setting, one.first, one.second))


def path_cost(setting: Setting, first: Interval | None, second: Interval | None) -> float | None:
    """What the second's center of mass went more; None where that is not known."""
    if first is None or second is None:
        return None
    own = setting.first.way_between(first.start, first.end)
    other = setting.second.way_between(second.start, second.end)
    return None if own is None or other is None else other - own
