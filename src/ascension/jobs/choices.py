"""What questions about jobs may name. Nothing is loaded with it: every command does."""

from typing import Literal

State = Literal["queued", "processing", "done", "failed", "dead", "canceled"]
