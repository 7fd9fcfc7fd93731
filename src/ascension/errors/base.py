"""The root of every error of the product: a class's docstring is its message, its name its code."""

import re
from typing import ClassVar


class AscensionError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "ascension_error"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.message()
        super().__init__(self.detail)

    @classmethod
    def message(cls) -> str:
        """The catalogue text of this error: its docstring on one line."""
        return " ".join((cls.__doc__ or "").split())


class ApiError(AscensionError):
    """The request cannot be served."""

    status: ClassVar[int] = 500
    retry_after_s: int | None = None
    """When to come again, where coming again may help."""
