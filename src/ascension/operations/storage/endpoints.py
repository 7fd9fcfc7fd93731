"""HTTP of what is stored: for admins only, to all others there is no such address."""

from datetime import UTC, date, datetime
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.access import AdminUser, TransactionDep
from ascension.errors.http import RouteNotFound
from ascension.infra.http.errors import errors
from ascension.operations.storage import queries

EXPIRING_WITHIN_S: Final = 7 * 24 * 3600
DAYS: Final = 30

router = APIRouter(prefix="/api/v1/operator", tags=["operations"])


class AmountRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(
        description="uploads (not saved), saved, trash, unfinished, copies, exports, wall_pictures,"
        " thumbnails: objects in the bucket; results: bytes in the database."
    )
    objects: int
    bytes: int | None = Field(description="null: no row knows.")


class ExpiringRead(BaseModel):
    within_s: int = Field(description="From now on.")
    objects: int
    bytes: int


class LeftoversRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    objects: int = Field(description="Objects, or folders of them, that are to be removed and still wait.")
    oldest_at: datetime | None = Field(description="Since when the oldest may go; null: none waits.")


class DayRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    day: date = Field(description="UTC.")
    objects: int = Field(description="Clips that came in; those whose climbs were deleted have no row.")
    added_bytes: int
    kept_bytes: int = Field(description="Of them, what is still stored.")


class StorageRead(BaseModel):
    counted_at: datetime
    amounts: list[AmountRead]
    expiring: ExpiringRead
    leftovers: LeftoversRead
    days: list[DayRead]


@router.get(
    "/storage",
    summary="How much is stored, by kind, and what comes and goes",
    description="Counted in the database's rows, of everybody together; whether the bucket says the same,"
    " `ascension storage check` tells.",
    responses=errors(RouteNotFound),
)
async def count(_: AdminUser, tx: TransactionDep) -> StorageRead:
    found = await queries.amounts(tx.connection)
    ending = await queries.expiring(tx.connection, within_s=EXPIRING_WITHIN_S)
    return StorageRead(
        counted_at=datetime.now(UTC),
        amounts=[AmountRead.model_validate(one) for one in found],
        expiring=ExpiringRead(within_s=EXPIRING_WITHIN_S, objects=ending.objects, bytes=ending.bytes),
        leftovers=LeftoversRead.model_validate(await queries.leftovers(tx.connection)),
        days=[DayRead.model_validate(one) for one in await queries.days(tx.connection, count=DAYS)],
    )
