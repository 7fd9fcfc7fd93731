"""Which requests wait behind which: what costs much never takes the room of what costs little."""

import pytest

from ascension.infra.settings import OverloadSettings
from ascension.operations.lanes import lanes

ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/api/v1/shares/open", "passwords"),
        ("POST", f"/api/v1/analyses/{ID}/shares", "passwords"),
        ("GET", f"/api/v1/analyses/{ID}/shares", "reads"),
        ("DELETE", f"/api/v1/analyses/{ID}/shares", "writes"),
        ("GET", f"/api/v1/shared/analyses/{ID}/result", "computed"),
        ("GET", f"/api/v1/shared/analyses/{ID}/coaching", "computed"),
        ("GET", f"/api/v1/shared/analyses/{ID}", "reads"),
    ],
)
def test_what_guests_ask_for_waits_with_its_like(method: str, path: str, name: str) -> None:
    lane = lanes(OverloadSettings())(method, path)
    assert lane is not None
    assert lane.name == name
