"""Who calls during a fuzzing run, so that a call that ends a session or an account ends nobody else's."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID, uuid4

from tests.comparisons.seeds import compared_climbs
from tests.conftest import Engines, run_apart
from tests.platform import PASSWORD, Climber, seeded_climber
from tests.routes.seeds import tried_route
from tests.rows import sql

ENDING = re.compile(
    r"^(\w+ /api/v1/auth/|(POST|DELETE) /api/v1/users/me(/.*)?$|PATCH /api/v1/operator/users)",
)
"""Operations that may end the session they are called with, or make it need more: each call has its own."""


@dataclass
class People:
    """Accounts of one run on one set of engines."""

    engines: Engines
    url: str
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """One of what requests can name, all of the account that most calls are made with."""

    def __post_init__(self) -> None:
        self._climber, self._admin = run_apart(self._settle())

    async def _settle(self) -> tuple[str, str]:
        climber, admin = await self._new("infinity", "climber"), await self._new("free", "admin")
        self.ids["comparison_id"] = await compared_climbs(self.engines, climber)
        [(analysis_id, video_id, job_id)] = await sql(
            self.engines,
            "select id::text, video_id::text, job_id::text from analyses where user_id = %s limit 1",
            climber.user["id"],
        )
        route_id, _ = await tried_route(climber, analysis_id)
        self.ids |= {
            "analysis_id": analysis_id,
            "video_id": video_id,
            "job_id": job_id,
            "route_id": route_id,
        }
        for one in (climber, admin):
            await one.http.aclose()
        return climber.token, admin.token

    async def _new(self, tier: str, role: str) -> Climber:
        found = await seeded_climber(self.engines, self.url)
        user_id = found.user["id"]
        await sql(self.engines, "update users set tier = %s, role = %s where id = %s", tier, role, user_id)
        return found

    async def _once(self, role: str) -> str:
        found = await self._new("free", role)
        await found.http.aclose()
        return found.token

    def token_for(self, operation: str) -> str:
        """Of the caller of this operation, as `POST /api/v1/videos`."""
        role = "admin" if "/operator/" in operation else "climber"
        if ENDING.match(operation):
            return asyncio.run(self._once(role))
        return self._admin if role == "admin" else self._climber

    def made_real(self, said: object) -> object:
        """Half of the well-formed ids and passwords become ones that exist: behind them lies the most code.

        Which half is the value's own, so that the same seed sends the same requests.
        """
        if isinstance(said, list):
            return [self.made_real(one) for one in cast("list[object]", said)]
        if not isinstance(said, dict):
            return said
        named = cast("dict[str, object]", said)
        return {name: self._real(name, self.made_real(value)) for name, value in named.items()}

    def spared(self, path_parameters: dict[str, object]) -> dict[str, object]:
        """Not those that the other calls need."""
        kept = self.ids.values()
        return {name: str(uuid4()) if value in kept else value for name, value in path_parameters.items()}

    def _real(self, name: str, value: object) -> object:
        if isinstance(value, UUID):  # as schemathesis holds one that it made itself
            value = str(value)
        if not isinstance(value, str) or sum(value.encode(errors="replace")) % 2:
            return value
        if name in self.ids and re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
            return self.ids[name]
        return PASSWORD if name == "password" and value.isprintable() and 12 <= len(value) <= 128 else value
