"""What an account may be."""

from typing import Literal

Role = Literal["climber", "coach", "admin"]
