"""The languages that advice is written in."""

from typing import Final, get_args

from ascension.accounts.choices import Language

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
