"""HTTP of what a guardian decides, and of the climber who asks again."""

from fastapi import APIRouter

from ascension.accounts.access import AccountPartsDep, CurrentUser, TransactionDep
from ascension.accounts.guardians import service
from ascension.accounts.guardians.access import GuardianPartsDep
from ascension.accounts.guardians.schemas import GuardianRequest, WardRead
from ascension.errors.accounts import LettersOff, LinkInvalid
from ascension.errors.privacy import GuardianAnswered
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1", tags=["accounts"])


@router.post(
    "/guardians/read", summary="Whom the link of a guardian's letter is about", responses=errors(LinkInvalid)
)
async def read(body: GuardianRequest, tx: TransactionDep) -> WardRead:
    return await service.read(tx.connection, body.token)


@router.post("/guardians/agree", summary="Agree, as a guardian", responses=errors(LinkInvalid))
async def agree(body: GuardianRequest, tx: TransactionDep) -> WardRead:
    await service.agree(tx, body.token)
    return await service.read(tx.connection, body.token)


@router.post(
    "/guardians/withdraw",
    summary="Take a guardian's agreement back: the account is closed, and deleted after the grace period",
    responses=errors(LinkInvalid),
)
async def withdraw(body: GuardianRequest, tx: TransactionDep, parts: GuardianPartsDep) -> WardRead:
    guardian = await service.withdraw(tx, body.token)
    ward = await service.read(tx.connection, body.token)
    await parts.depart(tx, guardian.user_id, guardian.language, "guardian")
    return ward


@router.post(
    "/users/me/guardian/letters",
    status_code=204,
    summary="Send your parent or guardian the letter once more",
    responses=errors(GuardianAnswered, LettersOff),
)
async def remind(user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep) -> None:
    await service.remind(tx, parts.post, user_id)
