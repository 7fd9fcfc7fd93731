"""What the endpoints of factors need of the process; made in `wiring.py`, on `app.state.factors`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.factors.passkeys import RelyingParty
from ascension.accounts.mail.service import Post
from ascension.accounts.sealing import AccountKeys


@dataclass(frozen=True)
class FactorParts:
    keys: AccountKeys
    relying_party: RelyingParty
    post: Post


async def _parts(request: Request) -> FactorParts:
    return request.app.state.factors


FactorPartsDep = Annotated[FactorParts, Depends(_parts)]
