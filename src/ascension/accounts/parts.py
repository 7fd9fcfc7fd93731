"""What accounts need of the process; made in `wiring.py`, on `app.state.accounts`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from ascension.accounts.lockout import Lockout
from ascension.accounts.mail.service import Post
from ascension.accounts.sealing import AccountKeys
from ascension.infra.database.primary import Database
from ascension.infra.database.replica import Replica
from ascension.infra.security import PasswordHasher, TokenIssuer
from ascension.infra.streams import Streams
from ascension.plans.rights import Plans


@dataclass(frozen=True)
class RelyingParty:
    """Who asks for passkeys: the domain that they are bound to, and the pages that may ask."""

    id: str
    origins: tuple[str, ...]


@dataclass(frozen=True)
class AccountParts:
    database: Database
    replica: Replica | None
    streams: Streams
    plans: Plans
    hasher: PasswordHasher
    tokens: TokenIssuer
    keys: AccountKeys
    lockout: Lockout
    post: Post
    relying_party: RelyingParty
    close_sockets: Callable[[UUID], Awaitable[None]]
    """After a commit that ended sessions of a user: their sockets and tokens are no good. Never fails."""
    refresh_ttl_s: int
    secure_cookie: bool
    web_origins: tuple[str, ...]
