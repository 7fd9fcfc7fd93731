"""What an account may be, and the languages, units and grades that it is spoken to in."""

from typing import Final, Literal, get_args

Role = Literal["climber", "coach", "admin"]
Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
Units = Literal["metric", "imperial"]
Grades = Literal["french", "yds", "uiaa", "font", "v"]
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 12, 128
