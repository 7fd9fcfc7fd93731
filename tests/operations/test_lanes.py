"""Which requests wait behind which: what costs much never takes the room of what costs little."""

import json
import re

import pytest

from ascension.infra.settings import OverloadSettings
from ascension.operations.lanes import PLACES, lanes
from tests.house import tree

ROUTES: dict[str, tuple[str, ...]] = {
    "passwords": (
        "POST /analyses/{analysis_id}/shares",
        "POST /auth/login",
        "POST /auth/password",
        "POST /auth/password/reset",
        "POST /auth/register",
        "POST /auth/verification",
        "POST /shares/open",
        "DELETE /users/me",
        "POST /users/me/exports",
        "POST /users/me/passkey-options",
        "DELETE /users/me/passkeys/{passkey_id}",
        "POST /users/me/recovery-codes",
        "DELETE /users/me/totp",
        "POST /users/me/totp",
    ),
    "computed": (
        "GET /analyses/{analysis_id}/coaching",
        "POST /analyses/{analysis_id}/corrections",
        "GET /operator/audit/file",
        "POST /operator/audit/verification",
        "GET /operator/storage",
        "GET /progress",
        "GET /shared/analyses/{analysis_id}/coaching",
        "GET /shared/analyses/{analysis_id}/result",
    ),
    "storage": (
        "POST /storage-events",
        "DELETE /users/me/exports/{export_id}",
        "POST /videos",
        "POST /videos/{video_id}/complete",
        "GET /videos/{video_id}/parts",
        "POST /videos/{video_id}/parts",
        "GET /analyses/{analysis_id}/playback",
        "GET /videos/{video_id}/playback",
        "POST /videos/{video_id}/restore",
        "DELETE /videos/{video_id}/saved",
        "PUT /videos/{video_id}/saved",
    ),
    "payments": (
        "POST /payments/stripe/events",
        "GET /users/me/plan",
        "PUT /users/me/plan",
        "POST /users/me/plan/checkout",
        "POST /users/me/plan/portal",
    ),
    "operators": (
        "GET /health/ready",
        "GET /metrics",
    ),
    "reads": (
        "GET /analyses",
        "GET /analyses/{analysis_id}",
        "GET /analyses/{analysis_id}/corrections",
        "GET /analyses/{analysis_id}/recognition",
        "GET /analyses/{analysis_id}/result",
        "GET /analyses/{analysis_id}/shares",
        "GET /analyses/{analysis_id}/wall",
        "GET /labels",
        "GET /trash",
        "GET /auth/sessions",
        "GET /auth/sign-up",
        "GET /calendar",
        "GET /climbers",
        "GET /climbers/{coached_id}/climbs",
        "GET /coached-comments",
        "GET /coaches",
        "GET /comparisons",
        "GET /comparisons/{comparison_id}",
        "GET /documents",
        "GET /erasures/{erasure_id}",
        "GET /operator/audit",
        "GET /operator/dead-jobs",
        "GET /operator/jobs",
        "GET /operator/jobs/{job_id}",
        "GET /operator/queue",
        "GET /operator/users",
        "GET /routes",
        "GET /removed-routes",
        "GET /routes/{route_id}",
        "GET /shared/analyses/{analysis_id}",
        "GET /shared/analyses/{analysis_id}/comments",
        "GET /shared/analyses/{analysis_id}/playback",
        "GET /shared/analyses/{analysis_id}/preview",
        "GET /shared/analyses/{analysis_id}/wall",
        "GET /shares",
        "GET /users/me",
        "GET /users/me/climber",
        "GET /users/me/consents",
        "GET /users/me/exports",
        "GET /users/me/exports/{export_id}/link",
        "GET /users/me/factors",
        "GET /videos/{video_id}",
        "GET /videos/{video_id}/preview",
    ),
    "writes": (
        "POST /analyses",
        "DELETE /analyses/{analysis_id}",
        "PUT /analyses/{analysis_id}/sends",
        "POST /analyses/{analysis_id}/cancel",
        "DELETE /analyses/{analysis_id}/corrections",
        "DELETE /analyses/{analysis_id}/corrections/{correction_id}",
        "POST /analyses/{analysis_id}/derivation/cancel",
        "POST /analyses/{analysis_id}/derivation/retry",
        "POST /analyses/{analysis_id}/recognition",
        "PUT /analyses/{analysis_id}/recognition/answer",
        "POST /analyses/{analysis_id}/retry",
        "PUT /analyses/{analysis_id}/route",
        "PUT /analyses/{analysis_id}/tags",
        "DELETE /trash",
        "DELETE /trash/{analysis_id}",
        "POST /trash/{analysis_id}/restore",
        "DELETE /analyses/{analysis_id}/shares",
        "POST /auth/keep",
        "POST /auth/login/code",
        "POST /auth/logout",
        "POST /auth/logout-everywhere",
        "POST /auth/passkey",
        "POST /auth/passkey-options",
        "POST /auth/password/letters",
        "POST /auth/refresh",
        "DELETE /auth/sessions/{session_id}",
        "POST /auth/verification/letters",
        "POST /climbers",
        "DELETE /climbers/{coached_id}",
        "POST /coach-invitations/read",
        "POST /coaches",
        "DELETE /coaches/{coach_id}",
        "POST /comparisons",
        "DELETE /comparisons/{comparison_id}",
        "POST /guardians/agree",
        "POST /guardians/read",
        "POST /guardians/withdraw",
        "POST /operator/dead-jobs/retry",
        "POST /operator/jobs/{job_id}/cancel",
        "POST /operator/jobs/{job_id}/retry",
        "PATCH /operator/users/{user_id}",
        "DELETE /operator/users/{user_id}/codes",
        "DELETE /operator/users/{user_id}/sessions",
        "PUT /routes/{route_id}",
        "DELETE /routes/{route_id}",
        "POST /removed-routes/{route_id}/restore",
        "DELETE /removed-routes/{route_id}",
        "PUT /routes/{route_id}/climbs/{analysis_id}",
        "POST /routes/{route_id}/tries",
        "DELETE /routes/{route_id}/tries/{tries_id}",
        "PUT /shared/analyses/{analysis_id}/preview",
        "PUT /videos/{video_id}/preview",
        "POST /shared/analyses/{analysis_id}/comments",
        "DELETE /shared/analyses/{analysis_id}/comments/{comment_id}",
        "PUT /shared/analyses/{analysis_id}/comments/{comment_id}",
        "POST /shared/analyses/{analysis_id}/comments/{comment_id}/restore",
        "DELETE /shares/{share_id}",
        "POST /shares/{share_id}/copy",
        "PUT /users/me/climber",
        "DELETE /users/me/consents",
        "POST /users/me/consents",
        "POST /users/me/guardian/letters",
        "PUT /users/me/language",
        "PUT /users/me/reading",
        "PUT /users/me/letters",
        "POST /users/me/passkeys",
        "POST /users/me/presence",
        "POST /users/me/presence-options",
        "POST /users/me/totp/confirm",
        "DELETE /videos/{video_id}",
        "POST /ws-tickets",
    ),
}
"""Every route of the API: a new one is placed by somebody who knows what it costs."""

