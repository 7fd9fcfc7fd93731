"""What sharing needs of the process: what accounts and videos put there."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.lockout import Lockout
from ascension.accounts.mail.service import Post
from ascension.accounts.parts import AccountParts
from ascension.accounts.sealing import AccountKeys
from ascension.infra.database.primary import Database
from ascension.infra.security import PasswordHasher


@dataclass(frozen=True)
class SharingParts:
    database: Database
    keys: AccountKeys
    hasher: PasswordHasher
    lockout: Lockout
    post: Post


async def _parts(request: Request) -> SharingParts:
    accounts: AccountParts = request.app.state.accounts
    return SharingParts(accounts.database, accounts.keys, accounts.hasher, accounts.lockout, accounts.post)


SharingPartsDep = Annotated[SharingParts, Depends(_parts)]
