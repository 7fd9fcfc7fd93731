"""Bodies of the operator's look at the audit log. A name there leads to nobody by itself."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ascension.audit.chain import Entry
from ascension.audit.entries import Action
from ascension.audit.verification import Verdict
from ascension.infra.http.body import RequestBody

PARTY = r"^[a-z]{1,20}(:[^\x00-\x1f\x7f]{1,254})?$"
HEAD = r"^[0-9]{1,18}:[0-9a-f]{64}$"


class AuditFilter(BaseModel):
    """Which entries; nothing told: all."""

    model_config = ConfigDict(extra="forbid")

    action: Action | None = None
    actor: str | None = Field(
        default=None,
        pattern=PARTY,
        description="Who acted: `account:ID`, `address:E-MAIL`, or a name as the log tells it.",
    )
    subject: str | None = Field(default=None, pattern=PARTY, description="What was acted on, told likewise.")
    days: int | None = Field(default=None, ge=1, le=3660, description="Of the last so many days.")


class AuditQuery(AuditFilter):
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,18}$")


class EntryRead(BaseModel):
    position: int
    at: datetime
    actor: str = Field(description="A kind and a digest: the same one has the same name each time.")
    action: str
    subject: str
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> "EntryRead":
        return cls(
            position=entry.position,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            details=json.loads(entry.details),
        )


class AuditPage(BaseModel):
    items: list[EntryRead]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class Verification(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"behind": None}]})

    behind: str | None = Field(
        default=None, pattern=HEAD, description="The `head` of the answer before; null: from the beginning."
    )


class VerdictRead(BaseModel):
    is_over: bool = Field(description="False: ask again with `head` as `behind`.")
    fault: str | None = Field(description="What is wrong with the first bad entry; null: nothing was found.")
    head: str = Field(description="The last good entry. Kept elsewhere, it shows later that nothing changed.")
    position: int = Field(description="Of that entry.")
    after_position: int = Field(description="What was taken out of the log ends there.")
    last_position: int = Field(description="Of the newest entry.")

    @classmethod
    def of(cls, verdict: Verdict, last_position: int) -> "VerdictRead":
        return cls(
            is_over=verdict.is_over,
            fault=verdict.fault,
            head=str(verdict.head),
            position=verdict.head.position,
            after_position=verdict.after.position,
            last_position=max(last_position, verdict.head.position),
        )
