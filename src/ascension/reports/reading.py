"""What the climber did, read from a stored result."""

from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb, read


def climb_of(result: Result, body: Body | None = None) -> Climb | str:
    """The climb, or a sentence that says why there is none. Without `body`: one of which nothing is told."""
    try:
        return read(motion_of(result), body or Body())
    except ValueError as error:
        return f"{error}."
