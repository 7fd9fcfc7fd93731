"""Routes with something climbed and tried on them."""

import json
from datetime import datetime
from typing import Any

from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql


async def tried_route(climber: Climber, analysis_id: str, name: str = "Blue corner") -> tuple[str, str]:
    """The climb is on it, and two tries without a film are written down; the ids of both."""
    named = await climber.put(f"/api/v1/analyses/{analysis_id}/route", {"route": name})
    route_id = named.json()["route_id"]
    tried = {"day": "2026-11-20", "tries": 2, "is_sent": False}
    log = await climber.post(f"/api/v1/routes/{route_id}/tries", tried)
    assert log.status_code == 201, log.text
    return route_id, next(one["tries_id"] for one in log.json()["entries"] if one["tries_id"])


async def climbed(
    climber: Climber, engines: Engines, at: str, route: str | None, *outcomes: str
) -> dict[str, Any]:
    """A finished analysis of that moment whose attempts ended so."""
    analysis = await climber.analyze(b"v" * 1000)
    await complete(engines, analysis)
    attempts: list[dict[str, Any]] = [
        {"outcome": outcome, "axes": {}, "measures": {}} for outcome in outcomes
    ]
    await sql(
        engines,
        """
        update analyses set created_at = %s, summary = summary || jsonb_build_object('attempts', %s::jsonb)
        where id = %s
        """,
        datetime.fromisoformat(at),
        json.dumps(attempts),
        analysis["id"],
    )
    named = await climber.put(f"/api/v1/analyses/{analysis['id']}/route", {"route": route})
    assert named.status_code == 200, named.text
    return named.json()
