"""What guardians' answers need of the process; made in `api.py`, on `app.state.guardians`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from ascension.accounts.choices import Language
from ascension.accounts.departures.queries import AskedBy
from ascension.infra.database.primary import Transaction


@dataclass(frozen=True)
class GuardianParts:
    depart: Callable[[Transaction, UUID, Language, AskedBy], Awaitable[None]]
    """Of `retention/`: the account is to go, with everything that hangs on it."""
