"""What consents need of the process; made in `wiring.py`, on `app.state.consents`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ascension.accounts.access import AccountPartsDep, CurrentUser
from ascension.accounts.consents import service
from ascension.infra.settings import PrivacySettings


@dataclass(frozen=True)
class ConsentParts:
    settings: PrivacySettings
    upload_ttl_s: int
    sells_plans: bool


async def _parts(request: Request) -> ConsentParts:
    return request.app.state.consents


async def _may_upload(user_id: CurrentUser, parts: AccountPartsDep) -> None:
    async with parts.database.transaction() as tx:
        await service.check_may_upload(tx.connection, user_id)


ConsentPartsDep = Annotated[ConsentParts, Depends(_parts)]
MayUpload = Depends(_may_upload)
"""Of endpoints that take something new: ConsentNeeded, GuardianNeeded."""
