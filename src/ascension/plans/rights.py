"""What a tier may do: one table as data, which everything that asks reads."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from ascension.infra.settings import PlanSettings
from ascension.plans.tiers import TIERS, Tier


class Rights(BaseModel):
    """Of one tier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    analyses_per_month: int = Field(ge=0)
    saved_max_bytes: int = Field(ge=0)
    queue_weight: int = Field(ge=1)


def _shipped() -> dict[Tier, Rights]:
    table = tomllib.loads((resources.files("ascension.plans") / "rights.toml").read_text())
    return {tier: Rights.model_validate(table[tier]) for tier in TIERS}


SHIPPED: Final[Mapping[Tier, Rights]] = _shipped()


@dataclass(frozen=True)
class Plans:
    """The table of this installation."""

    rights: Mapping[str, Rights]

    @classmethod
    def of(cls, settings: PlanSettings) -> "Plans":
        """The shipped table with what the environment sets."""
        set_here = settings.model_dump(exclude_none=True)
        rights: dict[str, Rights] = {}
        for tier, shipped in SHIPPED.items():
            names = {name: f"{name}_{tier}" for name in Rights.model_fields}
            of_tier = {name: set_here[there] for name, there in names.items() if there in set_here}
            rights[tier] = shipped.model_copy(update=of_tier)
        return cls(rights)

    def rights_of(self, tier: str) -> Rights:
        """`tier`: as it stands in the row of a user."""
        return self.rights[tier]