LANE_OF = lanes(OverloadSettings())


def _described() -> set[str]:
    document = json.loads((tree.ROOT / "web" / "openapi.json").read_text())
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in document["paths"].items()
        for method in operations
    }


def _lane(method: str, path: str) -> str | None:
    """Of a route with ids in the place of their names."""
    prefix = "" if path.startswith(("/health", "/metrics")) else "/api/v1"
    found = LANE_OF(method, prefix + re.sub(r"{\w+}", "00000000-0000-4000-8000-000000000000", path))
    return None if found is None else found.name


def test_every_route_is_placed_and_none_that_is_gone() -> None:
    placed = [route for routes in ROUTES.values() for route in routes]
    assert sorted(placed) == sorted(_described() - {"GET /health"})


@pytest.mark.parametrize("lane", ROUTES)
def test_each_waits_with_its_like(lane: str) -> None:
    elsewhere = {route: found for route in ROUTES[lane] if (found := _lane(*route.split())) != lane}
    assert elsewhere == {}


def test_the_table_names_only_what_there_is() -> None:
    named = {place for places in PLACES.values() for place in places}
    assert named <= {re.sub(r"{\w+}", "{id}", route) for route in _described()}


def test_health_waits_behind_nothing_a_head_as_its_read_and_pages_apart() -> None:
    assert _lane("GET", "/health") is None
    assert _lane("HEAD", "/progress") == "computed"
    assert _lane("OPTIONS", "/auth/login") == "reads"
    assert _lane("GET", "/users/me/exports") == "reads"  # asked every few seconds while one is made
    page = LANE_OF("GET", "/assets/index.js")
    assert page is not None
    assert page.name == "files"


@pytest.mark.parametrize("path", ["/auth/login/", "/auth/login\n", "/auth/login/code/x", "/videos/1/2/parts"])
def test_only_the_whole_path_counts(path: str) -> None:
    assert _lane("POST", path) == "writes"
