"""What an account may be, and the languages that it is spoken to in."""

from typing import Literal

Role = Literal["climber", "coach", "admin"]
Language = Literal["en", "fr"]
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 12, 128
