"""What users tell about their own body. Everything is optional; what is not told degrades openly.

Numbers are JSON numbers: true and "1.74" are refused, though both could be read as one.
"""

from typing import Annotated, Self, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    Strict,
    field_serializer,
    model_validator,
)

from ascension.biomechanics.conventions import Sex
from ascension.climbing.limbs import Limb
from ascension.climbing.record import Level

Number = Annotated[FiniteFloat, Strict()]
HeightM = Annotated[Number, Field(ge=0.8, le=2.5)]


def _each_once(limbs: object) -> object:
    given = limbs
    named = cast("list[object]", given) if isinstance(given, list) else []
    if len(named) > len(Limb) or any(named.count(one) > 1 for one in named):
        raise ValueError("name each limb once")
    return limbs


Limbs = Annotated[frozenset[Limb], BeforeValidator(_each_once)]


class BodyChoice(BaseModel):
    """What else is known of the climber's body; the height stands beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arm_span_m: Annotated[Number, Field(ge=0.8, le=2.8)] | None = None
    mass_kg: Annotated[Number, Field(ge=10, le=250)] | None = None
    sex: Sex | None = None
    level: Level | None = None
    missing: Limbs = frozenset()
    injured: Limbs = frozenset()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.missing & self.injured:
            raise ValueError("a limb is missing or injured, not both")
        return self

    @field_serializer("missing", "injured")
    def _in_order(self, limbs: frozenset[Limb]) -> list[Limb]:
        """The same text for the same limbs in every process: digests are made of it."""
        return [limb for limb in Limb if limb in limbs]

    def completed_by(self, other: "BodyChoice") -> "BodyChoice":
        """With the other's answers where nothing was said here; limbs are one answer."""
        said = self.model_fields_set
        limbs = self if said & {"missing", "injured"} else other
        return BodyChoice(
            arm_span_m=(self if "arm_span_m" in said else other).arm_span_m,
            mass_kg=(self if "mass_kg" in said else other).mass_kg,
            sex=(self if "sex" in said else other).sex,
            level=(self if "level" in said else other).level,
            missing=limbs.missing,
            injured=limbs.injured,
        )


class ClimberProfile(BodyChoice):
    """The user as a climber."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"height_m": 1.74, "arm_span_m": 1.78, "mass_kg": 64, "level": "intermediate"}]
        }
    )

    height_m: HeightM | None = None
