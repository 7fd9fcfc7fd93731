"""What the worker lays ready for the compute child, one folder for each attempt."""

from typing import Final

FOLDERS: Final = ("first", "second")
RESULT_FILE: Final = "result.ascension.gz"
WALL_FILE: Final = "wall.webp"
