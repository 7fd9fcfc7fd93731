"""How endpoints get at what making accounts needs."""

from typing import Annotated

from ascension.accounts.registrations.parts import RegistrationParts
from ascension.infra.http.parts import kept

RegistrationPartsDep = Annotated[RegistrationParts, kept("registrations")]
