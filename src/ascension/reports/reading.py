"""What the climber did, out of a stored result."""

from ascension.analyses import climb_part
from ascension.analyses.choices import Choices
from ascension.analyses.deriving import motion_of, with_climb
from ascension.analyses.result import Result
from ascension.climbing.climb import Climb


def climb_of(result: Result) -> Climb | str:
    """The climb, or a sentence that says why there is none.

    A result that was made before climbs were stored is read now, by a body of which nothing is told.
    """
    part = result.facts.climb or with_climb(result, Choices()).facts.climb
    try:
        motion = motion_of(result)
    except ValueError as error:
        return f"{error}."
    return "Nobody has a place on the wall." if part is None else climb_part.restored(part, motion)
