"""Bodies of second factors and passkeys."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from ascension.infra.http.body import RequestBody

Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", min_length=1, max_length=20_000)]
AskedPassword = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
PasskeyName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


EXAMPLE_ASSERTION: JsonDict = {
    "credential": {
        "id": "AQ",
        "rawId": "AQ",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AA",
            "signature": "AA",
            "userHandle": None,
        },
    }
}


class PasswordRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a long sentence works well"}]})

    password: AskedPassword | None = Field(
        default=None,
        description="Asked again, because this changes who gets in. Left out: a passkey was shown at"
        " `/users/me/presence` within five minutes.",
    )


class TotpSetUpRead(BaseModel):
    """Told once."""

    secret: str = Field(description="For an app that cannot read the picture.")
    uri: str
    qr_svg: str = Field(description="The same as a picture, drawn here.")


class CodeRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class RecoveryCodesRead(BaseModel):
    recovery_codes: list[str] = Field(description="Each works once, instead of a code. Told only here.")


class PasskeyRead(BaseModel):
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None = Field(description="null: not yet.")


class FactorsRead(BaseModel):
    totp_since: datetime | None = Field(description="null: no code is asked for.")
    recovery_codes_left: int
    passkeys: list[PasskeyRead]


class OptionsRead(BaseModel):
    """For `navigator.credentials` of the browser, in the JSON form of WebAuthn."""

    options: dict[str, Any]


class AttestationResponse(BaseModel):
    clientDataJSON: Base64Url  # noqa: N815 (as browsers name it)
    attestationObject: Base64Url  # noqa: N815


class Attestation(BaseModel):
    """A new key, as the browser tells it."""

    id: Base64Url
    rawId: Base64Url  # noqa: N815
    type: Literal["public-key"]
    response: AttestationResponse


class AssertionResponse(BaseModel):
    clientDataJSON: Base64Url  # noqa: N815
    authenticatorData: Base64Url  # noqa: N815
    signature: Base64Url
    userHandle: Base64Url | None = None  # noqa: N815


class Assertion(BaseModel):
    """A login by a key, as the browser tells it."""

    id: Base64Url
    rawId: Base64Url  # noqa: N815
    type: Literal["public-key"]
    response: AssertionResponse


class AssertionRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_ASSERTION]})

    credential: Assertion


class PasskeyRequest(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "My phone",
                    "credential": {
                        "id": "AQ",
                        "rawId": "AQ",
                        "type": "public-key",
                        "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
                    },
                }
            ]
        }
    )

    name: PasskeyName
    credential: Attestation
