"""Climbers on the Internet of the rehearsal."""

import secrets
import ssl
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest

from tests.clips import short_climb
from tests.platform import ACCEPTED, PASSWORD, Climber
from tests.rehearsal.hosts import NAME
from tests.rehearsal.staging import AUTHORITY

TIMEOUT_S = 40
"""Longer than what stands in front gives the API."""


@pytest.fixture
async def climber() -> AsyncIterator[Climber]:
    """A new account, over lines whose certificates are looked at."""
    trusted = ssl.create_default_context(cafile=AUTHORITY)
    async with httpx.AsyncClient(base_url=f"https://{NAME}", verify=trusted, timeout=TIMEOUT_S) as http:
        email = f"{secrets.token_hex(6)}@example.org"
        body = {"email": email, "password": PASSWORD, "accepted": ACCEPTED}
        answer = await http.post("/api/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        yield Climber(http, email, answer.json()["access_token"], answer.json()["user"])


@pytest.fixture
async def route_ids(climber: Climber) -> list[str]:
    """Routes to write tries on: enough for a release that takes long."""
    analysis = await climber.analyze(short_climb())
    ids: list[str] = []
    for color in ("blue", "green", "red", "white"):
        named = await climber.put(f"/api/v1/analyses/{analysis['id']}/route", {"route": f"The {color} slab"})
        assert named.status_code == 200, named.text
        ids.append(named.json()["route_id"])
    return ids
