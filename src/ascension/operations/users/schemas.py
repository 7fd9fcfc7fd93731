"""Bodies of what admins see and change of accounts."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Role
from ascension.accounts.schemas import Email
from ascension.infra.http.body import RequestBody
from ascension.operations.users.queries import Account
from ascension.plans.tiers import Tier


class AccountQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email = Field(description="The whole address.")


class AccountRead(BaseModel):
    id: UUID
    email: str
    display_name: str
    role: Role
    tier: Tier
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "AccountRead":
        return cls.model_validate(vars(account))


class AccountList(BaseModel):
    items: list[AccountRead] = Field(description="One, or none: no account has this e-mail.")


class AccountChange(RequestBody):
    """What is not told stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "coach", "tier": "premium"}]})

    role: Role | None = None
    tier: Tier | None = None
