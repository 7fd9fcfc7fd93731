"""A guest opens a link: with its password, or with the ticket of an opening that is not over."""

import time
from dataclasses import dataclass
from uuid import UUID

from ascension.accounts.lockout import Lockout
from ascension.accounts.parts import AccountParts
from ascension.errors.http import Overloaded
from ascension.errors.sharing import ShareGuessed, ShareNotFound, SharePasswordNeeded, SharePasswordWrong
from ascension.infra.security import PasswordHasher, token_hash
from ascension.sharing.links import queries, tickets
from ascension.sharing.links.queries import Door


@dataclass(frozen=True)
class Opening:
    """What somebody brings who opens a link: its token, a password, the ticket of their last opening."""

    token: str
    password: str | None
    ticket: str | None
    address: str


@dataclass(frozen=True)
class Opened:
    ticket: str
    analysis_id: UUID


async def open_link(parts: AccountParts, opening: Opening) -> Opened:
    """Let a guest in. A ticket that still counts is renewed without the password.

    Raises:
        ShareNotFound, SharePasswordNeeded, SharePasswordWrong, ShareGuessed, AccountLocked.
    """
    async with parts.database.transaction() as tx:
        door = await queries.find_door(tx.connection, token_hash(opening.token))
    if door is None:
        raise ShareNotFound
    last = tickets.read(parts.keys, opening.ticket) if opening.ticket else None
    if last is not None and last.share_id != door.id:
        last = None
    if last is None or not last.is_open:
        await _check_password(door, parts.hasher, parts.lockout, opening)
    counted_s = last.counted_s if last is not None and last.is_counted else None
    if counted_s is None:
        async with parts.database.transaction() as tx:
            await queries.note_opening(tx.connection, door.id)
    return Opened(
        tickets.issue(parts.keys, door.id, counted_s=counted_s or int(time.time())), door.analysis_id
    )


async def _check_password(door: Door, hasher: PasswordHasher, lockout: Lockout, opening: Opening) -> None:
    if door.password_hash is None:
        return
    if opening.password is None:
        raise SharePasswordNeeded
    made = await lockout.begin(str(door.id), address=opening.address, device_token=None, what="share")
    if made.is_under_attack:
        raise ShareGuessed
    try:
        fits = await hasher.verify(door.password_hash, opening.password)
    except Overloaded:
        await lockout.withdraw(made)
        raise
    if not fits:
        raise SharePasswordWrong
    await lockout.succeeded(made)
