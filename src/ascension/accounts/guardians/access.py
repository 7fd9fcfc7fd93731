"""How endpoints get at what guardians' answers need."""

from typing import Annotated

from ascension.accounts.guardians.parts import GuardianParts
from ascension.infra.http.parts import kept

GuardianPartsDep = Annotated[GuardianParts, kept("guardians")]
