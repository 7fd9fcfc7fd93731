"""What the worker lays ready for the compute child, one folder for each climb, called by its id."""

from typing import Final

RESULT_FILE: Final = "result.ascension.gz"
WALL_FILE: Final = "wall.webp"
