"""Who may bring something new, and how endpoints get at what consents need."""

from typing import Annotated

from fastapi import Depends

from ascension.accounts.access import AccountPartsDep, CurrentUser
from ascension.accounts.consents import service
from ascension.accounts.consents.parts import ConsentParts
from ascension.infra.http.parts import kept

ConsentPartsDep = Annotated[ConsentParts, kept("consents")]


async def _may_upload(user_id: CurrentUser, parts: AccountPartsDep) -> None:
    async with parts.database.transaction() as tx:
        await service.check_may_upload(tx.connection, user_id)


MayUpload = Depends(_may_upload)
"""Of endpoints that take something new: ConsentNeeded, GuardianNeeded."""
