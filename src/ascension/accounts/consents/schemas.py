"""Bodies of documents and consents."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.consents.queries import How
from ascension.accounts.consents.texts import Document, Section
from ascension.accounts.schemas import EXAMPLE_ACCEPTANCE, Acceptance
from ascension.infra.http.body import RequestBody


class DocumentRead(BaseModel):
    document: Document
    version: str = Field(description="A day. Whoever agreed to another is asked again.")
    title: str
    intro: str
    sections: list[Section]


class DocumentList(BaseModel):
    items: list[DocumentRead]


class ConsentRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"accepted": EXAMPLE_ACCEPTANCE}]})

    accepted: Acceptance


class ConsentRead(BaseModel):
    document: Document
    version: str
    how: How
    at: datetime


class GuardianRead(BaseModel):
    """Of a climber too young to agree alone."""

    email: str
    confirmed_at: datetime | None = Field(description="Null: nothing can be uploaded yet, or not any more.")


class ConsentList(BaseModel):
    """The latest first; only ever added to."""

    has_agreed: bool = Field(description="False: agree before you upload again.")
    items: list[ConsentRead]
    guardian: GuardianRead | None
