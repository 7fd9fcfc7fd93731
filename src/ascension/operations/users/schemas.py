"""Bodies of what admins see and change of accounts."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from ascension.accounts.choices import Role
from ascension.accounts.schemas import Email
from ascension.infra.http.body import RequestBody
from ascension.operations.users.queries import Account, State, Which
from ascension.plans.tiers import PaidTier, Tier
from ascension.subscriptions.entitlement import Gift

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]


Part = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, min_length=1, max_length=254, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]


class AccountQuery(BaseModel):
    """Which accounts, from where on."""

    model_config = ConfigDict(extra="forbid")

    email: Email | None = Field(default=None, description="The whole address: one account, or none.")
    search: Part | None = Field(default=None, description="A part of the address.")
    role: Role | None = None
    tier: Tier | None = None
    state: State | None = Field(
        default=None,
        description="given: a plan by an admin; paid; leaving: to be erased; awaits_guardian.",
    )
    limit: int = Field(default=50, ge=1, le=100)
    cursor: UUID | None = None

    def which(self) -> Which:
        return Which(search=self.search, role=self.role, tier=self.tier, state=self.state)


class GivenPlan(BaseModel):
    tier: PaidTier
    reason: str
    until: datetime | None = Field(description="null: until it is taken back.")


class AccountRead(BaseModel):
    id: UUID
    email: str
    display_name: str
    role: Role
    tier: Tier
    created_at: datetime
    given: GivenPlan | None = Field(description="What an admin gave, beside what is paid for.")
    is_paid: bool = Field(description="A plan is paid for, which admins neither set nor end.")
    paid_until: datetime | None = Field(
        description="The end of the time that is paid for, where it is known."
    )
    has_codes: bool = Field(description="Logging in with the password asks for a code of an app.")
    seen_at: datetime | None = Field(
        description="When a session was last begun or renewed; null: not in the last month."
    )
    sessions: int = Field(description="Browsers that are logged in.")
    climbs: int = Field(description="Analyses, finished or not. What is in them is not told.")
    stored_bytes: int = Field(description="Of its clips and their copies.")
    erased_at: datetime | None = Field(description="It leaves, and is erased then; null: it stays.")
    awaits_guardian: bool = Field(description="Who is too young, and whose guardian has not agreed yet.")

    @classmethod
    def of(cls, account: Account) -> "AccountRead":
        told = vars(account)
        given = account.given_tier and {
            "tier": account.given_tier,
            "reason": account.given_reason,
            "until": account.given_until,
        }
        return cls.model_validate({**told, "given": given})


class AccountList(BaseModel):
    items: list[AccountRead] = Field(description="The latest made first.")
    next_cursor: UUID | None = Field(description="Send it as `cursor` for the next page; null at the end.")
    is_unconfirmed: bool = Field(
        description="Who has the address that was looked for, the whole of it, asked for an account and has"
        " not answered the letter yet."
    )


class AccountChange(RequestBody):
    """What is not told stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "coach",
                    "tier": "premium",
                    "reason": "trainer of the gym",
                    "until": "2099-01-01T00:00:00Z",
                }
            ]
        }
    )

    role: Role | None = None
    tier: Tier | None = Field(
        default=None,
        description="Given, beside what is paid for: the larger one holds. `free`: it is taken back.",
    )
    reason: Reason = Field(default="", description="Why this tier is given; no names.")
    until: AwareDatetime | None = Field(default=None, description="Of the tier. null: for good.")

    @field_validator("until")
    @classmethod
    def _is_to_come(cls, until: datetime | None) -> datetime | None:
        if until is not None and until <= datetime.now(UTC):
            raise ValueError("lies in the past")
        return until

    @property
    def gift(self) -> Gift | None:
        """None: the tier stays as it is."""
        if self.tier is None:
            return None
        return Gift(None if self.tier == "free" else self.tier, self.reason, self.until)
